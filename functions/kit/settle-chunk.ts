import * as v from 'valibot';
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import { type ChunkMessage, chunkMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { Item, OutcomeRecord } from '#core/item.ts';
import { parseJson } from '#core/json/parse-json.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Objects, Random } from '#core/ports.ts';
import { withClaimCheck } from '../store/claim-check.ts';
import { chunkKey } from '../store/object-keys.ts';
import type { ChunkResult } from '../store/reports.ts';
import type { RetryNote } from '../store/retry-notes.ts';
import { failedRecord, type ItemAttempt } from './attempt.ts';
import { noteAfter, withEarlierAttempts } from './chunk-note.ts';
import type { LoadedChunk } from './load-chunk.ts';

/** Maximum number of times that a chunk sends itself again. Lambda stops a chain of about 16 invocations. */
export const MAX_CHUNK_HOPS = 12;

/** Delay of the first retry. It doubles with each further retry, up to the SQS maximum of 15 minutes. */
const RETRY_BASE_SECONDS = 2;
const MAX_DELAY_SECONDS = 900;

export type Settled =
  | ChunkResult
  /** Some items are sent again, in one message that also carries the final outcomes. */
  | {
      readonly kind: 'again';
      readonly chunk: ChunkMessage;
      readonly body: string;
      readonly delaySeconds: number;
      /** Note about the failed attempts, if there are new ones. */
      readonly note?: RetryNote;
    };

export interface SettlePorts {
  readonly objects: Objects;
  readonly random: Random;
  readonly now: number;
}

/** Returns the result of a chunk from the results of its items: final, forwarded or sent again. */
export async function settleChunk(
  ports: SettlePorts,
  loaded: LoadedChunk,
  results: readonly ItemAttempt[],
): Promise<Settled> {
  const { chunk, done, note: noteBefore } = loaded;
  const records = [...done];
  const open: Item[] = [];
  for (const one of results) {
    if (one.kind === 'final') records.push(withEarlierAttempts(one.record, noteBefore));
    else open.push(one.item);
  }
  if (open.length > 0 && chunk.hop < MAX_CHUNK_HOPS) {
    const delaySeconds = delayOf(
      results.flatMap((one) => (one.kind === 'retry' ? [one] : [])),
      ports.random,
    );
    const note = noteAfter(loaded, results, ports.now + delaySeconds * 1_000);
    const body = await messageFor(ports, chunk, open, records);
    return { kind: 'again', chunk, body, delaySeconds, ...omitUndefined({ note }) };
  }
  if (open.length > 0) {
    const slowRecords = results.flatMap((one) => tooSlowRecords(chunk, one, ports.now));
    records.push(...slowRecords.map((record) => withEarlierAttempts(record, noteBefore)));
  }
  return (await forwardToNextWorker(ports, chunk, records)) ?? { kind: 'final', chunk, records };
}

/** Returns the failed outcome of an item that is unfinished after the last allowed invocation. */
function tooSlowRecords(chunk: ChunkMessage, attempt: ItemAttempt, now: number): OutcomeRecord[] {
  if (attempt.kind === 'final') return [];
  const { item } = attempt;
  const last = attempt.kind === 'retry' ? `; the last error: ${attempt.reason}` : '';
  const reason = new PermanentFailure(
    'too-slow',
    `the chunk was not done after ${MAX_CHUNK_HOPS} invocations. Lower itemsPerTask, or raise the timeout of the worker${last}`,
  );
  return [failedRecord(chunk, item, reason, { attempts: item.tries ?? 0, now })];
}

/** Returns the chunk for the next worker of the pipeline, or `undefined` if no worker or no item is left. */
async function forwardToNextWorker(
  ports: SettlePorts,
  chunk: ChunkMessage,
  records: readonly OutcomeRecord[],
): Promise<ChunkResult | undefined> {
  const [worker, ...rest] = chunk.pipeline ?? [];
  if (worker === undefined) return undefined;
  const { takenOver = 0 } = chunk;
  const ownRecords = records.slice(takenOver);
  const survivors = ownRecords.filter(({ outcome }) => outcome === 'succeeded');
  if (survivors.length === 0) return undefined;
  const items = survivors.map(({ id, output, parts }) => ({
    id,
    payload: output,
    ...omitUndefined({ parts }),
  }));
  const dropped = [
    ...records.slice(0, takenOver),
    ...ownRecords.filter(({ outcome }) => outcome !== 'succeeded'),
  ];
  const { pipeline: _pipeline, ...otherFields } = chunk;
  const ran = { ...chunk.ran, [chunk.worker]: chunk.hop + 1 };
  const next = {
    ...otherFields,
    worker,
    ...(rest.length === 0 ? {} : { pipeline: rest }),
    ran,
    hop: (ran[worker] ?? 0) - 1,
  };
  const body = await messageFor(ports, next, items, dropped);
  return { kind: 'forward', chunk, next: v.parse(chunkMessage, parseJson(body)) };
}

/** Returns the chunk with other items. Its objects get new keys, because a concurrent duplicate may write other items. */
async function messageFor(
  { objects, random }: SettlePorts,
  chunk: ChunkMessage,
  items: readonly Item[],
  done: readonly OutcomeRecord[],
): Promise<string> {
  const {
    range: _range,
    items: _items,
    itemsKey: _itemsKey,
    itemsCount: _itemsCount,
    done: _done,
    doneKey: _doneKey,
    doneCount: _doneCount,
    sources: _sources,
    earlier: _earlier,
    retryKey: _retryKey,
    ...otherFields
  } = chunk;
  const id = random.id();
  const keyOf = (ending: string) => chunkKey(chunk, chunk.path, chunk.index, `${id}.${ending}`);
  const message = {
    ...otherFields,
    v: MESSAGE_VERSION,
    items,
    ...(done.length === 0 ? {} : { done }),
    hop: chunk.hop + 1,
  };
  return withClaimCheck(objects, message, { done: keyOf('done.json'), items: keyOf('items.json') });
}

/** Returns the longest delay of the items. A longer Retry-After of a server is respected. */
function delayOf(retried: readonly (ItemAttempt & { kind: 'retry' })[], random: Random): number {
  if (retried.length === 0) return 0;
  const tries = Math.max(...retried.map(({ item }) => item.tries ?? 0));
  const requestedSeconds = Math.max(...retried.map(({ afterSeconds }) => Math.ceil(afterSeconds)));
  return Math.min(MAX_DELAY_SECONDS, Math.max(retryDelaySeconds(tries, random), requestedSeconds));
}

/** Returns an exponential delay with jitter (half to all of it), so that retries of a batch are spread out. */
function retryDelaySeconds(tries: number, random: Random): number {
  const longest = Math.min(MAX_DELAY_SECONDS, RETRY_BASE_SECONDS * 2 ** Math.max(0, tries - 1));
  return Math.ceil(longest * (0.5 + random.next() / 2));
}
