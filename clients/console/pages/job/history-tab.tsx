import { useInfiniteQuery } from '@tanstack/react-query';
import type { HistoryEntry, Job, JobHandle } from 'jobtree/client';
import { useMemo } from 'react';
import { Button } from '../../parts/button.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { StatusChip } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import { jobKey } from './use-job.ts';

/** Every change of the job: time, actor, from and to, reason. */
export function HistoryTab({ job, handle }: { job: Job; handle: JobHandle }) {
  const list = useInfiniteQuery({
    queryKey: jobKey(handle, 'history', job.version),
    queryFn: ({ pageParam, signal }) => handle.history().page(pageParam, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: (previous) => previous,
  });
  const entries = useMemo(() => list.data?.pages.flatMap((page) => page.entries) ?? [], [list.data]);
  if (list.isError) return <ErrorBox error={list.error} onRetry={() => list.refetch()} />;
  if (list.isPending) return <Skeleton lines={3} height="row" />;
  return (
    <section className="panel">
      <ol className="history">
        {entries.map((entry) => (
          <HistoryRow key={entry.version} entry={entry} />
        ))}
      </ol>
      {list.hasNextPage ? (
        <Button
          kind="quiet"
          icon="down"
          isBusy={list.isFetchingNextPage}
          onClick={() => list.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </section>
  );
}

function HistoryRow({ entry: { verb, actor, time, to, reason } }: { entry: HistoryEntry }) {
  return (
    <li>
      <span className="history-what">
        <strong>{verb}</strong>
        {to === undefined ? null : <StatusChip status={to} />}
      </span>
      <span className="history-who">
        {actor} · <Time at={time} both />
      </span>
      {reason === undefined ? null : <span className="history-why">{reason}</span>}
    </li>
  );
}
