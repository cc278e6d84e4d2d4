import type { Queue } from 'jobtree/client';
import { Link } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { usePartition } from '../../data/route.ts';
import { formatCount, formatDuration } from '../../parts/format.ts';

const PURPOSES: Readonly<Record<string, string>> = {
  split: 'batches to split',
  reports: 'reports of workers',
  results: 'results of the service',
  unroutable: 'messages that no handler accepts',
  undispatched: 'changes without follow-up',
};

export function QueueTable({ queues }: { queues: readonly Queue[] }) {
  return (
    <table className="queues" aria-label="Queues">
      <thead>
        <tr>
          <th scope="col">Queue</th>
          <th scope="col">Waiting</th>
          <th scope="col">In flight</th>
          <th scope="col">Delayed</th>
          <th scope="col">Oldest</th>
          <th scope="col">Dead letters</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <tr key={queue.name}>
            <th scope="row">
              <QueueName queue={queue} />
            </th>
            <td data-label="Waiting">{formatCount(queue.waiting)}</td>
            <td data-label="In flight">{formatCount(queue.inFlight)}</td>
            <td data-label="Delayed">{formatCount(queue.delayed)}</td>
            <td data-label="Oldest">{oldestText(queue)}</td>
            <td data-label="Dead">
              {queue.deadLetters === undefined ? '–' : formatCount(queue.deadLetters)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** CloudWatch has no recent value of a queue that is not used, and none on an emulator. */
export function oldestText({ oldestSeconds }: Queue): string {
  return oldestSeconds === undefined ? '–' : formatDuration(oldestSeconds * 1000);
}

function QueueName({ queue: { name, worker } }: { queue: Queue }) {
  const partition = usePartition();
  if (worker === undefined) {
    return (
      <>
        {name} <span className="muted">{PURPOSES[name]}</span>
      </>
    );
  }
  return (
    <>
      <Link href={pagePath(partition, 'workers', worker)}>{worker}</Link>{' '}
      <span className="muted">worker</span>
    </>
  );
}
