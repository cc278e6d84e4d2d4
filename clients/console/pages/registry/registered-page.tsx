import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { docsUrl, pagePath } from '../../addresses.ts';
import { usePageId, usePartition } from '../../data/route.ts';
import { Icon } from '../../parts/icons.tsx';
import { JsonView } from '../../parts/json-view.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import type { JsonSchema } from '../../parts/schema-rows.ts';
import { SchemaTable } from '../../parts/schema-table.tsx';
import { Empty, ErrorBox, Skeleton } from '../../parts/states.tsx';
import { WithCode } from '../../parts/with-code.tsx';
import { useCan } from '../../session/session.tsx';
import { docsPath } from './docs-links.ts';

export interface Shown {
  readonly description: string;
  /** Title of the schema: parameters or definition. */
  readonly title: string;
  readonly schema: JsonSchema;
  readonly example: object;
  readonly exampleTitle: string;
  /** Query of the page that creates a job; absent if no job can name it. */
  readonly newJob?: Readonly<Record<string, string>>;
}

interface RegisteredPageProps<Entry> {
  readonly kind: 'workers' | 'splitters';
  readonly query: UseQueryResult<Entry[]>;
  readonly show: (entry: Entry) => Shown;
  /** Content above the schema. */
  readonly children?: (entry: Entry) => ReactNode;
}

/** One worker or splitter: schema, docs and an example. */
export function RegisteredPage<Entry extends { readonly name: string }>({
  kind,
  query,
  show,
  children,
}: RegisteredPageProps<Entry>) {
  const name = usePageId();
  const partition = usePartition();
  const entry = query.data?.find((one) => one.name === name);
  if (query.data === undefined) {
    return (
      <Page title={name}>
        {query.isError ? (
          <ErrorBox error={query.error} onRetry={() => query.refetch()} />
        ) : (
          <Skeleton lines={3} height="block" />
        )}
      </Page>
    );
  }
  if (entry === undefined) {
    return (
      <Page title={name}>
        <Empty title={`'${name}' is not deployed`}>
          See <Link href={pagePath(partition, kind)}>all {kind}</Link>.
        </Empty>
      </Page>
    );
  }
  const { description, title, schema, example, exampleTitle, newJob } = show(entry);
  return (
    <Page
      title={name}
      actions={<Actions kind={kind} name={name} newJob={newJob} />}
      lead={<WithCode text={description} />}
    >
      {children?.(entry)}
      <Panel title={title}>
        <SchemaTable schema={schema} label={title} />
      </Panel>
      <Panel title={exampleTitle}>
        <JsonView value={example} label={exampleTitle} />
      </Panel>
    </Page>
  );
}

interface ActionsProps {
  readonly kind: 'workers' | 'splitters';
  readonly name: string;
  readonly newJob: Readonly<Record<string, string>> | undefined;
}

function Actions({ kind, name, newJob }: ActionsProps) {
  const partition = usePartition();
  const canCreate = useCan('operator');
  return (
    <>
      <a className="button" href={docsUrl(docsPath(kind, name))} target="_blank" rel="noreferrer">
        <Icon name="docs" />
        Docs
      </a>
      {newJob === undefined || !canCreate ? null : (
        <Link
          className="button button-primary"
          href={`${pagePath(partition, 'new-job')}?${new URLSearchParams(newJob)}`}
        >
          <Icon name="plus" />
          New job with it
        </Link>
      )}
    </>
  );
}
