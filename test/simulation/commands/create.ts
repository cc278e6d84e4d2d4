import type { JobKey } from '#core/job.ts';
import { bodyOf, type JobSpec } from '../job-specs.ts';
import type { StartSpec } from '../job-starts.ts';
import { idsOf, isReached, mayEndOtherwise } from '../start-model.ts';
import { isOf, type Observation, type Rules } from './command.ts';

export interface Create {
  readonly kind: 'create';
  readonly spec: JobSpec;
}

export const create: Rules<Create> = {
  call: ({ spec }, { job }) => ({ operation: 'putJob', job, body: bodyOf(spec) }),
  allows: ({ spec }, key, change) =>
    isOf(key, change) && change.before === undefined && change.after?.externalData === spec.name,
  isCorrect({ spec }, key, { status, code }, { states, changes }) {
    const existingJobs = states(key).filter((job) => job !== undefined);
    if (code === 'invalid-request') return mayBeRefused(spec.start, key, states);
    switch (status) {
      case 201:
        return changes.length === 1;
      case 204:
        return existingJobs.some(({ externalData }) => externalData === spec.name);
      default:
        return code === 'job-exists' && existingJobs.some(({ externalData }) => externalData !== spec.name);
    }
  },
};

/** Returns true if a prerequisite did not complete, or if it waits for this job in turn. */
export function mayBeRefused(start: StartSpec, key: JobKey, statesOf: Observation['states']): boolean {
  const hasFailed = (id: string) =>
    mayEndOtherwise(statesOf({ ...key, job: id }), start.onPrerequisiteFailure);
  const prerequisiteIdsOf = (id: string) =>
    statesOf({ ...key, job: id }).flatMap((job) => job?.prerequisites?.map((other) => other.job) ?? []);
  return idsOf(start).some(hasFailed) || isReached(key.job, idsOf(start), prerequisiteIdsOf);
}
