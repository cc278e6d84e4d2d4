import type { Queue } from 'jobtree/client';
import { Link } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { usePartition } from '../../data/route.ts';
import { formatCount } from '../../parts/format.ts';

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
            <td data-label="Dead">
              {queue.deadLetters === undefined ? '–' : formatCount(queue.deadLetters)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
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
