import { useInfiniteQuery } from '@tanstack/react-query';
import type { Job } from 'jobtree/client';
import { useLocation } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { useApi } from '../../data/api.ts';
import { useLiveOptions } from '../../data/live.tsx';
import { usePartition, useQueryState } from '../../data/route.ts';
import { Page } from '../../parts/page.tsx';
import { ErrorBox } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { JOB_COLUMNS } from './job-columns.tsx';
import { NoJobs } from './no-jobs.tsx';

const REFRESH_MILLIS = 3_000;
const DEFAULT_SORT = 'createTime:desc';

export function JobsPage() {
  const [query, change] = useQueryState();
  const filter = query.get('filter') ?? undefined;
  const sort = query.get('sort') ?? DEFAULT_SORT;
  const { jobs, list } = useJobs({ filter, sort });
  const [, navigate] = useLocation();
  const partition = usePartition();
  return (
    <Page title="Jobs" isFull>
      {list.error === null ? null : <ErrorBox error={list.error} onRetry={() => list.refetch()} />}
      {list.isSuccess && jobs.length === 0 ? (
        <NoJobs filter={filter} onClear={() => change({ filter: undefined })} />
      ) : (
        <Table
          label="Jobs"
          columns={JOB_COLUMNS}
          rows={jobs}
          rowKey={({ id }) => id}
          isLoading={list.isPending}
          sort={sort}
          onSort={(next) => change({ sort: next })}
          onOpen={({ id }) => navigate(pagePath(partition, 'jobs', id))}
          onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          rowHeight={48}
        />
      )}
    </Page>
  );
}

function useJobs({ filter, sort }: { filter: string | undefined; sort: string }) {
  const api = useApi();
  const live = useLiveOptions(REFRESH_MILLIS);
  const list = useInfiniteQuery({
    queryKey: ['jobs', api.partitionId, filter, sort],
    queryFn: ({ pageParam, signal }) => api.jobs({ filter, sort, pageSize: 100 }).page(pageParam, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: (previous) => previous,
    ...live,
  });
  const jobs: readonly Job[] = list.data?.pages.flatMap(({ entries }) => entries) ?? [];
  return { jobs, list };
}
