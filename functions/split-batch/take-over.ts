/** What a retry takes over of the runs before it, chunk by chunk (docs/decisions/0009-runs.md). */
import { PermanentFailure } from '#core/errors.ts';
import { type Item, itemsOfRange, type OutcomeRecord } from '#core/item.ts';
import { generationsOf, type Job, type JobRun } from '#core/job.ts';
import type { Objects, Table } from '#core/ports.ts';
import { isRetried, mergePatch, type Retry } from '#core/retry.ts';
import { readOutcomes } from '../store/outcomes.ts';
import type { Finished } from '../store/reports.ts';
import { readRetry } from '../store/retries.ts';
import { childMessage, chunk, type Parent } from './child-messages.ts';
import type { Draft } from './pack-children.ts';

export interface Takeover {
  readonly retry: Retry;
  /** The runs before this one, the newest first. */
  readonly earlier: readonly JobRun[];
}

/** `undefined` for the first run of a job, at no cost. */
export async function takeoverOf(table: Table, run: JobRun, job: Job): Promise<Takeover | undefined> {
  const [, ...earlier] = generationsOf(job);
  const retry = earlier.length === 0 ? undefined : await readRetry(table, run);
  if (retry === undefined) return undefined;
  return { retry, earlier: earlier.map((generation) => ({ ...run, generation })) };
}

export type MadeChild =
  | ({ readonly kind: 'message' } & Awaited<ReturnType<typeof childMessage>>)
  | (Finished & { readonly kind: 'final' });

/** The message of a child; of a retry, what is recorded of a chunk in which nothing is done again. */
export async function makeChild(
  objects: Objects,
  parent: Parent & { readonly takeover?: Takeover | undefined },
  index: number,
  draft: Draft,
): Promise<MadeChild> {
  const { message, plan, takeover } = parent;
  if (takeover === undefined || draft.kind === 'batch')
    return { kind: 'message', ...(await childMessage(objects, parent, index, draft)) };
  const taken = await takeOver(objects, takeover, { path: message.path, index, plan }, draft);
  if (taken.kind === 'recorded')
    return { kind: 'final', chunk: chunk(parent, index, draft), records: taken.records };
  return { kind: 'message', ...(await childMessage(objects, parent, index, taken.draft)) };
}

type ChunkDraft = Draft & { readonly kind: 'chunk' };

/** `recorded`: nothing of the chunk is done again. `open`: what goes to the worker. */
type Taken =
  | { readonly kind: 'recorded'; readonly records: readonly OutcomeRecord[] }
  | { readonly kind: 'open'; readonly draft: ChunkDraft };

interface ChunkPlace {
  readonly path: string;
  readonly index: number;
  readonly plan: Job['plan'];
}

async function takeOver(
  objects: Objects,
  { retry, earlier }: Takeover,
  place: ChunkPlace,
  draft: ChunkDraft,
): Promise<Taken> {
  const items = 'range' in draft ? itemsOfRange(draft.range) : draft.items;
  for (const run of earlier) {
    const records = await readOutcomes(objects, { ...run, path: place.path, index: place.index });
    if (records !== undefined) return divided(items, records, retry, place);
  }
  // Objects of chunks without a failure may not be kept; otherwise nobody could be given this one.
  if (place.plan.outcomes === 'all') return { kind: 'open', draft };
  const { path } = place;
  const records = items.map(({ id }) => ({ id, path, outcome: 'succeeded' as const, attempts: 1 }));
  return { kind: 'recorded', records };
}

function divided(
  items: readonly Item[],
  records: readonly OutcomeRecord[],
  retry: Retry,
  { path, index, plan }: ChunkPlace,
): Taken {
  const byId = Map.groupBy(records, ({ id }) => id);
  const open: Item[] = [];
  const done: OutcomeRecord[] = [];
  let attempts = 0;
  for (const item of items) {
    // An id may stand in a chunk twice.
    const record = byId.get(item.id)?.shift();
    if (record === undefined) throw changedSource(path, index);
    if (isRetried(record, retry.filter)) {
      attempts = Math.max(attempts, record.attempts);
      open.push({ ...patched(item, retry), tries: record.attempts });
    } else done.push(record);
  }
  if (done.length + open.length !== records.length) throw changedSource(path, index);
  if (open.length === 0) return { kind: 'recorded', records };
  return {
    kind: 'open',
    draft: { kind: 'chunk', items: open, done, maxAttempts: plan.maxAttempts + attempts },
  };
}

function patched(item: Item, { patch }: Retry): Item {
  return patch === undefined ? item : { ...item, payload: mergePatch(item.payload, patch) };
}

function changedSource(path: string, index: number): PermanentFailure {
  const place = `batch ${path === '' ? 'root' : path}, chunk ${index}`;
  return new PermanentFailure(
    'source-changed',
    `${place} has other items than in the run before; a source of the job was changed since. Resubmit the job`,
  );
}
