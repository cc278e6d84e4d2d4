import { bodyOf, type JobSpec } from '../job-specs.ts';
import { isOf, type Rules } from './command.ts';

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
