import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Job } from 'jobtree/client';
import { useCallback, useMemo } from 'react';
import { omitUndefined } from '#core/omit-undefined.ts';
import { useApi } from '../../data/api.ts';
import { useLiveOptions } from '../../data/live.tsx';
import { useQueryState } from '../../data/route.ts';
import { useClaims } from '../../session/session.tsx';
import { searchFilter } from './search-filter.ts';

const REFRESH_MILLIS = 3_000;
const COUNT_STALE_MILLIS = 30_000;
const PAGE_SIZE = 100;
export const DEFAULT_SORT = 'createTime:desc';

/** The search of the address: its text and its filter. */
export function useJobSearch() {
  const [query, change] = useQueryState();
  const { sub } = useClaims();
  // Other pages link to filters; the box shows both.
  const text = query.get('q') ?? query.get('filter') ?? '';
  const sort = query.get('sort') ?? DEFAULT_SORT;
  const search = useMemo(() => searchFilter(text, { now: Date.now(), me: sub }), [text, sub]);
  const setSearch = useCallback(
    (next: string, nextSort?: string) =>
      change({ q: next, filter: undefined, ...omitUndefined({ sort: nextSort }) }),
    [change],
  );
  const setSort = useCallback(
    (next: string) => change({ sort: next === DEFAULT_SORT ? undefined : next }),
    [change],
  );
  return {
    text,
    sort,
    setSearch,
    setSort,
    filter: 'filter' in search ? search.filter : undefined,
    problem: 'problem' in search ? search.problem : undefined,
  };
}

interface ListedJobs {
  readonly filter: string | undefined;
  readonly sort: string;
  readonly isEnabled: boolean;
}

export type JobList = ReturnType<typeof useJobList>;

export function useJobList({ filter, sort, isEnabled }: ListedJobs) {
  const api = useApi();
  const live = useLiveOptions(REFRESH_MILLIS);
  const list = useInfiniteQuery({
    queryKey: ['jobs', api.partitionId, filter, sort],
    queryFn: ({ pageParam, signal }) =>
      api.jobs({ filter, sort, pageSize: PAGE_SIZE }).page(pageParam, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: (previous) => previous,
    enabled: isEnabled,
    ...live,
    // Each page is requested again, so a long list is refreshed less often.
    refetchInterval: ({ state }) =>
      live.refetchInterval && live.refetchInterval * (state.data?.pages.length ?? 1),
  });
  const jobs: readonly Job[] = useMemo(
    () => list.data?.pages.flatMap(({ entries }) => entries) ?? [],
    [list.data],
  );
  return { jobs, list };
}

/**
 * Returns the number of jobs that match. A list that is loaded to its end needs no request; a longer one is
 * counted when `start` is called.
 */
export function useJobCount(filter: string | undefined, { jobs, list }: JobList) {
  const api = useApi();
  const count = useQuery({
    queryKey: ['job-count', api.partitionId, filter],
    queryFn: ({ signal }) => api.countJobs({ filter, signal }),
    staleTime: COUNT_STALE_MILLIS,
    enabled: false,
  });
  const isWhole = list.isSuccess && !list.hasNextPage;
  return {
    total: isWhole ? jobs.length : count.data,
    atLeast: list.isSuccess ? jobs.length : undefined,
    isCounting: count.isFetching,
    isFailed: count.isError,
    start: () => void count.refetch(),
  };
}
