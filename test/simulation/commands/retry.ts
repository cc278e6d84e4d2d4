import type { OutcomeRecord } from '#core/item.ts';
import type { Job } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Chance } from '../chance.ts';
import { statusAfter } from '../job-model.ts';
import type { JobSpec } from '../job-specs.ts';
import { isOf, type Observation, type Rules } from './command.ts';

export interface Retry {
  readonly kind: 'retry';
  readonly filter?: { readonly codes?: readonly string[]; readonly itemIds?: readonly string[] };
  /** Merged into the payload. `does` is the letter of the item. */
  readonly patch?: { readonly does: string };
  readonly restartDependents?: boolean;
}

export function drawRetry(chance: Chance, spec: JobSpec): Retry {
  const someIds = [...(spec.flow?.ids ?? spec.items?.keys() ?? [])].filter(() => chance.is(0.5)).slice(0, 20);
  const filter = chance.pick<Retry['filter']>([
    undefined,
    undefined,
    { codes: [chance.pick(['simulated', 'worker-error'])] },
    { codes: ['poison', 'undeliverable', 'too-slow'] },
    { itemIds: someIds.length === 0 ? ['absent'] : someIds },
    { itemIds: someIds.length === 0 ? ['absent'] : someIds, codes: ['simulated'] },
  ]);
  const does = chance.pick([undefined, undefined, 's', 's', 'k', 'f', 'x']);
  return {
    kind: 'retry',
    ...omitUndefined({ filter }),
    ...(does && { patch: { does } }),
    ...(filter === undefined && { restartDependents: true }),
  };
}

export const retry: Rules<Retry> = {
  call: ({ filter, patch, restartDependents }, { job }) => ({
    operation: 'retryJob',
    job,
    body: omitUndefined({ filter, patch, restartDependents }),
  }),
  allows: (_command, key, change) =>
    isOf(key, change) && ['retry', 'restart'].includes(change.entry?.verb ?? ''),
  isCorrect(command, key, { status, code, body }, observation) {
    const [ownChange] = observation.changes;
    const items = (body as { itemsRetried?: number } | undefined)?.itemsRetried;
    switch (status) {
      case 202:
        if (ownChange?.entry?.verb === 'restart')
          return items === 0 && command.filter === undefined && command.patch === undefined;
        return (
          ownChange?.before !== undefined &&
          [items, 'unknown'].includes(retriedItemCount(command, ownChange.before, observation))
        );
      case 404:
        return observation.states(key).includes(undefined);
      default:
        return (
          code === 'invalid-transition' &&
          observation.states(key).some((job) => mayBeRefused(command, job, observation))
        );
    }
  },
};

function mayBeRefused(command: Retry, job: Job | undefined, observation: Observation): boolean {
  if (job === undefined) return false;
  return !mayRetry(job) || [0, 'unknown'].includes(retriedItemCount(command, job, observation));
}

/** Returns true if a job can be retried with all of its failed items. */
export function mayRetry(job: Job): boolean {
  const { totals, plan } = job;
  if (statusAfter('retry', job) === 'refused' || totals === undefined) return false;
  return totals.failed > 0 && !(plan.outcomes === 'failures' && totals.skipped > 0);
}

/** Returns the number of items that the retry would process. */
function retriedItemCount({ filter }: Retry, job: Job, observation: Observation): number | 'unknown' {
  if (filter === undefined) return job.totals?.failed ?? 'unknown';
  const records = observation.outcomes(job);
  return records === undefined ? 'unknown' : records.filter((record) => isRetried(record, filter)).length;
}

/** Returns true if a retry with this filter includes the item. */
export function isRetried({ id, outcome, failure }: OutcomeRecord, filter: Retry['filter'] = {}): boolean {
  if (outcome !== 'failed' || filter.itemIds?.includes(id) === false) return false;
  return filter.codes?.includes(failure?.code ?? '') !== false;
}
