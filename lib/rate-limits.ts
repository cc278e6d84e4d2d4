import { idProblem } from '#contract/ids.ts';
import { type RateLimits, rateLimits } from '#contract/rate-limits.ts';
import { DEFAULT_RATE_LIMIT, type RateLimit } from '#core/rate.ts';

export interface RateLimitProps extends Partial<RateLimit> {
  /** Limits of single partitions, by id. @default - all have the same limits */
  readonly partitions?: Readonly<Record<string, RateLimit>>;
}

const ALL = '*';

/** Returns the limits with their defaults. Throws for values outside the allowed ranges. */
export function allRateLimits(props: RateLimitProps): RateLimits {
  for (const partition of Object.keys(props.partitions ?? {})) {
    const problem = partition === ALL ? undefined : idProblem('partition', partition);
    if (problem !== undefined) throw new Error(`rateLimits: ${problem}`);
  }
  const parsed = rateLimits.safeParse({ ...DEFAULT_RATE_LIMIT, partitions: {}, ...props });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `rateLimits.${issue?.path.join('.')}: ${issue?.message}; requestsPerSecond is 0.1 to 1,000, burst a whole number from 10 to 100,000`,
  );
}

/**
 * Parses `-c rateLimits=*@100/500,p1@10/50`: requests per second and burst, with `*` for all partitions not
 * listed.
 */
export function rateLimitsFromContext(entries: readonly string[]): RateLimitProps {
  const limits = entries.map((entry): [string, RateLimit] => {
    const [, partition, rate, burst] = /^(.+)@([\d.]+)\/(\d+)$/.exec(entry) ?? [];
    if (partition !== undefined)
      return [partition, { requestsPerSecond: Number(rate), burst: Number(burst) }];
    throw new Error(
      `rateLimits has '${entry}'; each entry is <partition>@<requests per second>/<burst>, such as -c 'rateLimits=*@100/500,p1@10/50'`,
    );
  });
  const general = limits.findLast(([partition]) => partition === ALL);
  const single = limits.filter(([partition]) => partition !== ALL);
  return { ...general?.[1], partitions: Object.fromEntries(single) };
}
