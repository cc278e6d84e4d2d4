/** The queues of a stack that the API shows and sends to, from its environment. */
import * as z from 'zod';
import type { QueueDepth } from '#core/queue-desk.ts';
import type { DeskQueues } from './queue-desk.ts';
import { siblingOf } from './queue-url.ts';
import type { QueueUrls } from './queues.ts';

/** Value of the variable `queueNames`. `workers` has the order of the registry. */
const queueNames = z.object({
  reports: z.string(),
  unroutable: z.string(),
  undispatched: z.string(),
  workers: z.array(z.string()),
});

export interface StackQueuesInput {
  readonly names: string;
  readonly split: string;
  readonly results: string;
  /** Names of the workers, in the order of the registry. */
  readonly workers: readonly string[];
}

export function stackQueues({ names, split, results, workers }: StackQueuesInput): {
  readonly urls: QueueUrls;
  readonly desk: DeskQueues;
} {
  const { workers: workerQueues, ...others } = queueNames.parse(JSON.parse(names));
  const reports = siblingOf(split, others.reports);
  const unroutable = siblingOf(split, others.unroutable);
  const workerUrls = workers.map((worker, position) => {
    return [worker, siblingOf(split, workerQueues[position] ?? '')] as const;
  });
  const shown: [QueueDepth['queue'], string][] = [
    ['split', split],
    ...workerUrls.map(([worker, url]): [`worker:${string}`, string] => [`worker:${worker}`, url]),
    ['reports', reports],
    ['results', results],
    ['unroutable', unroutable],
    ['undispatched', siblingOf(split, others.undispatched)],
  ];
  return {
    urls: { split, results, reports, workers: Object.fromEntries(workerUrls) },
    desk: { urls: new Map(shown), unroutable },
  };
}
