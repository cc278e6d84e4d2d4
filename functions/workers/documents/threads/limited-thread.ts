import { on } from 'node:events';
import { setInterval } from 'node:timers/promises';
import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { RetryableFailure } from '#core/errors.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type UnreadableCode, UnreadableDocument } from '../unreadable-document.ts';
import { copyAndRelease } from './movable.ts';
import { judge, type Moment, now, type Verdict } from './work-time.ts';

export interface ThreadLimits {
  /** Maximum CPU time for a whole request. */
  readonly timeoutSeconds: number;
  /** Maximum CPU time between two `step` calls. Ends a stalled request long before `timeoutSeconds`. */
  readonly stallSeconds: number;
  /** Maximum growth of the process during the request. */
  readonly maxMemoryMebibytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Work that the thread does for a request. It calls `step` after each unit of work, such as a page or an entry. It may
 * return output in pieces through `give`, which moves the piece out of the thread and waits until the caller takes it.
 */
export type Work<Q, R> = (request: Q, step: () => void, give: Give) => R | Promise<R>;
export type Give = (piece: Uint8Array<ArrayBuffer>) => Promise<void>;

export interface LimitedThreadOptions<Q, R> {
  /** Identifies this thread. The thread loads the bundle of the whole function, which may define several threads. */
  readonly role: string;
  /** `import.meta.url` of the caller. The thread loads the same file. */
  readonly module: string;
  /** Loads the parsers. Called only in the thread, so that the main thread starts without them. */
  readonly load: () => Promise<Work<Q, R>>;
  /** Buffers of a request that are moved to the thread instead of copied. The caller can no longer read them. */
  readonly requestBuffers?: (request: Q) => readonly ArrayBuffer[];
  /** Buffers of a result that are moved out of the thread instead of copied. */
  readonly resultBuffers?: (result: R) => readonly ArrayBuffer[];
}

type ThreadMessage<R> =
  | { readonly kind: 'ready' }
  | { readonly kind: 'step' }
  | { readonly kind: 'piece'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'done'; readonly result: R }
  | { readonly kind: 'unreadable'; readonly code: UnreadableCode; readonly message: string };

/** Message to the thread: a new request, or the confirmation that the caller took the last piece. */
type ThreadCommand<Q> = { readonly kind: 'work'; readonly request: Q } | { readonly kind: 'taken' };

const WATCH_MILLIS = 50;
/** V8 heap limit. Buffers are allocated outside the heap, so the memory of the process is watched too. */
const HEAP_MEBIBYTES = 512;
/** WebAssembly never releases memory, so a larger thread is terminated. Starting a new one takes less than a second. */
const MAX_IDLE_MEBIBYTES = 200;
const MEBIBYTE = 1024 * 1024;

/**
 * Processes documents in a thread that can be terminated at any moment. A hostile document may inflate without limit,
 * or keep a parser busy for hours in a single call, where a check between pages never runs. Terminating the thread
 * fails only the item of that document. The thread is reused for the next document unless it has grown too large.
 * It processes one document at a time.
 */
export class LimitedThread<Q, R> {
  readonly #options: LimitedThreadOptions<Q, R>;
  #worker: Worker | undefined;
  /** Memory of the process when the thread started, in bytes. */
  #memoryBefore = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: LimitedThreadOptions<Q, R>) {
    this.#options = options;
    if (!isMainThread && workerData === options.role && parentPort) void serve(parentPort, options);
  }

  /** Rejects with UnreadableDocument if the document is the cause, and with the signal's reason if it is aborted. */
  async run(request: Q, limits: ThreadLimits): Promise<R> {
    const pieces = this.pieces(request, limits);
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return value;
    }
  }

  /** Yields the pieces that the work gives, then returns its result. Throws the same errors as `run`. */
  async *pieces(request: Q, limits: ThreadLimits): AsyncGenerator<Uint8Array, R> {
    const previousRequest = this.#last;
    const workEnd = Promise.withResolvers<void>();
    this.#last = workEnd.promise;
    try {
      await previousRequest;
      return yield* this.#work(request, limits);
    } finally {
      workEnd.resolve();
    }
  }

  async *#work(request: Q, limits: ThreadLimits): AsyncGenerator<Uint8Array, R> {
    limits.signal?.throwIfAborted();
    this.#worker ??= await this.#start();
    const worker = this.#worker;
    worker.ref();
    let message: FinalMessage<R> | undefined;
    try {
      message = yield* this.#process(worker, request, limits);
    } finally {
      if (message === undefined || this.#holdsMuch()) {
        if (this.#worker === worker) this.#worker = undefined;
        await worker.terminate();
      }
    }
    worker.unref();
    if (message.kind === 'done') return message.result;
    throw new UnreadableDocument(message.code, message.message);
  }

  #holdsMuch(): boolean {
    return process.memoryUsage.rss() - this.#memoryBefore > MAX_IDLE_MEBIBYTES * MEBIBYTE;
  }

  async #start(): Promise<Worker> {
    this.#memoryBefore = process.memoryUsage.rss();
    const worker = new Worker(new URL(this.#options.module), {
      workerData: this.#options.role,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
    });
    const forget = () => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    worker.on('error', forget).on('exit', forget);
    // If the thread fails to start, this rejects with the thread's own error: the document is not the cause.
    const messages = messagesOf<R>(worker);
    await nextOf(messages);
    // Stop listening. Otherwise the iterator buffers every later message of the thread.
    await messages.return?.();
    return worker;
  }

  async *#process(
    worker: Worker,
    request: Q,
    limits: ThreadLimits,
  ): AsyncGenerator<Uint8Array, FinalMessage<R>> {
    const workEnd = new AbortController();
    const progress: Progress = { lastStep: now() };
    const messages = messagesOf<R>(worker, workEnd.signal);
    const exceededLimit = watch(limits, progress, workEnd.signal);
    const send = (command: ThreadCommand<Q>, buffers: readonly ArrayBuffer[] = []) =>
      worker.postMessage(command, [...buffers]);
    try {
      send({ kind: 'work', request }, this.#options.requestBuffers?.(request));
      for (;;) {
        const message = await Promise.race([nextOf(messages).catch(throwUnreadable), exceededLimit]);
        if (message.kind === 'done' || message.kind === 'unreadable') return message;
        if (message.kind === 'piece') {
          // The stall limit is suspended while the thread waits for the caller to take the piece.
          progress.lastStep = undefined;
          yield copyAndRelease(message.bytes);
          send({ kind: 'taken' });
        }
        progress.lastStep = now();
      }
    } finally {
      workEnd.abort();
      // Ignore a limit that is exceeded after the result arrived.
      await exceededLimit.catch(() => undefined);
    }
  }
}

/** Last message of a thread for a request. */
type FinalMessage<R> = Extract<ThreadMessage<R>, { readonly kind: 'done' | 'unreadable' }>;

interface Progress {
  /** Undefined while the thread waits for the caller. */
  lastStep: Moment | undefined;
}

type Messages<R> = AsyncIterator<[ThreadMessage<R>], unknown>;

function messagesOf<R>(worker: Worker, signal?: AbortSignal): Messages<R> {
  return on(worker, 'message', { ...omitUndefined({ signal }), close: ['exit'] }) as Messages<R>;
}

/** Returns the next message. Rejects as soon as the thread throws or exits. */
async function nextOf<R>(messages: Messages<R>): Promise<ThreadMessage<R>> {
  const { done, value } = await messages.next();
  if (done === true) throw new Error('the thread exited without a result');
  return (value as [ThreadMessage<R>])[0];
}

/** Never returns. Throws when a limit is exceeded, the caller aborts, or `workEnd` is aborted. */
async function watch(limits: ThreadLimits, progress: Progress, workEnd: AbortSignal): Promise<never> {
  const { timeoutSeconds, stallSeconds, maxMemoryMebibytes } = limits;
  const start = now();
  const memoryBefore = process.memoryUsage.rss();
  let stalledSince: Moment | undefined;
  for await (const _ of setInterval(WATCH_MILLIS, undefined, { signal: workEnd })) {
    limits.signal?.throwIfAborted();
    checkTime(judge(start, timeoutSeconds), `${timeoutSeconds} s`);
    const { lastStep } = progress;
    const verdict = lastStep === undefined ? 'within limit' : judge(lastStep, stallSeconds);
    // If this thread was busy, a message about the next step may be waiting. It arrives before the next check.
    if (stalledSince === lastStep) checkTime(verdict, `${Math.round(stallSeconds)} s for one page or entry`);
    stalledSince = verdict === 'within limit' ? undefined : lastStep;
    const grownMebibytes = (process.memoryUsage.rss() - memoryBefore) / MEBIBYTE;
    if (grownMebibytes > maxMemoryMebibytes) throw tooCostly(`${maxMemoryMebibytes} MiB of memory`);
  }
  throw new Error('the watch of the thread ended without an exceeded limit');
}

function checkTime(verdict: Verdict, limit: string): void {
  if (verdict === 'too long') throw tooCostly(limit);
  if (verdict === 'starved') {
    throw new RetryableFailure(
      'document-not-processed',
      `the document was not processed within 20 times the limit of ${limit}, because no processor was available; run it again when the machine has less load`,
    );
  }
}

function throwUnreadable(error: unknown): never {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') throw tooCostly(`${HEAP_MEBIBYTES} MiB of memory`);
  throw new UnreadableDocument('document-broken', `the document can't be read: ${message}`, {
    cause: error,
  });
}

function tooCostly(exceededLimit: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-too-large',
    `reading the document exceeds the limit of ${exceededLimit}; simplify or split it`,
  );
}

async function serve<Q, R>(
  port: MessagePort,
  { load, resultBuffers }: LimitedThreadOptions<Q, R>,
): Promise<void> {
  // An unhandled rejection in a parser is a failure. Rethrowing it keeps the original reason.
  process.on('unhandledRejection', (reason) => {
    throw reason instanceof Error ? reason : new Error(String(reason));
  });
  const work = await load();
  const step = () => port.postMessage({ kind: 'step' } satisfies ThreadMessage<R>);
  let confirmPiece: () => void = () => undefined;
  const give: Give = (bytes) =>
    new Promise((resolve) => {
      confirmPiece = resolve;
      port.postMessage({ kind: 'piece', bytes } satisfies ThreadMessage<R>, [bytes.buffer]);
    });
  port.on('message', async (command: ThreadCommand<Q>) => {
    if (command.kind === 'taken') return confirmPiece();
    const message = await runWork(async () => work(command.request, step, give));
    port.postMessage(message, message.kind === 'done' ? [...(resultBuffers?.(message.result) ?? [])] : []);
  });
  port.postMessage({ kind: 'ready' } satisfies ThreadMessage<R>);
}

async function runWork<R>(work: () => Promise<R>): Promise<ThreadMessage<R>> {
  try {
    return { kind: 'done', result: await work() };
  } catch (error) {
    if (error instanceof UnreadableDocument) {
      return { kind: 'unreadable', code: error.code, message: error.message };
    }
    // Parsers are deterministic, so a retry would throw the same error.
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'unreadable', code: 'document-broken', message: `the document can't be read: ${reason}` };
  }
}
