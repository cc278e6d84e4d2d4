import type { Expiry } from '#core/expiry-policy.ts';
import type { Job } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { areEqual } from '../../support/memory/values.ts';
import type { Chance } from '../chance.ts';
import { isFinal, LIVE } from '../job-model.ts';
import { drawExpiry } from '../job-starts.ts';
import { isOf, type Rules } from './command.ts';

export interface Edit {
  readonly kind: 'edit';
  /** JSON merge patch of the job. */
  readonly patch: {
    readonly name?: string | null;
    readonly hidden?: boolean;
    readonly priority?: number;
    readonly expiry?: Expiry | null;
    readonly labels?: Readonly<Record<string, string | null>>;
  };
}

export function drawEdit(chance: Chance): Edit {
  const patch = chance.pick<Edit['patch']>([
    { name: chance.pick(['early', 'late']) },
    { name: null },
    { hidden: chance.is(0.5) },
    { labels: { colour: chance.pick(['red', 'blue', null]) } },
    { labels: { kept: chance.pick(['yes', null]) }, name: 'both' },
    { priority: chance.below(10) },
    { expiry: chance.is(0.3) ? null : drawExpiry(chance) },
  ]);
  return { kind: 'edit', patch };
}

/** Fields that every edit changes, in addition to those in its patch. */
const STAMPS = ['version', 'lastUpdateTime', 'ttl'] as const;

export const edit: Rules<Edit> = {
  call: ({ patch }, { job }) => ({ operation: 'editJob', job, body: patch }),
  allows({ patch }, key, change) {
    const { before, after, entry } = change;
    if (!isOf(key, change) || before === undefined || after === undefined) return false;
    return entry?.verb === 'edit' && areEqual(withoutStamps(after), withoutStamps(withPatch(before, patch)));
  },
  isCorrect({ patch }, key, { status, code }, { states, changes }) {
    const jobs = states(key).filter((job) => job !== undefined);
    switch (status) {
      case 200:
        return changes.length === 1 || jobs.some((job) => areEqual(job, withPatch(job, patch)));
      case 404:
        return states(key).includes(undefined);
      default:
        return code === 'invalid-transition' && jobs.some((job) => mayBeRefused(patch, job));
    }
  },
};

function mayBeRefused({ priority, expiry }: Edit['patch'], job: Job): boolean {
  const changesLiveExpiry = Object.keys(expiry ?? {}).some((status) =>
    LIVE.some((liveStatus) => liveStatus.toLowerCase() === status),
  );
  return (priority !== undefined && hasStarted(job)) || (changesLiveExpiry && isFinal(job));
}

function hasStarted({ startTime, endTime }: Job): boolean {
  return startTime !== undefined || endTime !== undefined;
}

function withPatch(job: Job, { labels = {}, name, hidden, priority, expiry }: Edit['patch']): Job {
  const labelEntries = Object.entries({ ...job.labels, ...labels }).filter(([, value]) => value !== null);
  const members = {
    ...job,
    labels: Object.fromEntries(labelEntries) as Job['labels'],
    ...omitUndefined({ name, hidden, priority, expiry: expiry && { ...job.expiry, ...expiry } }),
  };
  const entries = Object.entries(members).filter(
    ([key, value]) => value !== null && !(key === 'hidden' && !value),
  );
  return Object.fromEntries(entries) as unknown as Job;
}

function withoutStamps(job: Job): Partial<Job> {
  return Object.fromEntries(Object.entries(job).filter(([name]) => !STAMPS.some((stamp) => stamp === name)));
}
