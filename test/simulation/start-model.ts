/** When a job may start, written down a second time and apart from the product. */
import type { Job } from '#core/job.ts';
import type { PrerequisiteFailurePolicy } from '#core/prerequisites.ts';
import type { Standing } from './commands/command.ts';
import { isOver, LIVE } from './job-model.ts';
import type { StartSpec } from './job-starts.ts';

/** How a job stood since some moment, oldest first; the first is how it stood at that moment. */
export type Life = readonly { readonly job: Standing; readonly time: number }[];

interface Named {
  readonly id: string;
  /** Where there is no such job, it is done. */
  readonly isPreCreated: boolean;
}

export function idsOf(start: StartSpec): string[] {
  return namedBy(start).map(({ id }) => id);
}

export function namedBy({ prerequisiteJobIds: texts = [] }: StartSpec): Named[] {
  const ids = new Set(texts.map((text) => text.split(',')[0] ?? ''));
  return [...ids].map((id) => ({ id, isPreCreated: texts.includes(`${id},pc`) }));
}

/** Whether it takes one of the places of its partition. */
export function holdsPlace(job: Standing): boolean {
  return job !== undefined && !isOver(job) && !isBeforeStart(job);
}

export function isBeforeStart({ status, pausedFrom }: Pick<Job, 'status' | 'pausedFrom'>): boolean {
  return status === 'Waiting' || (status === 'Paused' && pausedFrom !== undefined);
}

/** Where it stands in the line of its partition: the highest priority first, then the oldest. */
export function placeInLine({ priority, createTime, job }: Job): string {
  return `${9 - priority}#${String(createTime).padStart(14, '0')}#${encodeURIComponent(job)}`;
}

/**
 * When a prerequisite was first done, as its own row noted that, for a job that lives as long as `life` tells; 0: nobody
 * knows, `undefined`: never.
 */
export function firstMet(named: Named, life: Life, policy: PrerequisiteFailurePolicy = 'fail') {
  const isMet = (job: Standing, position: number): boolean => {
    // Before the job was created, what was deleted is nothing but an unused id.
    if (job === undefined) return policy === 'ignore' || (position === 0 && named.isPreCreated);
    return job.status === 'Completed' || (isOver(job) && policy === 'ignore');
  };
  const met = life.find(({ job }, position) => isMet(job, position) && wasEver(life, position, named));
  return met && (met.job?.endTime ?? 0);
}

/** An id that was never used since is awaited, whatever the policy says. */
function wasEver(life: Life, position: number, { isPreCreated }: Named): boolean {
  return isPreCreated || life.slice(0, position + 1).some(({ job }) => job !== undefined);
}

type Judgement = 'met' | 'open' | 'failed' | 'unknown';

/** How the prerequisite must be seen when nothing moves any more. */
export function judgedAtRest(
  named: Named,
  life: Life,
  policy: PrerequisiteFailurePolicy = 'fail',
): Judgement {
  const [first] = life;
  const last = life.at(-1)?.job;
  if (last?.status === 'Completed') return 'met';
  // It may have been kept that it was done, and it may have gone unseen.
  if (firstMet(named, life) !== undefined && life.length > 1) return 'unknown';
  if (last !== undefined && LIVE.includes(last.status)) return 'open';
  if (last === undefined && first?.job === undefined)
    return life.length > 1 ? 'unknown' : named.isPreCreated ? 'met' : 'open';
  return policy === 'ignore' ? 'met' : policy === 'wait' ? 'open' : 'failed';
}

/** Whether a prerequisite stood so that a job with this policy is refused, or fails. */
export function mayEndOtherwise(
  standings: readonly Standing[],
  policy: PrerequisiteFailurePolicy = 'fail',
): boolean {
  return (
    policy === 'fail' &&
    standings.some((job) => job !== undefined && isOver(job) && job.status !== 'Completed')
  );
}

/** Whether one comes from these ids to that one; `ways` tells what each of them waits for. */
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

/** What the policy of its status does to the job, and when; of the times that schedules draw. */
export function expiryOf(
  job: Job,
): { readonly time: number; readonly operation: 'Expire' | 'Delete' } | undefined {
  const policy = job.expiry?.[job.status.toLowerCase() as Lowercase<Job['status']>];
  if (policy === undefined) return idleExpiryOf(job);
  const { expiryTime, operation = 'Expire' } = policy;
  const [, start, seconds] = /^(createTime|lastUpdateTime)\+PT(\d+)S$/.exec(expiryTime) ?? [];
  const begin = start === 'createTime' ? job.createTime : job.lastUpdateTime;
  const time = start === undefined ? Date.parse(expiryTime) : begin + 1_000 * Number(seconds);
  return { time, operation: isOver(job) ? 'Delete' : operation };
}

/** The earliest time at which a job without a policy expires; progress puts it off. */
function idleExpiryOf({ status, idleLimit, activeSince = 0 }: Job) {
  const seconds = /^PT(\d+)S$/.exec(idleLimit ?? '')?.[1];
  if (status !== 'Active' || seconds === undefined) return undefined;
  return { time: activeSince + 1_000 * Number(seconds), operation: 'Expire' as const };
}
