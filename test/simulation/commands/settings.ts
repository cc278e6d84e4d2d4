import type { Chance } from '../chance.ts';
import type { Rules } from './command.ts';

/** Settings of a partition that decide which jobs start. */
export interface Settings {
  readonly maxActiveJobs: number;
  readonly suspended: boolean;
}

export interface PutSettings extends Settings {
  readonly kind: 'settings';
}

export function drawSettings(chance: Chance, suspended: boolean): PutSettings {
  return { kind: 'settings', maxActiveJobs: chance.between(1, 3), suspended };
}

export const putSettings: Rules<PutSettings> = {
  call: ({ maxActiveJobs, suspended }) => ({ operation: 'putPartition', body: { maxActiveJobs, suspended } }),
  touches: () => ['*'],
  allows: () => false,
  isCorrect({ maxActiveJobs, suspended }, { partition }, { status, body }, { settings }) {
    const isRequested = (settings: Settings) =>
      settings.maxActiveJobs === maxActiveJobs && settings.suspended === suspended;
    return status === 200 && isRequested(body as Settings) && settings(partition).some(isRequested);
  },
};
