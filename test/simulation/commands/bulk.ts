import type { Job, JobKey } from '#core/job.ts';
import type { Chance } from '../chance.ts';
import { statusAfter } from '../job-model.ts';
import type { JobState, Observation, Rules } from './command.ts';
import { mayRetry } from './retry.ts';

/** A query that selects jobs, with a predicate that matches the same jobs. */
interface Criterion {
  readonly query: Readonly<Record<string, string>>;
  readonly matches: (job: Job) => boolean;
}

const isShown = ({ hidden }: Job): boolean => hidden !== true;

const CRITERIA: readonly Criterion[] = [
  { query: {}, matches: isShown },
  { query: { includeHidden: 'true' }, matches: () => true },
  { query: { jobIdStartsWith: 'a' }, matches: (job) => isShown(job) && job.job.startsWith('a') },
  { query: { labelExist: 'kept,none' }, matches: (job) => isShown(job) && job.labels['kept'] !== undefined },
  {
    query: { filter: 'labels.colour==red' },
    matches: (job) => isShown(job) && job.labels['colour'] === 'red',
  },
  { query: { filter: 'status==Active' }, matches: (job) => isShown(job) && job.status === 'Active' },
  {
    query: { filter: 'status=in=(Completed,Failed,Paused)', includeHidden: 'true' },
    matches: ({ status }) => ['Completed', 'Failed', 'Paused'].includes(status),
  },
];

export interface Bulk {
  readonly kind: 'bulk';
  readonly verb: 'cancel' | 'delete' | 'pause' | 'resume' | 'retry';
  readonly criterion: Criterion;
  readonly isDry: boolean;
}

export function drawBulk(chance: Chance): Bulk {
  return {
    kind: 'bulk',
    verb: chance.pick(['cancel', 'delete', 'pause', 'pause', 'resume', 'retry', 'retry']),
    criterion: chance.pick(CRITERIA),
    isDry: chance.is(0.1),
  };
}

const COUNTS = {
  cancel: 'jobsCanceled',
  delete: 'jobsDeleted',
  pause: 'jobsPaused',
  resume: 'jobsResumed',
  retry: 'jobsRetried',
} as const;

export const bulk: Rules<Bulk> = {
  call: ({ verb, criterion, isDry }) => ({
    operation: `${verb}Jobs`,
    query: { ...criterion.query, ...(isDry ? { dryRun: 'true' } : {}) },
  }),
  touches: () => ['*'],
  allows({ verb, criterion, isDry }, { partition }, { key, before, after, entry }) {
    if (isDry || key.partition !== partition || before === undefined || !criterion.matches(before))
      return false;
    return verb === 'delete' ? after === undefined : entry?.verb === verb;
  },
  isCorrect(command, { partition }, { status, body }, observation) {
    const count = (body as Record<string, number> | undefined)?.[COUNTS[command.verb]];
    if (command.isDry) return status === 200 && isBetween(count, partition, command, observation);
    if (count !== observation.changes.length) return false;
    return status === 202 || (status === 200 && omittedJobs(command, partition, observation).length === 0);
  },
};

/** Returns the jobs that matched throughout the request but were not changed. */
export function omittedJobs(
  command: Bulk,
  partition: string,
  { jobs, states, isBeforeCall }: Observation,
): JobKey[] {
  // A retry skips jobs that ended after the request, according to the clocks that recorded the times.
  const isFromBefore = (job: JobState) => command.verb !== 'retry' || isBeforeCall(job?.endTime ?? 0);
  return jobs(partition).filter((key) =>
    states(key).every((job) => isSelected(command, job) && isFromBefore(job)),
  );
}

function isBetween(
  count: number | undefined,
  partition: string,
  command: Bulk,
  observation: Observation,
): boolean {
  const possibleKeys = observation
    .jobs(partition)
    .filter((key) => observation.states(key).some((job) => isSelected(command, job)));
  const certainKeys = omittedJobs(command, partition, observation);
  return count !== undefined && certainKeys.length <= count && count <= possibleKeys.length;
}

function isSelected({ verb, criterion }: Bulk, job: JobState): boolean {
  if (job === undefined || !criterion.matches(job)) return false;
  switch (verb) {
    case 'delete':
      return true;
    case 'retry':
      return mayRetry(job);
    default:
      return !['noop', 'refused'].includes(statusAfter(verb, job));
  }
}
