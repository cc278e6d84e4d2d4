import type { ChunkMessage } from '#contract/messages.ts';
import { classifyFailure } from '#core/classify-failure.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { failureOf } from '#core/failure.ts';
import type { Item, OutcomeRecord, Part } from '#core/item.ts';
import { inputOf } from '#core/item-input.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Clock, Log, Objects, Random, Web } from '#core/ports.ts';
import { fetchPart, openPart } from '../sources/parts.ts';
import { type ReadingPorts, readableObjects } from '../sources/readable-objects.ts';
import { outputFolder, outputKey, payloadKey } from '../store/object-keys.ts';
import type { JobContext, WorkerContext } from './define-worker.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { indexFieldsOf, itemForWorker, noPartsNote, partsAfterStep } from './step-item.ts';
import { inlineOutput, putBody } from './worker-output.ts';

export interface RunItemPorts extends ReadingPorts {
  readonly objects: Objects;
  readonly web: Web;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The result of one attempt of an item. `unfinished`: the time of the invocation was up. That costs no attempt. */
export type ItemAttempt =
  | { readonly kind: 'final'; readonly record: OutcomeRecord }
  | {
      readonly kind: 'retry';
      readonly item: Item;
      readonly afterSeconds: number;
      readonly error: unknown;
      readonly reason: string;
      /** Time at which the attempt failed. */
      readonly at: number;
    }
  | { readonly kind: 'unfinished'; readonly item: Item };

export interface ItemTask {
  readonly chunk: ChunkMessage;
  /** Number of the first run of the job. */
  readonly generation: number;
  readonly item: Item;
  /** Reason why the worker does not receive the item. */
  readonly itemFailure?: unknown;
  readonly position: number;
  readonly parameters: unknown;
  readonly signal: AbortSignal;
  readonly progress: WorkerContext<unknown>['progress'];
}

/** One attempt of an item. */
export interface Attempt<P> {
  /** The item that the worker receives. */
  readonly item: Item;
  readonly context: WorkerContext<P>;
  /** Returns the result of the attempt. `work` returns the output of the worker, or throws. */
  settle(work: () => unknown): Promise<ItemAttempt>;
}

export function attemptOf<P>(ports: RunItemPorts, task: ItemTask): Attempt<P> {
  const attempts = (task.item.tries ?? 0) + 1;
  const newParts: Part[] = [];
  const marks: ItemMarks = { skipped: false, exitCode: undefined };
  const markMethods = {
    skip: () => {
      marks.skipped = true;
    },
    exitCode: (code: string) => {
      marks.exitCode = checkedCode(code);
    },
  };
  const context = contextOf<P>(ports, task, { attempts, newParts, markMethods });
  return {
    item: itemForWorker(task.item, task.chunk.step),
    context,
    async settle(work) {
      try {
        if (task.item.problem !== undefined) throw new PermanentFailure('bad-record', task.item.problem);
        if (task.itemFailure !== undefined) throw task.itemFailure;
        const answer = await work();
        const record = await recordOf(ports, task, { answer, context, newParts, marks });
        return { kind: 'final', record };
      } catch (error) {
        return withWholePayload(ports, task, failedTry(ports, task, error));
      }
    },
  };
}

/** Marks that the worker set on the item, besides its output. */
interface ItemMarks {
  skipped: boolean;
  exitCode: string | undefined;
}

interface WorkerResult {
  readonly answer: unknown;
  readonly context: WorkerContext<unknown>;
  readonly newParts: readonly Part[];
  readonly marks: ItemMarks;
}

async function recordOf(
  { clock }: RunItemPorts,
  { chunk, item }: ItemTask,
  { answer, context, newParts, marks: { skipped, exitCode } }: WorkerResult,
): Promise<OutcomeRecord> {
  const rules = chunk.step;
  const inputParts = partsAfterStep(item, newParts, skipped ? undefined : rules);
  const output = await inlineOutput(answer, context);
  // `inlineOutput` may have stored a large output as a part.
  const parts = [...inputParts, ...newParts.slice(inputParts.length - (item.parts?.length ?? 0))];
  return {
    id: item.id,
    path: chunk.path,
    attempts: context.attempt,
    at: clock.now(),
    ...output,
    ...(parts.length === 0 ? {} : { parts }),
    ...indexFieldsOf(item, rules),
    ...noteOf(item, rules),
    ...(rules === undefined || 'output' in output ? inputMember(item) : payloadAfter(answer, item)),
    ...(rules === undefined || exitCode === undefined ? {} : { exitCode }),
    outcome: skipped ? 'skipped' : 'succeeded',
  };
}

/** Returns the notes of all steps about the item, without repetition. */
function noteOf(item: Item, rules: ChunkMessage['step']): Pick<OutcomeRecord, 'note'> {
  const notes = [item.note, noPartsNote(item, rules)].filter((note) => note !== undefined);
  return notes.length === 0 ? {} : { note: [...new Set(notes)].join('; ') };
}

function failedTry(ports: RunItemPorts, { chunk, item, signal }: ItemTask, error: unknown): ItemAttempt {
  if (signal.aborted) return { kind: 'unfinished', item };
  const attempts = (item.tries ?? 0) + 1;
  const at = ports.clock.now();
  const { kind, message: reason } = classifyFailure(error);
  if (kind !== 'permanent' && attempts < chunk.maxAttempts) {
    const afterSeconds = error instanceof RetryableFailure ? error.retryAfterSeconds : 0;
    return { kind: 'retry', item: { ...item, tries: attempts }, afterSeconds, error, reason, at };
  }
  if (kind === 'unknown') {
    ports.log.warn('item failed', { partition: chunk.partition, job: chunk.job, error: String(error) });
  }
  return { kind: 'final', record: failedRecord(chunk, item, error, { attempts, now: at }) };
}

/** Stores a payload that is too large for the outcome of its failed item, so that users can download it. */
async function withWholePayload(
  { objects, random }: RunItemPorts,
  { chunk, item }: ItemTask,
  attempt: ItemAttempt,
): Promise<ItemAttempt> {
  if (attempt.kind !== 'final' || attempt.record.input?.isExcerpt !== true) return attempt;
  const { record } = attempt;
  const folder = outputFolder(chunk, chunk.path, chunk.index, `${record.attempts}-${random.id()}`);
  const key = payloadKey(folder);
  await objects.put(key, JSON.stringify(item.payload), { contentType: 'application/json' });
  return { kind: 'final', record: { ...record, input: { ...attempt.record.input, key } } };
}

export function failedRecord(
  chunk: ChunkMessage,
  item: Item,
  error: unknown,
  options: { attempts: number; now: number },
): OutcomeRecord {
  const { path, index } = chunk;
  const failure = failureOf({ step: chunk.step?.name, path, index, item: item.id }, error, options);
  const record = {
    id: item.id,
    path,
    outcome: 'failed',
    attempts: options.attempts,
    at: options.now,
    failure,
  } as const;
  if (chunk.step === undefined) return { ...record, ...inputMember(item) };
  // A later step may also take failed items.
  const { parts } = item;
  return {
    ...record,
    ...omitUndefined({ parts }),
    ...indexFieldsOf(item, chunk.step),
    ...payloadFor(item.payload),
  };
}

function inputMember({ payload }: Pick<Item, 'payload'>): Pick<OutcomeRecord, 'input'> {
  return omitUndefined({ input: inputOf(payload) });
}

function payloadFor(payload: unknown): { payload?: unknown } {
  return omitUndefined({ payload });
}

/** Returns the payload for the next step, if the outcome does not contain the output itself. */
function payloadAfter(
  answer: unknown,
  { payload }: Pick<Item, 'payload'>,
): Pick<OutcomeRecord, 'payload' | 'isAnswer' | 'input'> {
  if (answer === undefined) return payloadFor(payload);
  return { payload: answer, isAnswer: true, ...inputMember({ payload }) };
}

const EXIT_CODE = /^[A-Z][A-Z0-9_]{0,31}$/;

function checkedCode(code: string): string {
  if (EXIT_CODE.test(code)) return code;
  throw new PermanentFailure(
    'invalid-exit-code',
    `not a valid outcome code: '${code}'. Use up to 32 of A-Z, 0-9 and _, a letter first, such as MORE.`,
  );
}

interface AttemptState {
  readonly attempts: number;
  /** Parts that the worker stored. */
  readonly newParts: Part[];
  readonly markMethods: Pick<WorkerContext<unknown>, 'skip' | 'exitCode'>;
}

function contextOf<P>(
  ports: RunItemPorts,
  task: ItemTask,
  { attempts, newParts, markMethods }: AttemptState,
): WorkerContext<P> {
  const { chunk, position, progress } = task;
  // Each attempt has its own folder, so a slow duplicate cannot overwrite the files of the recorded attempt.
  const folder = outputFolder(chunk, chunk.path, chunk.index, `${attempts}-${ports.random.id()}`);
  return {
    ...jobContextOf<P>(ports, task),
    attempt: attempts,
    position,
    get idempotencyKey() {
      return idempotencyKeyOf(task);
    },
    progress,
    ...markMethods,
    async putPart({ filename, mimeType, body, type = 'BASE_PART' }) {
      const key = outputKey(folder, newParts.length, filename);
      const sizeBytes = await putBody(ports.objects, key, body, { contentType: mimeType });
      const part: Part = { type, filename, mimeType, key, sizeBytes };
      newParts.push(part);
      return part;
    },
  };
}

/** Returns the context that all items of a chunk share. */
export function jobContextOf<P>(
  ports: RunItemPorts,
  { chunk, parameters, signal }: Pick<ItemTask, 'chunk' | 'parameters' | 'signal'>,
): JobContext<P> {
  const objects = readableObjects({ ...ports, signal }, chunk.partition);
  const { web, clock, caches } = ports;
  const partPorts = { objects, web, clock, signal, archives: caches.archives };
  return {
    partition: chunk.partition,
    job: chunk.job,
    parameters: parameters as P,
    signal,
    log: ports.log,
    objects,
    web,
    fetchPart: (part, options) => fetchPart(partPorts, part, options),
    openPart: (part) => openPart(partPorts, part),
  };
}
