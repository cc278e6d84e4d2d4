import type { ChunkMessage } from '#contract/messages.ts';
import { classifyFailure } from '#core/classify-failure.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { failureOf } from '#core/failure.ts';
import type { Item, OutcomeRecord, Part } from '#core/item.ts';
import { inputOf } from '#core/item-input.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Clock, Log, Objects, Random, Web } from '#core/ports.ts';
import type { ReadingPorts } from '../sources/readable-objects.ts';
import { outputFolder, payloadKey } from '../store/object-keys.ts';
import type { WorkerContext } from './define-worker.ts';
import { type AttemptCall, ItemContext, ItemResults } from './item-context.ts';
import type { SelectedItem } from './select-items.ts';
import { indexFieldsOf, itemForWorker, noPartsNote, partsAfterStep } from './step-item.ts';
import { inlineOutput } from './worker-output.ts';

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

/** One attempt of an item. */
export class Attempt<P> {
  /** The item that the worker receives. */
  readonly item: Item;
  readonly position: number;
  #context: WorkerContext<P> | undefined;
  readonly #ports: RunItemPorts;
  readonly #call: AttemptCall<P>;
  readonly #selected: SelectedItem;
  readonly #results = new ItemResults();

  constructor(ports: RunItemPorts, call: AttemptCall<P>, selected: SelectedItem) {
    this.item = itemForWorker(selected.item, call.chunk.step);
    this.position = selected.position;
    this.#ports = ports;
    this.#call = call;
    this.#selected = selected;
  }

  /** Created on demand, because a worker of chunks may need it for few items or for none. */
  get context(): WorkerContext<P> {
    this.#context ??= new ItemContext(this.#ports, this.#call, this.#selected, this.#results);
    return this.#context;
  }

  /** Number of this attempt of the item, from 1. */
  get number(): number {
    return (this.#selected.item.tries ?? 0) + 1;
  }

  /** True if the worker receives the item. A broken item fails without it. */
  get isValid(): boolean {
    const { item, itemFailure } = this.#selected;
    return item.problem === undefined && itemFailure === undefined;
  }

  /** Returns the result of the attempt. `work` returns the output of the worker, or throws. */
  async settle(work: () => unknown): Promise<ItemAttempt> {
    const { item, itemFailure } = this.#selected;
    try {
      if (item.problem !== undefined) throw new PermanentFailure('bad-record', item.problem);
      if (itemFailure !== undefined) throw itemFailure;
      const answer = await work();
      const { newParts, isSkipped } = this.#results;
      const inputParts = partsAfterStep(item, newParts, isSkipped ? undefined : this.#call.chunk.step);
      const output =
        answer === undefined ? NO_OUTPUT : await inlineOutput(answer, (part) => this.context.putPart(part));
      // `inlineOutput` may have stored a large output as a part.
      const parts = [...inputParts, ...newParts.slice(inputParts.length - (item.parts?.length ?? 0))];
      return { kind: 'final', record: this.#recordOf(answer, output, parts) };
    } catch (error) {
      return withWholePayload(this.#ports, this.#call, item, this.#failed(error));
    }
  }

  #failed(error: unknown): ItemAttempt {
    const { item } = this.#selected;
    const { chunk, context } = this.#call;
    if (context.signal.aborted) return { kind: 'unfinished', item };
    const attempts = this.number;
    const at = this.#ports.clock.now();
    const { kind, message: reason } = classifyFailure(error);
    if (kind !== 'permanent' && attempts < chunk.maxAttempts) {
      const afterSeconds = error instanceof RetryableFailure ? error.retryAfterSeconds : 0;
      return { kind: 'retry', item: { ...item, tries: attempts }, afterSeconds, error, reason, at };
    }
    if (kind === 'unknown') {
      const { partition, job } = chunk;
      this.#ports.log.warn('item failed', { partition, job, error: String(error) });
    }
    return { kind: 'final', record: failedRecord(chunk, item, error, { attempts, now: at }) };
  }

  #recordOf(answer: unknown, output: { readonly output?: unknown }, parts: readonly Part[]): OutcomeRecord {
    const { item } = this.#selected;
    const { chunk } = this.#call;
    const { isSkipped, exitCode } = this.#results;
    const rules = chunk.step;
    return {
      id: item.id,
      path: chunk.path,
      attempts: this.number,
      at: this.#ports.clock.now(),
      ...output,
      ...(parts.length === 0 ? {} : { parts }),
      ...indexFieldsOf(item, rules),
      ...noteOf(item, rules),
      ...(rules === undefined || 'output' in output ? inputMember(item) : payloadAfter(answer, item)),
      ...(rules === undefined || exitCode === undefined ? {} : { exitCode }),
      outcome: isSkipped ? 'skipped' : 'succeeded',
    };
  }
}

const NO_OUTPUT: { readonly output?: unknown } = {};

/** Returns the notes of all steps about the item, without repetition. */
function noteOf(item: Item, rules: ChunkMessage['step']): Pick<OutcomeRecord, 'note'> {
  const notes = [item.note, noPartsNote(item, rules)].filter((note) => note !== undefined);
  return notes.length === 0 ? {} : { note: [...new Set(notes)].join('; ') };
}

/** Stores a payload that is too large for the outcome of its failed item, so that users can download it. */
async function withWholePayload<P>(
  { objects, random }: RunItemPorts,
  { chunk }: AttemptCall<P>,
  item: Item,
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
  const input = inputOf(payload);
  return input === undefined ? {} : { input };
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
