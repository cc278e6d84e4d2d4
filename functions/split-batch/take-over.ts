/** Finds the outcomes that a retry takes over from earlier runs, chunk by chunk (docs/explanation/decisions/0009-runs.md). */
import type { SplitMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import { type Item, itemsOfRange, type OutcomeRecord } from '#core/item.ts';
import { type Job, type JobRun, runNumbersOf, runOf } from '#core/job.ts';
import type { Objects, Table } from '#core/ports.ts';
import { RecordsById } from '#core/records-by-id.ts';
import { isRetried, mergePatch, RETRY_NO_ITEM, type Retry } from '#core/retry.ts';
import { isTakenByLaterVisits } from '#core/template/outcome.ts';
import { recordToKeep } from '#core/template/take-items.ts';
import { readRange } from '../store/blocks.ts';
import { definitionKey } from '../store/object-keys.ts';
import type { ChunkFinder } from '../store/recorded-chunks.ts';
import { readRetry } from '../store/retries.ts';
import { listVisits, readVisit } from '../store/visits.ts';
import type { NodeAddress } from './child-messages.ts';
import type { Draft } from './pack-children.ts';

export interface Takeover {
  readonly retry: Retry;
  /** This node in earlier runs, newest first. */
  readonly earlier: readonly NodeAddress[];
}

/** Returns `undefined` for the first run of a job, without a read. */
export async function takeoverOf(
  table: Table,
  message: SplitMessage,
  job: Job,
): Promise<Takeover | undefined> {
  const run = runOf(message);
  const [, ...earlier] = runNumbersOf(job);
  const retry = earlier.length === 0 ? undefined : await readRetry(table, run);
  if (retry === undefined) return undefined;
  const runs = earlier.map((runNumber) => ({ ...run, runNumber }));
  return { retry, earlier: await nodesBefore(table, message, runs) };
}

/** Stores the retry request for workers, which decide which items of a later step are retried. Returns its key. */
export async function putRetry(objects: Objects, run: JobRun, { retry }: Takeover): Promise<string> {
  const key = definitionKey(run, 'retry');
  await objects.put(key, JSON.stringify(retry), { contentType: 'application/json' });
  return key;
}

/** Returns the node in earlier runs: at the same path, or below the same visit of the same step. */
async function nodesBefore(
  table: Table,
  message: SplitMessage,
  runs: readonly JobRun[],
): Promise<NodeAddress[]> {
  const { path, step } = message;
  if (step === undefined) return runs.map((run) => ({ run, path }));
  const [node = '', ...below] = path.split('.');
  const visit = await readVisit(table, runOf(message), Number(node));
  const nodes: NodeAddress[] = [];
  for (const run of runs) {
    const visits = await listVisits(table, run);
    const same = visits.find((other) => other.step === step && other.ordinal === visit?.ordinal);
    if (same === undefined) continue;
    const isSettled = isTakenByLaterVisits(same.node, visits);
    nodes.push({ run, path: [same.node, ...below].join('.'), isSettled });
  }
  return nodes;
}

type ChunkDraft = Exclude<Draft & { readonly kind: 'chunk' }, { readonly sources: unknown }>;

/** `recorded`: no item of the chunk is retried. `open`: the draft goes to the worker. */
type ChunkTakeover =
  | { readonly kind: 'recorded'; readonly records: readonly OutcomeRecord[] }
  | { readonly kind: 'open'; readonly draft: ChunkDraft };

export interface TakeOverPorts {
  readonly objects: Objects;
  readonly finder: ChunkFinder;
}

interface ChunkAddress {
  readonly path: string;
  readonly index: number;
  readonly step: string | undefined;
  readonly plan: Job['plan'];
}

export async function takeOver(
  { objects, finder }: TakeOverPorts,
  { retry, earlier }: Takeover,
  address: ChunkAddress,
  draft: ChunkDraft,
): Promise<ChunkTakeover> {
  const items = 'range' in draft ? itemsOfRange(draft.range) : draft.items;
  for (const { run, path: before, isSettled } of earlier) {
    const recorded = await finder.find({ run, path: before }, address.index);
    const records = recorded && (await readRange(objects, recorded.range));
    if (records !== undefined) return divideItems(items, records, isSettled ? RETRY_NO_ITEM : retry, address);
  }
  // The job keeps only outcomes of failures, so a chunk without an object has succeeded.
  if (address.plan.outcomes === 'all') return { kind: 'open', draft };
  const { path } = address;
  const records = items.map(({ id }) => ({ id, path, outcome: 'succeeded' as const, attempts: 1 }));
  return { kind: 'recorded', records };
}

function divideItems(
  items: readonly Item[],
  records: readonly OutcomeRecord[],
  retry: Retry,
  address: ChunkAddress,
): ChunkTakeover {
  const { path, index, plan } = address;
  const byId = new RecordsById(records);
  const open: Item[] = [];
  const done: OutcomeRecord[] = [];
  let attempts = 0;
  for (const item of items) {
    const record = byId.take(item.id);
    if (record === undefined) throw changedSource(path, index);
    if (isRetried(record, retry.filter)) {
      attempts = Math.max(attempts, record.attempts);
      open.push({ ...withPatch(item, retry), tries: record.attempts });
    } else done.push(recordToKeep(record, address));
  }
  if (done.length + open.length !== records.length) throw changedSource(path, index);
  if (open.length === 0) return { kind: 'recorded', records: done };
  return {
    kind: 'open',
    draft: { kind: 'chunk', items: open, done, maxAttempts: plan.maxAttempts + attempts },
  };
}

function withPatch(item: Item, { patch }: Retry): Item {
  return patch === undefined ? item : { ...item, payload: mergePatch(item.payload, patch) };
}

function changedSource(path: string, index: number): PermanentFailure {
  const location = `batch ${path === '' ? 'root' : path}, chunk ${index}`;
  return new PermanentFailure(
    'source-changed',
    `${location} has different items than in the earlier run, because a source of the job was changed since. Resubmit the job.`,
  );
}
