import { useQuery, useQueryClient } from '@tanstack/react-query';
import { isFinal, type Job, type JobHandle } from 'jobtree/client';
import { useCallback, useMemo } from 'react';
import { useApi } from '../../data/api.ts';
import { useLiveOptions } from '../../data/live.tsx';
import { usePageId } from '../../data/route.ts';

const ACTIVE_MILLIS = 1_500;
/** Others can still retry or delete a final job. */
const FINAL_MILLIS = 15_000;

/** Returns a handle of the job of the address. */
export function useJobHandle(): JobHandle {
  const api = useApi();
  const id = usePageId();
  return useMemo(() => api.job(id), [api, id]);
}

/** All queries of a job start with this key. */
export function jobKey({ partition, id }: JobHandle, ...more: readonly unknown[]): readonly unknown[] {
  return ['job', partition, id, ...more];
}

/** Returns the view of the job, read again while it changes. */
export function useJob(handle: JobHandle) {
  const live = useLiveOptions(ACTIVE_MILLIS);
  return useQuery({
    queryKey: jobKey(handle),
    queryFn: ({ signal }) => handle.get({ signal }),
    ...live,
    refetchInterval: ({ state: { data } }) =>
      live.refetchInterval === false
        ? false
        : data !== undefined && isFinal(data.status)
          ? FINAL_MILLIS
          : live.refetchInterval,
  });
}

/** Returns the interval of details of a job: they change only while it is not final. */
export function useDetailOptions(job: Job, millis = 3_000) {
  return useLiveOptions(isFinal(job.status) ? false : millis);
}

/** Returns a function that reads the job and its details again, after an action. */
export function useJobRefresh(handle: JobHandle): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(
    () => queries.invalidateQueries({ queryKey: ['job', handle.partition, handle.id] }),
    [queries, handle],
  );
}
