/** Which queue gave a dead letter up, so that the reader believes it no more than the queue's own reader would. */
export type LetterOrigin =
  | { readonly queue: 'split' | 'results' | 'reports' }
  /** `worker` is absent where the platform does not tell which worker's queue it was. */
  | { readonly queue: 'worker'; readonly worker?: string };

export interface DeadLetterQueues {
  /** Names of the queues of dead letters. */
  readonly split: string;
  readonly results: string;
  readonly reports: string;
  /** Names of the workers' own queues, by worker. */
  readonly workers: Readonly<Record<string, string>>;
}

/** `deadFrom` is the name of the queue that SQS moved the letter from; AWS tells it, emulators may not. */
export function letterOrigin(
  { queue, deadFrom }: { readonly queue: string; readonly deadFrom?: string },
  queues: DeadLetterQueues,
): LetterOrigin {
  for (const own of ['split', 'results', 'reports'] as const)
    if (queue === queues[own]) return { queue: own };
  const [worker] = Object.entries(queues.workers).find(([, name]) => name === deadFrom) ?? [];
  return worker === undefined ? { queue: 'worker' } : { queue: 'worker', worker };
}
