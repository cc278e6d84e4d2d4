import type { ChunkMessage } from '#contract/messages.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { failureOf } from '#core/failure.ts';
import { type Item, MAX_INLINE_OUTPUT_BYTES, type OutcomeRecord, type Part } from '#core/item.ts';
import type { Clock, Log, Objects, Random, Web } from '#core/ports.ts';
import { byteLength } from '#core/send.ts';
import { chunkName, encodeId, objectPrefix } from '../../functions/store/keys.ts';
import { fetchPart, openPart } from '../../functions/store/parts.ts';
import { readableObjects } from '../../functions/store/readable-objects.ts';
import type { Worker, WorkerContext } from './define-worker.ts';

export interface RunItemPorts {
  readonly objects: Objects;
  readonly web: Web;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly bucket: string;
}

/** What one try of an item came to. `unfinished`: the invocation's time was up first; it costs no attempt. */
export type Tried =
  | { readonly kind: 'final'; readonly record: OutcomeRecord }
  | { readonly kind: 'retry'; readonly item: Item; readonly afterSeconds: number }
  | { readonly kind: 'unfinished'; readonly item: Item };

export interface ItemTask {
  readonly chunk: ChunkMessage;
  readonly item: Item;
  readonly position: number;
  readonly parameters: unknown;
  readonly signal: AbortSignal;
  readonly progress: WorkerContext<unknown>['progress'];
}

export async function runItem<P>(worker: Worker<P>, ports: RunItemPorts, task: ItemTask): Promise<Tried> {
  const { chunk, item, signal } = task;
  const attempts = (item.tries ?? 0) + 1;
  const parts: Part[] = [...(item.parts ?? [])];
  let skipped = false;
  try {
    if (item.problem !== undefined) throw new PermanentFailure('bad-record', item.problem);
    const context = contextOf<P>(ports, task, attempts, parts, () => {
      skipped = true;
    });
    const answer = await worker.run(item, context);
    const output = await inlineOutput(answer, context);
    const record = {
      id: item.id,
      path: chunk.path,
      attempts,
      ...output,
      ...(parts.length === 0 ? {} : { parts }),
    };
    return { kind: 'final', record: { ...record, outcome: skipped ? 'skipped' : 'succeeded' } };
  } catch (error) {
    if (signal.aborted) return { kind: 'unfinished', item };
    const isPermanent = error instanceof PermanentFailure;
    if (!isPermanent && attempts < chunk.maxAttempts) {
      const afterSeconds = error instanceof RetryableFailure ? error.retryAfterSeconds : 0;
      return { kind: 'retry', item: { ...item, tries: attempts }, afterSeconds };
    }
    if (!isPermanent && !(error instanceof RetryableFailure)) {
      ports.log.warn('item failed', { partition: chunk.partition, job: chunk.job, error: String(error) });
    }
    return { kind: 'final', record: failedRecord(chunk, item, error, { attempts, now: ports.clock.now() }) };
  }
}

export function failedRecord(
  chunk: ChunkMessage,
  item: Item,
  error: unknown,
  options: { attempts: number; now: number },
): OutcomeRecord {
  const failure = failureOf({ path: chunk.path, index: chunk.index, item: item.id }, error, options);
  return { id: item.id, path: chunk.path, outcome: 'failed', attempts: options.attempts, failure };
}

function contextOf<P>(
  ports: RunItemPorts,
  { chunk, position, parameters, signal, progress }: ItemTask,
  attempts: number,
  parts: Part[],
  skip: () => void,
): WorkerContext<P> {
  // A try has a folder of its own: a slow twin cannot overwrite the files of the one that was recorded.
  const folder = `${objectPrefix('outputs', chunk)}${chunkName(chunk.path, chunk.index)}/${attempts}-${ports.random.id()}`;
  const objects = readableObjects(ports.objects, chunk.partition, ports.bucket);
  const partPorts = { objects, web: ports.web, clock: ports.clock, signal };
  return {
    partition: chunk.partition,
    job: chunk.job,
    parameters: parameters as P,
    attempt: attempts,
    position,
    signal,
    log: ports.log,
    objects,
    web: ports.web,
    progress,
    skip,
    fetchPart: (part, options) => fetchPart(partPorts, part, options),
    openPart: (part) => openPart(partPorts, part),
    async putPart({ filename, mimeType, body, type = 'BASE_PART' }) {
      const key = `${folder}/${parts.length}-${encodeId(filename).slice(-200)}`;
      const sizeBytes = await putBody(ports.objects, key, body, { contentType: mimeType });
      const part: Part = { type, filename, mimeType, key, sizeBytes };
      parts.push(part);
      return part;
    },
  };
}

/** How many bytes it was. */
async function putBody(
  objects: Objects,
  key: string,
  body: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: { contentType: string },
): Promise<number> {
  if (typeof body !== 'string' && !(body instanceof Uint8Array))
    return (await objects.putStream(key, body, options)).sizeBytes;
  await objects.put(key, body, options);
  return typeof body === 'string' ? byteLength(body) : body.length;
}

/** The answer within the outcome, or as a file beside it where it is too large. */
async function inlineOutput(answer: unknown, context: WorkerContext<unknown>): Promise<{ output?: unknown }> {
  if (answer === undefined) return {};
  let text: string | undefined;
  try {
    text = JSON.stringify(answer);
  } catch (error) {
    throw new PermanentFailure('invalid-output', `the worker's answer is no JSON: ${String(error)}`);
  }
  if (text === undefined)
    throw new PermanentFailure('invalid-output', "the worker's answer is no JSON value");
  if (byteLength(text) <= MAX_INLINE_OUTPUT_BYTES) return { output: JSON.parse(text) };
  await context.putPart({ filename: 'output.json', mimeType: 'application/json', body: text });
  return {};
}
