/** Plans the number of concurrent function runs that the queues of a job service may cause together. */
import type { Worker } from './worker.ts';

export interface ConcurrencyProps {
  readonly workers: ReadonlyMap<string, Worker>;
  /** Limit of each queue without its own limit. @default - an even share of the rest, at most 100 */
  readonly maxConcurrency?: number | undefined;
  /** @default 900 */
  readonly maxTotalConcurrency?: number | undefined;
  /** Concurrency reserved for the API, taken from the account's limit. @default 0 */
  readonly reservedApiConcurrency?: number | undefined;
}

export interface Concurrency {
  readonly maxConcurrency: number;
  /** Maximum number of concurrent runs of all event sources and the API's reservation. */
  readonly total: number;
}

/** Low, because dead letters are rare and often caused by a table that is already too slow. */
export const DEAD_LETTER_CONCURRENCY = 2;

/** An account may run 1,000 by default; 100 remain for the API, the stream and functions of others. */
const DEFAULT_TOTAL = 900;
const MAX_DEFAULT_SHARE = 100;
/** Lambda allows 2 to 1000 for one event source. */
const MIN_CONCURRENCY = 2;
const MAX_CONCURRENCY = 1_000;

/** Returns the limit of each queue without its own limit. Throws if the total exceeds the maximum. */
export function planConcurrency(props: ConcurrencyProps): Concurrency {
  const { maxTotalConcurrency: most = DEFAULT_TOTAL, reservedApiConcurrency: reserved = 0 } = props;
  const workersWithLimit = [...props.workers].flatMap(([name, { options }]) =>
    options.maxConcurrency === undefined ? [] : [{ name: `worker ${name}`, runs: options.maxConcurrency }],
  );
  checkNumbers(workersWithLimit, props);
  // The split, reports and results queues, besides the workers. Each of these queues has dead letters.
  const queues = props.workers.size + 3;
  const queuesWithoutLimit = queues - workersWithLimit.length;
  const deadLetters = queues * DEAD_LETTER_CONCURRENCY;
  const fixed = workersWithLimit.reduce((sum, { runs }) => sum + runs, 0) + deadLetters + reserved;
  const share = Math.floor((most - fixed) / queuesWithoutLimit);
  const maxConcurrency =
    props.maxConcurrency ?? Math.max(MIN_CONCURRENCY, Math.min(MAX_DEFAULT_SHARE, share));
  const total = fixed + queuesWithoutLimit * maxConcurrency;
  if (total <= most) return { maxConcurrency, total };
  const parts = [
    ...workersWithLimit.map(({ name, runs }) => `${name} ${runs}`),
    `${queuesWithoutLimit} other queues ${maxConcurrency} each`,
    `${queues} dead-letter queues ${DEAD_LETTER_CONCURRENCY} each`,
    ...(reserved > 0 ? [`reserved for the API ${reserved}`] : []),
  ];
  throw new Error(
    `the queues may cause ${total} concurrent runs (${parts.join(', ')}); maxTotalConcurrency is ${most}. ` +
      'Lower maxConcurrency of the workers or of the job service. If the account quota allows more than 1,000 runs, you can raise maxTotalConcurrency instead',
  );
}

function checkNumbers(
  workersWithLimit: readonly { name: string; runs: number }[],
  props: ConcurrencyProps,
): void {
  const limits = [
    ...workersWithLimit.map(({ name, runs }) => ({
      name: `maxConcurrency of ${name}`,
      value: runs,
      least: MIN_CONCURRENCY,
      most: MAX_CONCURRENCY,
    })),
    { name: 'maxConcurrency', value: props.maxConcurrency, least: MIN_CONCURRENCY, most: MAX_CONCURRENCY },
    { name: 'maxTotalConcurrency', value: props.maxTotalConcurrency, least: 1, most: 1_000_000 },
    { name: 'reservedApiConcurrency', value: props.reservedApiConcurrency, least: 1, most: 1_000_000 },
  ];
  for (const { name, value, least, most } of limits) {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) continue;
    throw new Error(`${name} is ${value}; a whole number from ${least} to ${most} is allowed`);
  }
}
