/** Model of when a job may start, independent of the product code. */
import type { Job } from '#core/job.ts';
import type { PrerequisiteFailurePolicy } from '#core/prerequisites.ts';
import type { Standing } from './commands/command.ts';
import { isFinal, LIVE } from './job-model.ts';
import type { StartSpec } from './job-starts.ts';

/** States of a job since a given moment, oldest first. The first is the state at that moment. */
export type Life = readonly { readonly job: Standing; readonly time: number }[];

interface Named {
  readonly id: string;
  /** True if a job that does not exist counts as met. */
  readonly isPreCreated: boolean;
}

export function idsOf(start: StartSpec): string[] {
  return namedBy(start).map(({ id }) => id);
}

export function namedBy({ prerequisiteJobIds: texts = [] }: StartSpec): Named[] {
  const ids = new Set(texts.map((text) => text.split(',')[0] ?? ''));
  return [...ids].map((id) => ({ id, isPreCreated: texts.includes(`${id},pc`) }));
}

/** True if the job uses a slot of its partition. */
export function holdsPlace(job: Standing): boolean {
  return job !== undefined && !isFinal(job) && !isBeforeStart(job);
}

export function isBeforeStart({ status, pausedFrom }: Pick<Job, 'status' | 'pausedFrom'>): boolean {
  return status === 'Waiting' || (status === 'Paused' && pausedFrom !== undefined);
}

/** Returns the sort key on the waitlist: highest priority first, then oldest. */
export function placeInLine({ priority, createTime, job }: Job): string {
  return `${9 - priority}#${String(createTime).padStart(14, '0')}#${encodeURIComponent(job)}`;
}

/**
 * Returns the time at which a prerequisite was first met during `life`, from its own row. 0 means that the time is
 * unknown, `undefined` means never.
 */
export function firstMet(named: Named, life: Life, policy: PrerequisiteFailurePolicy = 'fail') {
  const isMet = (job: Standing, position: number): boolean => {
    // An id whose job was deleted before this job was created counts as unused.
    if (job === undefined) return policy === 'ignore' || (position === 0 && named.isPreCreated);
    return job.status === 'Completed' || (isFinal(job) && policy === 'ignore');
  };
  const met = life.find(({ job }, position) => isMet(job, position) && wasEver(life, position, named));
  return met && (met.job?.endTime ?? 0);
}

/** True if the id was used since. A job waits for an unused id under any policy. */
function wasEver(life: Life, position: number, { isPreCreated }: Named): boolean {
  return isPreCreated || life.slice(0, position + 1).some(({ job }) => job !== undefined);
}

type Judgement = 'met' | 'open' | 'failed' | 'unknown';

/** Returns the expected verdict on a prerequisite at rest. */
export function judgedAtRest(
  named: Named,
  life: Life,
  policy: PrerequisiteFailurePolicy = 'fail',
): Judgement {
  const [first] = life;
  const last = life.at(-1)?.job;
  if (last?.status === 'Completed') return 'met';
  // The product may have recorded that it was met, or may have missed it.
  if (firstMet(named, life) !== undefined && life.length > 1) return 'unknown';
  if (last !== undefined && LIVE.includes(last.status)) return 'open';
  if (last === undefined && first?.job === undefined)
    return life.length > 1 ? 'unknown' : named.isPreCreated ? 'met' : 'open';
  return policy === 'ignore' ? 'met' : policy === 'wait' ? 'open' : 'failed';
}

/** True if a state of the prerequisite lets a job with this policy be refused or fail. */
export function mayEndOtherwise(
  standings: readonly Standing[],
  policy: PrerequisiteFailurePolicy = 'fail',
): boolean {
  return (
    policy === 'fail' &&
    standings.some((job) => job !== undefined && isFinal(job) && job.status !== 'Completed')
  );
}

/** True if the goal is reachable from these ids. `ways` returns the prerequisites of an id. */
export function isReached(
  goal: string,
  from: readonly string[],
  ways: (id: string) => readonly string[],
): boolean {
  const seen = new Set<string>();
  for (const open = [...from]; open.length > 0; ) {
    const id = open.pop() ?? '';
    if (id === goal) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...ways(id));
  }
  return false;
}

/** Returns the next expiry of the job. Supports only the expiry times that schedules draw. */
export function expiryOf(
  job: Job,
): { readonly time: number; readonly operation: 'Expire' | 'Delete' } | undefined {
  const policy = job.expiry?.[job.status.toLowerCase() as Lowercase<Job['status']>];
  if (policy === undefined) return idleExpiryOf(job);
  const { expiryTime, operation = 'Expire' } = policy;
  const [, start, seconds] = /^(createTime|lastUpdateTime)\+PT(\d+)S$/.exec(expiryTime) ?? [];
  const begin = start === 'createTime' ? job.createTime : job.lastUpdateTime;
  const time = start === undefined ? Date.parse(expiryTime) : begin + 1_000 * Number(seconds);
  return { time, operation: isFinal(job) ? 'Delete' : operation };
}

/** Returns the earliest expiry of a job without a policy. Progress postpones it. */
function idleExpiryOf({ status, idleLimit, activeSince = 0 }: Job) {
  const seconds = /^PT(\d+)S$/.exec(idleLimit ?? '')?.[1];
  if (status !== 'Active' || seconds === undefined) return undefined;
  return { time: activeSince + 1_000 * Number(seconds), operation: 'Expire' as const };
}
