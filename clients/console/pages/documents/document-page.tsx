import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { usePageId, usePartition, useQueryState } from '../../data/route.ts';
import type { JsonSchema } from '../../forms/json-schema.ts';
import { useApiSchema } from '../../forms/use-api-schema.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Page } from '../../parts/page.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useCan } from '../../session/session.tsx';
import { useDelete, useDocument, useScopes } from './document-data.ts';
import { DocumentEditor } from './document-editor.tsx';
import { DocumentOverview } from './document-overview.tsx';
import { bodyOf, type DocumentKind, type DocumentView, JOB_TYPES, TEMPLATES } from './kinds.ts';
import { saveAsFile } from './read-file.ts';
import { ScopeChip } from './scope-chip.tsx';
import { VersionsTab } from './versions-tab.tsx';

export function TemplatePage() {
  return <DocumentPage kind={TEMPLATES} />;
}

export function JobTypePage() {
  return <DocumentPage kind={JOB_TYPES} />;
}

const TABS = [
  { id: 'overview', label: 'Overview' },
  { id: 'versions', label: 'Versions' },
] as const;

function DocumentPage({ kind }: { kind: DocumentKind }) {
  const name = usePageId();
  const document = useDocument(kind, name);
  const canChange = useScopes().length > 0;
  const [query, setQuery] = useQueryState();
  const { schema, isPending } = useApiSchema(kind.schemaName);
  const isEditing = canChange && query.get('edit') !== null;
  const [restored, setRestored] = useState<DocumentView>();
  if (document.isError) {
    return (
      <Page title={name}>
        <ErrorBox error={document.error} onRetry={() => document.refetch()} />
      </Page>
    );
  }
  if (document.data === undefined || (isEditing && isPending)) {
    return (
      <Page title={name}>
        <Skeleton lines={3} height="block" />
      </Page>
    );
  }
  const { value } = document.data;
  if (isEditing) {
    return (
      <DocumentEditor
        kind={kind}
        name={name}
        body={bodyOf(restored ?? value, schema)}
        current={document.data}
        onClose={() => {
          setRestored(undefined);
          setQuery({ edit: undefined });
        }}
      />
    );
  }
  const tab = query.get('tab') === 'versions' ? 'versions' : 'overview';
  return (
    <Page
      title={name}
      lead={value.description || undefined}
      actions={
        <DocumentActions
          kind={kind}
          document={value}
          body={bodyOf(value, schema)}
          onEdit={() => setQuery({ edit: '1' })}
        />
      }
    >
      <Tabs
        label={kind.title}
        tabs={TABS}
        selected={tab}
        onSelect={(id) => setQuery({ tab: id === 'overview' ? undefined : id })}
      >
        {tab === 'overview' ? (
          <DocumentOverview document={value} body={bodyOf(value, schema)} />
        ) : (
          <VersionsTab
            kind={kind}
            document={value}
            onRestore={(version) => {
              setRestored(version);
              setQuery({ edit: '1' });
            }}
          />
        )}
      </Tabs>
    </Page>
  );
}

/** Returns the search for the jobs that were created from a document. */
function jobSearch({ jobQuery }: DocumentKind, name: string): string {
  return `${jobQuery}==${JSON.stringify(name)}`;
}

interface DocumentActionsProps {
  readonly kind: DocumentKind;
  readonly document: DocumentView;
  readonly body: JsonSchema;
  readonly onEdit: () => void;
}

function DocumentActions({ kind, document, body, onEdit }: DocumentActionsProps) {
  const { name, scope, deployed } = document;
  const partition = usePartition();
  const [, navigate] = useLocation();
  const scopes = useScopes();
  const [isDeleting, setDeleting] = useState(false);
  const canCreate = useCan('operator') && (!('enabled' in document) || document.enabled);
  const canDelete = !deployed && scopes.includes(scope);
  const isOwn = scope === 'partition' || (scopes.includes('global') && !deployed);
  return (
    <>
      <ScopeChip {...document} />
      <Link
        className="button"
        href={`${pagePath(partition, 'jobs')}?q=${encodeURIComponent(jobSearch(kind, name))}`}
      >
        <Icon name="jobs" />
        Jobs
      </Link>
      <Button icon="download" onClick={() => saveAsFile(name, body)}>
        Export
      </Button>
      {canDelete ? (
        <Button icon="trash" kind="danger" onClick={() => setDeleting(true)}>
          Delete
        </Button>
      ) : null}
      {scopes.length > 0 ? (
        <Button icon="edit" onClick={onEdit}>
          {isOwn ? 'Edit' : 'Change for this partition'}
        </Button>
      ) : null}
      {canCreate ? (
        <Button
          icon="plus"
          kind="primary"
          onClick={() =>
            navigate(`${pagePath(partition, 'new-job')}?${kind.jobQuery}=${encodeURIComponent(name)}`)
          }
        >
          New job
        </Button>
      ) : null}
      {isDeleting ? (
        <DeleteDialog kind={kind} document={document} onClose={() => setDeleting(false)} />
      ) : null}
    </>
  );
}

function DeleteDialog({
  kind,
  document,
  onClose,
}: Pick<DocumentActionsProps, 'kind' | 'document'> & { onClose: () => void }) {
  const { name, scope } = document;
  const partition = usePartition();
  const [, navigate] = useLocation();
  const toasts = useToasts();
  const remove = useDelete(kind);
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      action={`Delete the ${kind.noun}`}
      isDangerous
      isBusy={remove.isPending}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(
          { name, scope },
          {
            onSuccess: () => {
              toasts.say(`Deleted ${name}`);
              navigate(pagePath(partition, kind.path));
            },
            onError: toasts.fail,
          },
        )
      }
    >
      <p>
        {scope === 'global'
          ? 'It is removed for all partitions.'
          : `A global ${kind.noun} of this name applies again, if there is one.`}{' '}
        Jobs that use it continue.
      </p>
    </ConfirmDialog>
  );
}
