/** Decides from the states of its prerequisites whether a job can start. Pure; the rows are read elsewhere. */
import type { Job } from './job.ts';
import type { JobStatus } from './job-status.ts';
import type { EndedStatus, Prerequisite, RootCause } from './prerequisites.ts';

/** State of a job id in the table. */
export type PrerequisiteState =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'deleted';
      readonly runNumber: number;
      /** The status at deletion. */
      readonly status: JobStatus;
      readonly time: number;
    }
  | { readonly kind: 'job'; readonly job: Job };

export type Judgement =
  | { readonly kind: 'met'; readonly at: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'failed'; readonly how: EndedStatus; readonly root: RootCause };

type Dependent = Pick<Job, 'createTime' | 'onPrerequisiteFailure'>;

export function judgePrerequisite(
  prerequisite: Prerequisite,
  standing: PrerequisiteState,
  dependent: Dependent,
): Judgement {
  if (prerequisite.metAt !== undefined) return { kind: 'met', at: prerequisite.metAt };
  const { job: id, preCreated = false, since } = prerequisite;
  if (standing.kind === 'missing' || (standing.kind === 'deleted' && standing.runNumber < since)) {
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

/** The combined state of all prerequisites of a job. */
export type Readiness =
  | {
      readonly kind: 'failed';
      readonly prerequisite: string;
      readonly how: EndedStatus;
      readonly root: RootCause;
    }
  | {
      readonly kind: 'waiting' | 'met';
      /** The prerequisites, with the time at which each was met. */
      readonly prerequisites: readonly Prerequisite[];
      /** When the last of them was met, or the job's creation time if it has none. */
      readonly at: number;
    };

export function readinessOf(
  dependent: Dependent & Pick<Job, 'prerequisites'>,
  standingOf: (job: string) => PrerequisiteState,
): Readiness {
  const { prerequisites = [], createTime } = dependent;
  const judgements = prerequisites.map((prerequisite) => ({
    prerequisite,
    judgement: judgePrerequisite(prerequisite, standingOf(prerequisite.job), dependent),
  }));
  for (const { prerequisite, judgement } of judgements) {
    if (judgement.kind !== 'failed') continue;
    const { how, root } = judgement;
    return { kind: 'failed', prerequisite: prerequisite.job, how, root };
  }
  const times = judgements.flatMap(({ judgement }) => (judgement.kind === 'met' ? [judgement.at] : []));
  return {
    kind: times.length === judgements.length ? 'met' : 'waiting',
    prerequisites: judgements.map(({ prerequisite, judgement }) =>
      judgement.kind === 'met' ? { ...prerequisite, metAt: judgement.at } : prerequisite,
    ),
    at: Math.max(createTime, ...times),
  };
}

/** Returns the ids of prerequisites that are not met yet. */
export function unmetPrerequisites({ prerequisites = [] }: Pick<Job, 'prerequisites'>): string[] {
  return prerequisites.filter(({ metAt }) => metAt === undefined).map(({ job }) => job);
}
