/** What a job waits for: other jobs of its partition, and how each of them stands. Pure; the reading is elsewhere. */
import type { Job } from './job.ts';
import type { JobStatus } from './job-status.ts';

export const PREREQUISITE_FAILURE_POLICIES = ['fail', 'ignore', 'wait'] as const;
/** What becomes of a job one of whose prerequisites did not complete. */
export type PrerequisiteFailurePolicy = (typeof PREREQUISITE_FAILURE_POLICIES)[number];

export interface Prerequisite {
  readonly job: string;
  /** Where there is no such job, it counts as done. */
  readonly preCreated?: true;
  /** Which creation of the id is meant at least: what was deleted before is nothing but an unused id. */
  readonly since: number;
  /** When it was done; kept, since the job may be deleted before the others are done. */
  readonly metAt?: number;
}

/** Why a job cannot start any more: the first of the chain that did not complete. */
export interface RootCause {
  readonly job: string;
  readonly status: EndedStatus;
}
type EndedStatus = Exclude<JobStatus, 'Waiting' | 'Active' | 'Paused' | 'Blocked' | 'Completed'> | 'Deleted';

/** How an id stands in the table. */
export type Standing =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'deleted';
      readonly generation: number;
      /** As it was deleted. */
      readonly status: JobStatus;
      readonly time: number;
    }
  | { readonly kind: 'job'; readonly job: Job };

export type Judgement =
  | { readonly kind: 'met'; readonly at: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'failed'; readonly how: EndedStatus; readonly root: RootCause };

type Dependent = Pick<Job, 'createTime' | 'onPrerequisiteFailure'>;

export function judge(prerequisite: Prerequisite, standing: Standing, dependent: Dependent): Judgement {
  if (prerequisite.metAt !== undefined) return { kind: 'met', at: prerequisite.metAt };
  const { job: id, preCreated = false, since } = prerequisite;
  if (standing.kind === 'missing' || (standing.kind === 'deleted' && standing.generation < since)) {
    return preCreated ? { kind: 'met', at: dependent.createTime } : { kind: 'open' };
  }
  if (standing.kind === 'deleted') {
    if (standing.status === 'Completed') return { kind: 'met', at: standing.time };
    return byPolicy(dependent, { at: standing.time, how: 'Deleted', root: { job: id, status: 'Deleted' } });
  }
  const { status, endTime = standing.job.lastUpdateTime, rootCause } = standing.job;
  switch (status) {
    case 'Completed':
      return { kind: 'met', at: endTime };
    case 'Failed':
    case 'Cancelled':
    case 'Expired':
      return byPolicy(dependent, { at: endTime, how: status, root: rootCause ?? { job: id, status } });
    default:
      return { kind: 'open' };
  }
}

function byPolicy(
  { onPrerequisiteFailure = 'fail' }: Dependent,
  { at, how, root }: { at: number; how: EndedStatus; root: RootCause },
): Judgement {
  switch (onPrerequisiteFailure) {
    case 'ignore':
      return { kind: 'met', at };
    case 'wait':
      return { kind: 'open' };
    case 'fail':
      return { kind: 'failed', how, root };
  }
}

/** What all prerequisites of a job say together. */
export type Readiness =
  | {
      readonly kind: 'failed';
      readonly prerequisite: string;
      readonly how: EndedStatus;
      readonly root: RootCause;
    }
  | {
      readonly kind: 'waiting' | 'met';
      /** With the time at which each was done. */
      readonly prerequisites: readonly Prerequisite[];
      /** When the last of them was done; the job's creation where it has none. */
      readonly at: number;
    };

export function readinessOf(
  dependent: Dependent & Pick<Job, 'prerequisites'>,
  standingOf: (job: string) => Standing,
): Readiness {
  const { prerequisites = [], createTime } = dependent;
  const judged = prerequisites.map((prerequisite) => ({
    prerequisite,
    judgement: judge(prerequisite, standingOf(prerequisite.job), dependent),
  }));
  for (const { prerequisite, judgement } of judged) {
    if (judgement.kind !== 'failed') continue;
    const { how, root } = judgement;
    return { kind: 'failed', prerequisite: prerequisite.job, how, root };
  }
  const times = judged.flatMap(({ judgement }) => (judgement.kind === 'met' ? [judgement.at] : []));
  return {
    kind: times.length === judged.length ? 'met' : 'waiting',
    prerequisites: judged.map(({ prerequisite, judgement }) =>
      judgement.kind === 'met' ? { ...prerequisite, metAt: judgement.at } : prerequisite,
    ),
    at: Math.max(createTime, ...times),
  };
}

/** Those that are still to come. */
export function waitingFor({ prerequisites = [] }: Pick<Job, 'prerequisites'>): string[] {
  return prerequisites.filter(({ metAt }) => metAt === undefined).map(({ job }) => job);
}
