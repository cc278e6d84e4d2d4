import { randomUUID } from 'node:crypto';
import type { ChunkMessage } from '#contract/messages.ts';
import { failureOf } from '#core/failure.ts';
import type { Item, OutcomeRecord, Part } from '#core/item.ts';
import { parseObjectKey } from '#core/object-address.ts';
import type { Objects, Queues } from '#core/ports.ts';
import type { ItemAttempt } from '../attempt.ts';
import type { Worker } from '../define-worker.ts';
import { RetryNotes } from '../retry-notes.ts';
import { runItems } from '../run-items.ts';
import {
  asJson,
  type GivenWorld,
  objectsOf,
  readingPortsOf,
  silentLog,
  systemTime,
  webOf,
} from './given-files.ts';

export interface RunWorkerOptions extends GivenWorld {
  /** The job's parameters, checked against the worker's schema. @default {} */
  readonly parameters?: unknown;
  /** Abort it to test a worker that runs out of time. @default never aborted */
  readonly signal?: AbortSignal;
}

/** A file that the worker stored with `putPart`. */
export interface StoredPart {
  readonly type: Part['type'];
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** The result of one attempt of one item. */
export type ItemResult =
  | {
      readonly kind: 'succeeded';
      readonly id: string;
      /** Absent if the worker returned nothing. An output above 4 KB becomes the part `output.json`. */
      readonly output?: unknown;
      readonly parts: readonly StoredPart[];
    }
  | { readonly kind: 'skipped'; readonly id: string }
  | {
      readonly kind: 'failed';
      readonly id: string;
      readonly code: string;
      readonly message: string;
      /** True if the service would retry the item. */
      readonly retryable: boolean;
    }
  /** The signal was aborted: the service would run the item again without counting an attempt. */
  | { readonly kind: 'unfinished'; readonly id: string };

/**
 * Runs a worker on items in a unit test, one attempt each, through the same code as in Lambda. Returns the result of
 * each item, in their order.
 *
 * @example
 * const [result] = await runWorker(shout, [{ id: '1', payload: 'hello' }], { parameters: { mark: '?' } });
 * expect(result).toMatchObject({ kind: 'succeeded', output: 'HELLO?' });
 */
export async function runWorker<P>(
  worker: Worker<P>,
  items: readonly Item[],
  options: RunWorkerOptions = {},
): Promise<ItemResult[]> {
  const { files = {}, partition = 'demo', job = 'unit-test', parameters = {} } = options;
  const { web = webOf(files), signal = new AbortController().signal } = options;
  const objects = await objectsOf(files, partition);
  const ports = {
    objects,
    web,
    clock: systemTime,
    random: { next: () => Math.random(), id: () => randomUUID() },
    log: silentLog,
    ...readingPortsOf(files, objects),
    queues: noQueues,
    notes: new RetryNotes(systemTime),
    activeGeneration: async () => 1,
  };
  const chunk = { ...CHUNK, partition, job, worker: worker.name, itemsPerTask: Math.max(1, items.length) };
  const runnable = { chunk: { chunk, items: asJson(items), done: [] }, parameters: asJson(parameters) };
  const runs = await runItems(worker, ports, { chunks: [runnable], signal });
  const results = runs.get(runnable)?.results ?? [];
  return Promise.all(results.map((one) => resultOf(one, objects)));
}

/** Allows one attempt more than the test runs, so that a retryable failure is not final. */
const CHUNK: Omit<ChunkMessage, 'partition' | 'job' | 'worker' | 'itemsPerTask'> = {
  v: 1,
  kind: 'chunk',
  runNumber: 1,
  path: '',
  index: 0,
  maxAttempts: 2,
  outcomes: 'all',
  hop: 0,
};

/** Progress reports are accepted and dropped. */
const noQueues: Queues = { send: async () => ({ failed: [] }), has: () => true };

async function resultOf(tried: ItemAttempt, objects: Objects): Promise<ItemResult> {
  if (tried.kind === 'unfinished') return { kind: 'unfinished', id: tried.item.id };
  if (tried.kind === 'retry') {
    const { item, error } = tried;
    const { code, failureMessage } = failureOf({ path: '' }, error, { now: systemTime.now(), attempts: 1 });
    return { kind: 'failed', id: item.id, code, message: failureMessage, retryable: true };
  }
  return finalResult(tried.record, objects);
}

async function finalResult(record: OutcomeRecord, objects: Objects): Promise<ItemResult> {
  const { id, outcome, failure, parts = [] } = record;
  if (failure !== undefined) {
    return { kind: 'failed', id, code: failure.code, message: failure.failureMessage, retryable: false };
  }
  if (outcome === 'skipped') return { kind: 'skipped', id };
  const stored = await Promise.all(parts.map((part) => storedPart(part, objects)));
  const output = 'output' in record ? { output: record.output } : {};
  return { kind: 'succeeded', id, ...output, parts: stored.flat() };
}

/** Returns the stored part, or none if the part is an input of the item. */
async function storedPart({ key = '', ...part }: Part, objects: Objects): Promise<StoredPart[]> {
  if (!key.startsWith('outputs/')) return [];
  const bytes = await objects.get({ key: parseObjectKey(key) });
  const { type, filename, mimeType } = part;
  return bytes === undefined ? [] : [{ type, filename, mimeType, bytes }];
}
