/** Model of when a job may start, independent of the product code. */
import type { Job } from '#core/job.ts';
import type { PrerequisiteFailurePolicy } from '#core/prerequisites.ts';
import type { JobState } from './commands/command.ts';
import { isFinal, LIVE } from './job-model.ts';
import type { StartSpec } from './job-starts.ts';

/** States of a job since a given moment, oldest first. The first is the state at that moment. */
export type StateHistory = readonly { readonly job: JobState; readonly time: number }[];

interface Prerequisite {
  readonly id: string;
  /** True if a job that does not exist counts as met. */
  readonly isPreCreated: boolean;
}

export function idsOf(start: StartSpec): string[] {
  return prerequisitesOf(start).map(({ id }) => id);
}

export function prerequisitesOf({ prerequisiteJobIds: texts = [] }: StartSpec): Prerequisite[] {
  const ids = new Set(texts.map((text) => text.split(',')[0] ?? ''));
  return [...ids].map((id) => ({ id, isPreCreated: texts.includes(`${id},pc`) }));
}

/** True if the job uses a slot of its partition. */
export function holdsSlot(job: JobState): boolean {
  return job !== undefined && !isFinal(job) && !isBeforeStart(job);
}

export function isBeforeStart({ status, pausedFrom }: Pick<Job, 'status' | 'pausedFrom'>): boolean {
  return status === 'Waiting' || (status === 'Paused' && pausedFrom !== undefined);
}

/** Returns the sort key on the waitlist: highest priority first, then oldest. */
export function waitlistKey({ priority, createTime, job }: Job): string {
  return `${9 - priority}#${String(createTime).padStart(14, '0')}#${encodeURIComponent(job)}`;
}

/**
 * Returns the time at which a prerequisite was first met during `life`, from its own row. 0 means that the time is
 * unknown, `undefined` means never.
 */
export function firstMet(
  prerequisite: Prerequisite,
  history: StateHistory,
  policy: PrerequisiteFailurePolicy = 'fail',
) {
  const isMet = (job: JobState, position: number): boolean => {
    // An id whose job was deleted before this job was created counts as unused.
    if (job === undefined) return policy === 'ignore' || (position === 0 && prerequisite.isPreCreated);
    return job.status === 'Completed' || (isFinal(job) && policy === 'ignore');
  };
  const firstMetState = history.find(
    ({ job }, position) => isMet(job, position) && existedBefore(history, position, prerequisite),
  );
  return firstMetState && (firstMetState.job?.endTime ?? 0);
}

/** True if the id was used since. A job waits for an unused id under any policy. */
function existedBefore(history: StateHistory, position: number, { isPreCreated }: Prerequisite): boolean {
  return isPreCreated || history.slice(0, position + 1).some(({ job }) => job !== undefined);
}

type Verdict = 'met' | 'open' | 'failed' | 'unknown';

/** Returns the expected verdict on a prerequisite at rest. */
export function verdictAtRest(
  prerequisite: Prerequisite,
  history: StateHistory,
  policy: PrerequisiteFailurePolicy = 'fail',
): Verdict {
  const [first] = history;
  const last = history.at(-1)?.job;
  if (last?.status === 'Completed') return 'met';
  // The product may have recorded that it was met, or may have missed it.
  if (firstMet(prerequisite, history) !== undefined && history.length > 1) return 'unknown';
  if (last !== undefined && LIVE.includes(last.status)) return 'open';
  if (last === undefined && first?.job === undefined)
    return history.length > 1 ? 'unknown' : prerequisite.isPreCreated ? 'met' : 'open';
  return policy === 'ignore' ? 'met' : policy === 'wait' ? 'open' : 'failed';
}

/** True if a state of the prerequisite lets a job with this policy be refused or fail. */
export function mayEndOtherwise(
  states: readonly JobState[],
  policy: PrerequisiteFailurePolicy = 'fail',
): boolean {
  return (
    policy === 'fail' && states.some((job) => job !== undefined && isFinal(job) && job.status !== 'Completed')
  );
}

/** True if the goal is reachable from these ids. `ways` returns the prerequisites of an id. */
export function isReached(
  goal: string,
  from: readonly string[],
  prerequisiteIdsOf: (id: string) => readonly string[],
): boolean {
  const visitedIds = new Set<string>();
  for (const openIds = [...from]; openIds.length > 0; ) {
    const id = openIds.pop() ?? '';
    if (id === goal) return true;
    if (visitedIds.has(id)) continue;
    visitedIds.add(id);
    openIds.push(...prerequisiteIdsOf(id));
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
