import type { Job } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { isFinal } from '../job-model.ts';
import type { StartSpec } from '../job-starts.ts';
import { isOf, type Rules } from './command.ts';
import { mayBeRefused } from './create.ts';

export interface Resubmit {
  readonly kind: 'resubmit';
  /** Id of the new job. */
  readonly id: string;
}

export const resubmit: Rules<Resubmit> = {
  call: ({ id }, { job }) => ({ operation: 'resubmitJob', job, body: { id } }),
  touches: ({ id }, { job }) => [job, id],
  allows: ({ id }, key, change) =>
    isOf({ ...key, job: id }, change) && change.before === undefined && change.after !== undefined,
  isCorrect({ id }, key, { status, code }, { states, changes }) {
    const sources = states(key).filter((job) => job !== undefined);
    const existingJobs = states({ ...key, job: id }).filter((job) => job !== undefined);
    const isOfSource = (other: string | undefined) =>
      sources.some(({ externalData }) => externalData === other);
    const [ownChange] = changes;
    if (code === 'invalid-request')
      return sources.some((job) => mayBeRefused(startOf(job), { ...key, job: id }, states));
    switch (status) {
      case 201:
        return ownChange !== undefined && isOfSource(ownChange.after?.externalData);
      case 204:
        return existingJobs.some(({ externalData }) => isOfSource(externalData));
      case 404:
        return states(key).includes(undefined);
      default:
        if (code === 'job-exists') return existingJobs.length > 0;
        return code === 'invalid-transition' && sources.some((job) => !isFinal(job));
    }
  },
};

/** Returns the start of the resubmitted job, which has the same prerequisites as the original. */
export function startOf({ prerequisites = [], onPrerequisiteFailure }: Job): StartSpec {
  return {
    prerequisiteJobIds: prerequisites.map(({ job }) => job),
    ...omitUndefined({ onPrerequisiteFailure }),
  };
}
