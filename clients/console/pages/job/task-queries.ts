import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Job, JobHandle, Task } from 'jobtree/client';
import { useMemo } from 'react';
import { jobKey, useDetailOptions } from './use-job.ts';

const PAGE_SIZE = 100;

/** Returns one level of the tree, in pages. */
export function useTasks(job: Job, handle: JobHandle, parent: string) {
  const list = useInfiniteQuery({
    queryKey: jobKey(handle, 'tasks', parent),
    queryFn: ({ pageParam, signal }) =>
      handle.tasks({ parent: parent || undefined, pageSize: PAGE_SIZE }).page(pageParam, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: (previous) => previous,
    ...useDetailOptions(job),
  });
  const tasks: readonly Task[] = useMemo(
    () => list.data?.pages.flatMap(({ entries }) => entries) ?? [],
    [list.data],
  );
  return { tasks, list };
}

/** Requests that the search for retried work may send. */
const MAX_REQUESTS = 20;

export interface RetriedWork {
  readonly tasks: readonly Task[];
  readonly isComplete: boolean;
}

/** Searches the unfinished part of the tree, level by level, for work that is being retried; the longest first. */
async function findRetried(handle: JobHandle, signal: AbortSignal): Promise<RetriedWork> {
  const found: Task[] = [];
  const open: (string | undefined)[] = [undefined];
  let requests = 0;
  for (const parent of open) {
    let cursor: string | undefined;
    do {
      if (requests >= MAX_REQUESTS) return { tasks: byAge(found), isComplete: false };
      requests += 1;
      const { entries, next } = await handle.tasks({ parent, pageSize: 1_000 }).page(cursor, { signal });
      found.push(...entries.filter(({ state }) => state === 'retrying'));
      open.push(...entries.filter(isOpenNode).map(({ path }) => path));
      cursor = next;
    } while (cursor !== undefined);
  }
  return { tasks: byAge(found), isComplete: true };
}

function isOpenNode({ kind, state }: Task): boolean {
  return state !== 'complete' && (kind === 'step' || kind === 'batch');
}

function byAge(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((one, other) => (one.since ?? 0) - (other.since ?? 0));
}

export function useRetried(handle: JobHandle) {
  return useQuery({
    queryKey: jobKey(handle, 'retried'),
    queryFn: ({ signal }) => findRetried(handle, signal),
    staleTime: 10_000,
  });
}
