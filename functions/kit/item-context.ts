import { OUTCOME_CODE } from '#contract/message-limits.ts';
import type { ChunkMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { Part } from '#core/item.ts';
import type { ObjectPrefix } from '#core/object-address.ts';
import type { Objects, Random } from '#core/ports.ts';
import { outputFolder, outputKey } from '../store/object-keys.ts';
import type { JobContext, WorkerContext } from './define-worker.ts';
import { type ItemLocation, idempotencyKeyOf } from './idempotency-key.ts';
import type { SelectedItem } from './select-items.ts';
import { putBody } from './worker-output.ts';

export interface ItemContextPorts {
  readonly objects: Objects;
  readonly random: Random;
}

/** The values that all attempts of a call share. */
export interface AttemptCall<P> {
  readonly chunk: ChunkMessage;
  /** Number of the first run of the job. */
  readonly generation: number;
  readonly context: JobContext<P>;
  /** Reports progress of the items at these positions. */
  readonly progress: (positions: readonly number[], fraction: number, note?: string) => Promise<void>;
}

/** The results that a worker sets through the context of an item, besides its output. */
export class ItemResults {
  readonly newParts: Part[] = [];
  isSkipped = false;
  exitCode: string | undefined = undefined;
}

/**
 * The context of one attempt of an item. Its functions do not use `this`, so that a worker can destructure the context.
 * Each item has one, so anything that takes time to create is created on demand.
 */
export class ItemContext<P> implements WorkerContext<P> {
  readonly partition: string;
  readonly job: string;
  readonly parameters: P;
  readonly signal: AbortSignal;
  readonly log: JobContext<P>['log'];
  readonly objects: JobContext<P>['objects'];
  readonly web: JobContext<P>['web'];
  readonly fetchPart: JobContext<P>['fetchPart'];
  readonly openPart: JobContext<P>['openPart'];
  readonly attempt: number;
  readonly position: number;
  readonly progress: WorkerContext<P>['progress'];
  readonly skip: WorkerContext<P>['skip'];
  readonly exitCode: WorkerContext<P>['exitCode'];
  readonly putPart: WorkerContext<P>['putPart'];
  readonly #location: ItemLocation;

  constructor(
    { objects, random }: ItemContextPorts,
    { chunk, generation, context, progress }: AttemptCall<P>,
    { item, position }: SelectedItem,
    results: ItemResults,
  ) {
    const attempt = (item.tries ?? 0) + 1;
    this.partition = context.partition;
    this.job = context.job;
    this.parameters = context.parameters;
    this.signal = context.signal;
    this.log = context.log;
    this.objects = context.objects;
    this.web = context.web;
    this.fetchPart = context.fetchPart;
    this.openPart = context.openPart;
    this.attempt = attempt;
    this.position = position;
    this.#location = { chunk, generation, item };
    this.progress = (fraction, note) => progress([position], fraction, note);
    this.skip = () => {
      results.isSkipped = true;
    };
    this.exitCode = (code) => {
      results.exitCode = checkedCode(code);
    };
    let folder: ObjectPrefix | undefined;
    this.putPart = async ({ filename, mimeType, body, type = 'BASE_PART' }) => {
      // Each attempt has its own folder, so a slow duplicate cannot overwrite the files of the recorded attempt.
      folder ??= outputFolder(chunk, chunk.path, chunk.index, `${attempt}-${random.id()}`);
      const key = outputKey(folder, results.newParts.length, filename);
      const sizeBytes = await putBody(objects, key, body, { contentType: mimeType });
      const part: Part = { type, filename, mimeType, key, sizeBytes };
      results.newParts.push(part);
      return part;
    };
  }

  get idempotencyKey(): string {
    return idempotencyKeyOf(this.#location);
  }
}

function checkedCode(code: string): string {
  if (OUTCOME_CODE.test(code)) return code;
  throw new PermanentFailure(
    'invalid-exit-code',
    `not a valid outcome code: '${code}'. Use up to 32 of A-Z, 0-9 and _, a letter first, such as MORE.`,
  );
}
