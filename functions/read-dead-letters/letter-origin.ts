/** The queue that a dead letter comes from. The reader accepts only what the consumer of that queue would accept. */
export type LetterOrigin =
  | { readonly queue: 'split' | 'results' | 'reports' }
  /** `worker` is absent if the platform does not provide the source queue. */
  | { readonly queue: 'worker'; readonly worker?: string };

export interface DeadLetterQueues {
  /** Names of the dead-letter queues. */
  readonly split: string;
  readonly results: string;
  readonly reports: string;
  /** Names of the queues of workers, by worker. */
  readonly workers: Readonly<Record<string, string>>;
}

/** `deadFrom` is the name of the queue that SQS moved the letter from. AWS provides it, emulators may not. */
export function letterOrigin(
  { queue, deadFrom }: { readonly queue: string; readonly deadFrom?: string },
  queues: DeadLetterQueues,
): LetterOrigin {
  for (const name of ['split', 'results', 'reports'] as const)
    if (queue === queues[name]) return { queue: name };
  const [worker] = Object.entries(queues.workers).find(([, name]) => name === deadFrom) ?? [];
  return worker === undefined ? { queue: 'worker' } : { queue: 'worker', worker };
}
