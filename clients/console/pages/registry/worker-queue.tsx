import type { Queue } from 'jobtree/client';
import { useQueues } from '../../data/queues.ts';
import { formatCount } from '../../parts/format.ts';
import { Facts, Panel } from '../../parts/page.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { oldestText } from '../health/queue-table.tsx';

/** The queue of a worker, for all partitions together. */
export function WorkerQueue({ worker }: { worker: string }) {
  const { data, error, refetch } = useQueues();
  const queue = queueOf(data, worker);
  return (
    <Panel title="Queue">
      {data === undefined ? (
        error === null ? (
          <Skeleton lines={2} />
        ) : (
          <ErrorBox error={error} onRetry={() => refetch()} />
        )
      ) : queue === undefined ? (
        <p className="muted">This deployment has no queue for the worker.</p>
      ) : (
        <Facts
          facts={{
            Waiting: formatCount(queue.waiting),
            'In flight': formatCount(queue.inFlight),
            Delayed: formatCount(queue.delayed),
            'Oldest message': oldestText(queue),
            'Dead letters': formatCount(queue.deadLetters ?? 0),
          }}
        />
      )}
    </Panel>
  );
}

export function queueOf(queues: readonly Queue[] | undefined, worker: string): Queue | undefined {
  return queues?.find((queue) => queue.worker === worker);
}
