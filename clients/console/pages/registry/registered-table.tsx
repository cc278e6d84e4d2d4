import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useLocation } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { usePartition } from '../../data/route.ts';
import { Empty, ErrorBox } from '../../parts/states.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useWidth } from '../../parts/use-width.ts';
import { WithCode } from '../../parts/with-code.tsx';

interface Registered {
  readonly name: string;
  readonly description: string;
}

interface RegisteredTableProps<Entry extends Registered> {
  readonly kind: 'workers' | 'splitters';
  readonly query: UseQueryResult<Entry[]>;
  /** Columns after name and description. */
  readonly more?: readonly Column<Entry>[];
}

const LABELS = { workers: 'Workers', splitters: 'Splitters' } as const;
const COMMANDS = {
  workers: 'npx jobtree init worker my-worker',
  splitters: 'npx jobtree init splitter my-splitter',
};
const NONE: readonly never[] = [];

/** Deployed workers or splitters; each opens its page. */
export function RegisteredTable<Entry extends Registered>({
  kind,
  query,
  more = NONE,
}: RegisteredTableProps<Entry>) {
  const partition = usePartition();
  const [, navigate] = useLocation();
  const columns = useMemo(() => [...baseColumns<Entry>(kind), ...more], [kind, more]);
  const { data = NONE, error, isPending, isSuccess, refetch } = query;
  if (isSuccess && data.length === 0)
    return (
      <Empty title={`No ${kind} are deployed`} command={COMMANDS[kind]}>
        This command creates the files of one, with a test and the lines for the stack:
      </Empty>
    );
  if (error !== null && isPending === false && data.length === 0)
    return <ErrorBox error={error} onRetry={() => refetch()} />;
  return (
    <Table
      label={LABELS[kind]}
      columns={columns}
      rows={data}
      rowKey={({ name }) => name}
      isLoading={isPending}
      onOpen={({ name }) => navigate(pagePath(partition, kind, name))}
      rowHeight={52}
    />
  );
}

function baseColumns<Entry extends Registered>(kind: 'workers' | 'splitters'): Column<Entry>[] {
  return [
    {
      id: 'name',
      label: 'Name',
      width: 'minmax(0, 1fr)',
      render: (entry) => <NameCell kind={kind} {...entry} />,
    },
    {
      id: 'description',
      label: 'Description',
      width: 'minmax(0, 3fr)',
      from: 'medium',
      render: ({ description }) => (
        <span className="registered-text">
          <WithCode text={description} />
        </span>
      ),
    },
  ];
}

function NameCell({ kind, name, description }: Registered & { kind: 'workers' | 'splitters' }) {
  const partition = usePartition();
  const width = useWidth();
  return (
    <span className="registered-name">
      <Link href={pagePath(partition, kind, name)}>{name}</Link>
      {width === 'narrow' ? (
        <span className="muted truncate">
          <WithCode text={description} />
        </span>
      ) : null}
    </span>
  );
}
