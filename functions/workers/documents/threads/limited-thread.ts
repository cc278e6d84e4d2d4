import { on } from 'node:events';
import { setInterval } from 'node:timers/promises';
import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { type UnreadableCode, UnreadableDocument } from '../unreadable-document.ts';
import { ownCopy } from './movable.ts';

export interface ThreadLimits {
  /** For the whole of a request. */
  readonly timeoutSeconds: number;
  /** From one `step` of the work to the next: what hangs is ended long before its whole time is up. */
  readonly stallSeconds: number;
  /** By how much the process may grow meanwhile. */
  readonly maxMemoryMebibytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What the thread does with a request. It calls `step` whenever a piece of the work is done: a page, a member. What it
 * makes it may `give` piece by piece, each of which is gone from its memory; that waits until the piece is taken.
 */
export type Work<Q, R> = (request: Q, step: () => void, give: Give) => R | Promise<R>;
export type Give = (piece: Uint8Array<ArrayBuffer>) => Promise<void>;

export interface LimitedThreadOptions<Q, R> {
  /** How the thread knows that it is this one: the bundle that it loads is the whole function. */
  readonly role: string;
  /** `import.meta.url` of the caller: the thread loads the same file. */
  readonly module: string;
  /** Called in the thread only, so that the function's own thread starts without parsers. */
  readonly load: () => Promise<Work<Q, R>>;
  /** Memory of a request that is moved to the thread, not copied: the caller can't read it any more. */
  readonly moved?: (request: Q) => readonly ArrayBuffer[];
  /** Memory of a result that is moved out of the thread. */
  readonly movedBack?: (result: R) => readonly ArrayBuffer[];
}

type Answer<R> =
  | { readonly kind: 'ready' }
  | { readonly kind: 'step' }
  | { readonly kind: 'piece'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'done'; readonly result: R }
  | { readonly kind: 'unreadable'; readonly code: UnreadableCode; readonly message: string };

/** To the thread: work, or that its last piece was taken. */
type Asked<Q> = { readonly kind: 'work'; readonly request: Q } | { readonly kind: 'taken' };

const WATCH_MILLIS = 50;
/** Of V8; buffers lie outside it, so the memory of the process is watched as well. */
const HEAP_MEBIBYTES = 512;
/** WebAssembly gives no memory back. A thread that holds so much is ended: starting one takes less than a second. */
const MAX_KEPT_MEBIBYTES = 200;
const MEBIBYTE = 1024 * 1024;

/**
 * Work on documents in a thread that can be ended at any moment. A hostile document may inflate without end or keep a
 * parser busy for hours within a single call, where no check between pages would ever run; this way it costs only its
 * own item. The thread is kept for the next document, unless it has grown large; documents wait for each other.
 */
export class LimitedThread<Q, R> {
  readonly #options: LimitedThreadOptions<Q, R>;
  #worker: Worker | undefined;
  /** Of the process, when the thread was started. */
  #memoryBefore = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: LimitedThreadOptions<Q, R>) {
    this.#options = options;
    if (!isMainThread && workerData === options.role && parentPort) void serve(parentPort, options);
  }

  /** Rejects with UnreadableDocument where the document is the reason, with the signal's reason when it is aborted. */
  async run(request: Q, limits: ThreadLimits): Promise<R> {
    const pieces = this.pieces(request, limits);
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return value;
    }
  }

  /** What the work gives, as it comes; what it answers in the end is returned. Throws as `run` rejects. */
  async *pieces(request: Q, limits: ThreadLimits): AsyncGenerator<Uint8Array, R> {
    const before = this.#last;
    const over = Promise.withResolvers<void>();
    this.#last = over.promise;
    try {
      await before;
      return yield* this.#work(request, limits);
    } finally {
      over.resolve();
    }
  }

  async *#work(request: Q, limits: ThreadLimits): AsyncGenerator<Uint8Array, R> {
    limits.signal?.throwIfAborted();
    this.#worker ??= await this.#start();
    const worker = this.#worker;
    worker.ref();
    let answer: Last<R> | undefined;
    try {
      answer = yield* this.#ask(worker, request, limits);
    } finally {
      if (answer === undefined || this.#holdsMuch()) {
        if (this.#worker === worker) this.#worker = undefined;
        await worker.terminate();
      }
    }
    worker.unref();
    if (answer.kind === 'done') return answer.result;
    throw new UnreadableDocument(answer.code, answer.message);
  }

  #holdsMuch(): boolean {
    return process.memoryUsage.rss() - this.#memoryBefore > MAX_KEPT_MEBIBYTES * MEBIBYTE;
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
    // A thread that does not start rejects here with its own error: that is no fault of the document.
    const messages = messagesOf<R>(worker);
    await nextOf(messages);
    // Else it would gather all that the thread ever says.
    await messages.return?.();
    return worker;
  }

  async *#ask(worker: Worker, request: Q, limits: ThreadLimits): AsyncGenerator<Uint8Array, Last<R>> {
    const over = new AbortController();
    const progress = { lastStep: performance.now() };
    const messages = messagesOf<R>(worker, over.signal);
    const limit = watch(limits, progress, over.signal);
    const ask = (asked: Asked<Q>, moved: readonly ArrayBuffer[] = []) =>
      worker.postMessage(asked, [...moved]);
    try {
      ask({ kind: 'work', request }, this.#options.moved?.(request));
      for (;;) {
        const answer = await Promise.race([nextOf(messages).catch(throwUnreadable), limit]);
        if (answer.kind === 'done' || answer.kind === 'unreadable') return answer;
        if (answer.kind === 'piece') {
          // For as long as nobody takes it, the thread has nothing to answer for.
          progress.lastStep = Number.POSITIVE_INFINITY;
          yield ownCopy(answer.bytes);
          ask({ kind: 'taken' });
        }
        progress.lastStep = performance.now();
      }
    } finally {
      over.abort();
      // Whatever it still throws came too late.
      await limit.catch(() => undefined);
    }
  }
}

/** How a thread ends its work on a request. */
type Last<R> = Extract<Answer<R>, { readonly kind: 'done' | 'unreadable' }>;

interface Progress {
  lastStep: number;
}

type Messages<R> = AsyncIterator<[Answer<R>], unknown>;

function messagesOf<R>(worker: Worker, signal?: AbortSignal): Messages<R> {
  return on(worker, 'message', { ...(signal && { signal }), close: ['exit'] }) as Messages<R>;
}

/** Rejects as soon as the thread throws or ends. */
async function nextOf<R>(messages: Messages<R>): Promise<Answer<R>> {
  const { done, value } = await messages.next();
  if (done === true) throw new Error('the thread has ended');
  return (value as [Answer<R>])[0];
}

/** Ends only by throwing: a limit is exceeded, the caller gives up, or `over` says that there is an answer. */
async function watch(limits: ThreadLimits, progress: Progress, over: AbortSignal): Promise<never> {
  const { timeoutSeconds, stallSeconds, maxMemoryMebibytes } = limits;
  const deadline = performance.now() + timeoutSeconds * 1000;
  const memoryBefore = process.memoryUsage.rss();
  for await (const _ of setInterval(WATCH_MILLIS, undefined, { signal: over })) {
    limits.signal?.throwIfAborted();
    const now = performance.now();
    if (now > deadline) throw tooCostly(`${timeoutSeconds} s`);
    if (now > progress.lastStep + stallSeconds * 1000)
      throw tooCostly(`${Math.round(stallSeconds)} s for one piece of it`);
    const grownMebibytes = (process.memoryUsage.rss() - memoryBefore) / MEBIBYTE;
    if (grownMebibytes > maxMemoryMebibytes) throw tooCostly(`${maxMemoryMebibytes} MiB of memory`);
  }
  throw new Error('the watch over the thread ended');
}

function throwUnreadable(error: unknown): never {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') throw tooCostly(`${HEAP_MEBIBYTES} MiB of memory`);
  throw new UnreadableDocument('document-broken', `the document can't be read: ${message}`, {
    cause: error,
  });
}

function tooCostly(limit: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-too-large',
    `reading the document takes more than ${limit}, the most that one may take: simplify or split it`,
  );
}

async function serve<Q, R>(
  port: MessagePort,
  { load, movedBack }: LimitedThreadOptions<Q, R>,
): Promise<void> {
  // A parser that loses a promise has failed; without this, Node would hide its reason in a message of its own.
  process.on('unhandledRejection', (reason) => {
    throw reason instanceof Error ? reason : new Error(String(reason));
  });
  const work = await load();
  const step = () => port.postMessage({ kind: 'step' } satisfies Answer<R>);
  let taken: () => void = () => undefined;
  const give: Give = (bytes) =>
    new Promise((resolve) => {
      taken = resolve;
      port.postMessage({ kind: 'piece', bytes } satisfies Answer<R>, [bytes.buffer]);
    });
  port.on('message', async (asked: Asked<Q>) => {
    if (asked.kind === 'taken') return taken();
    const answer = await answerOf(async () => work(asked.request, step, give));
    port.postMessage(answer, answer.kind === 'done' ? [...(movedBack?.(answer.result) ?? [])] : []);
  });
  port.postMessage({ kind: 'ready' } satisfies Answer<R>);
}

async function answerOf<R>(work: () => Promise<R>): Promise<Answer<R>> {
  try {
    return { kind: 'done', result: await work() };
  } catch (error) {
    if (error instanceof UnreadableDocument) {
      return { kind: 'unreadable', code: error.code, message: error.message };
    }
    // Whatever a parser throws at a document, it will throw again.
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'unreadable', code: 'document-broken', message: `the document can't be read: ${reason}` };
  }
}
