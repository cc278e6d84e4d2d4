import type { Job } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { isOver } from '../job-model.ts';
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
  isTrue({ id }, key, { status, code }, { standings, changes }) {
    const sources = standings(key).filter((job) => job !== undefined);
    const taken = standings({ ...key, job: id }).filter((job) => job !== undefined);
    const isSame = (other: string | undefined) => sources.some(({ externalData }) => externalData === other);
    const [own] = changes;
    if (code === 'invalid-request')
      return sources.some((job) => mayBeRefused(startOf(job), { ...key, job: id }, standings));
    switch (status) {
      case 201:
        return own !== undefined && isSame(own.after?.externalData);
      case 204:
        return taken.some(({ externalData }) => isSame(externalData));
      case 404:
        return standings(key).includes(undefined);
      default:
        if (code === 'job-exists') return taken.length > 0;
        return code === 'invalid-transition' && sources.some((job) => !isOver(job));
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
