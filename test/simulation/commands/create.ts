import type { JobKey } from '#core/job.ts';
import { bodyOf, type JobSpec } from '../job-specs.ts';
import type { StartSpec } from '../job-starts.ts';
import { idsOf, isReached, mayEndOtherwise } from '../start-model.ts';
import { isOf, type Rules, type Seen } from './command.ts';

export interface Create {
  readonly kind: 'create';
  readonly spec: JobSpec;
}

export const create: Rules<Create> = {
  call: ({ spec }, { job }) => ({ operation: 'putJob', job, body: bodyOf(spec) }),
  allows: ({ spec }, key, change) =>
    isOf(key, change) && change.before === undefined && change.after?.externalData === spec.name,
  isTrue({ spec }, key, { status, code }, { standings, changes }) {
    const others = standings(key).filter((job) => job !== undefined);
    if (code === 'invalid-request') return mayBeRefused(spec.start, key, standings);
    switch (status) {
      case 201:
        return changes.length === 1;
      case 204:
        return others.some(({ externalData }) => externalData === spec.name);
      default:
        return code === 'job-exists' && others.some(({ externalData }) => externalData !== spec.name);
    }
  },
};

/** Returns true if a prerequisite did not complete, or if it waits for this job in turn. */
export function mayBeRefused(start: StartSpec, key: JobKey, standings: Seen['standings']): boolean {
  const isLost = (id: string) => mayEndOtherwise(standings({ ...key, job: id }), start.onPrerequisiteFailure);
  const ways = (id: string) =>
    standings({ ...key, job: id }).flatMap((job) => job?.prerequisites?.map((other) => other.job) ?? []);
  return idsOf(start).some(isLost) || isReached(key.job, idsOf(start), ways);
}
