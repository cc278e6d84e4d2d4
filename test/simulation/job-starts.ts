/** Draws when a job of a schedule may start and how long it may exist. */
import type { Expiry, ExpiryPolicy } from '#core/expiry-policy.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { PrerequisiteFailurePolicy } from '#core/prerequisites.ts';
import { BEGIN } from './begin.ts';
import type { Chance } from './chance.ts';

/** Fields of the body that creates a job. */
export interface StartSpec {
  readonly prerequisiteJobIds?: readonly string[];
  readonly onPrerequisiteFailure?: PrerequisiteFailurePolicy;
  /** Seconds. */
  readonly delay?: number;
  /** Milliseconds since 1970. */
  readonly notBefore?: number;
  readonly priority?: number;
  readonly expiry?: Expiry;
}

/** Draws the start of a job. `ids` are the jobs it may wait for. */
export function drawStart(chance: Chance, ids: readonly string[]): StartSpec {
  const policy = chance.pick(['fail', 'fail', 'ignore', 'wait', undefined] as const);
  const count = ids.length === 0 ? 0 : chance.pick([0, 0, 1, 1, 2]);
  const prerequisites = Array.from(
    { length: count },
    () => `${chance.pick(ids)}${chance.is(0.25) ? ',pc' : ''}`,
  );
  return {
    ...(count > 0 && { prerequisiteJobIds: prerequisites }),
    ...(count > 0 && policy !== undefined && { onPrerequisiteFailure: policy }),
    // If the delay exceeds the maximum delay of a message, the sweeper starts the job.
    ...(chance.is(0.2) && { delay: chance.pick([1, 20, 1_200]) }),
    ...(chance.is(0.1) && { notBefore: BEGIN + chance.below(chance.pick([5_000, 60_000, 1_200_000])) }),
    ...(chance.is(0.4) && { priority: chance.below(10) }),
    ...(chance.is(0.25) && { expiry: drawExpiry(chance) }),
  };
}

const LIVE = ['waiting', 'active', 'paused'] as const;
const FINAL = ['completed', 'failed', 'cancelled', 'expired'] as const;

export function drawExpiry(chance: Chance): Expiry {
  const expiry = chance.is(0.75)
    ? { [chance.pick(LIVE)]: { ...drawPolicy(chance), ...drawOperation(chance) } }
    : { [chance.pick(FINAL)]: drawPolicy(chance) };
  return expiry as Expiry;
}

function drawPolicy(chance: Chance): ExpiryPolicy {
  const seconds = chance.below(chance.pick([5, 60, 600]));
  const instant = new Date(BEGIN + 1_000 * seconds).toISOString();
  const expiryTime = chance.pick([instant, `createTime+PT${seconds}S`, `lastUpdateTime+PT${seconds}S`]);
  return { expiryTime };
}

function drawOperation(chance: Chance): Pick<ExpiryPolicy, 'operation'> {
  const operation = chance.pick(['Expire', 'Delete', undefined] as const);
  return omitUndefined({ operation });
}
