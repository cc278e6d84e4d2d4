import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { usePartition } from '../../data/route.ts';
import { ErrorBox } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { JOB_COLUMNS, selectionColumn } from './job-columns.tsx';
import { NoJobs } from './no-jobs.tsx';
import type { JobList, useJobSearch } from './use-job-search.ts';
import type { Selection } from './use-selection.ts';

interface JobTableProps {
  readonly search: ReturnType<typeof useJobSearch>;
  readonly listed: JobList;
  readonly bulk: Selection;
  readonly canAct: boolean;
}

export function JobTable({ search, listed, bulk, canAct }: JobTableProps) {
  const { filter, sort, setSearch, setSort } = search;
  const { jobs, list } = listed;
  const [, navigate] = useLocation();
  const partition = usePartition();
  const { selected, select } = bulk;
  const columns = useMemo(() => {
    const ids = jobs.map(({ id }) => id);
    return canAct ? [selectionColumn(ids, selected, select), ...JOB_COLUMNS] : JOB_COLUMNS;
  }, [canAct, jobs, selected, select]);
  if (list.isSuccess && jobs.length === 0) return <NoJobs filter={filter} onClear={() => setSearch('')} />;
  return (
    <>
      {list.error === null ? null : <ErrorBox error={list.error} onRetry={() => list.refetch()} />}
      <Table
        label="Jobs"
        columns={columns}
        rows={jobs}
        rowKey={({ id }) => id}
        isLoading={list.isFetching && jobs.length === 0}
        sort={sort}
        onSort={setSort}
        onOpen={({ id }) => navigate(pagePath(partition, 'jobs', id))}
        {...(canAct && { onSelect: ({ id }: { id: string }) => select([id], !selected.has(id)) })}
        selectedKeys={selected}
        onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
        rowHeight={52}
      />
    </>
  );
}
