import { on } from 'node:events';
import { setInterval } from 'node:timers/promises';
import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { type UnreadableCode, UnreadableDocument } from './unreadable-document.ts';

export interface ThreadLimits {
  /** For the whole of a request. */
  readonly timeoutSeconds: number;
  /** From one `step` of the work to the next: what hangs is ended long before its whole time is up. */
  readonly stallSeconds: number;
  /** By how much the process may grow meanwhile. */
  readonly maxMemoryMebibytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** What the thread does with a request. It calls `step` whenever a piece of the work is done: a page, a member. */
export type Work<Q, R> = (request: Q, step: () => void) => R | Promise<R>;

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
  | { readonly kind: 'done'; readonly result: R }
  | { readonly kind: 'unreadable'; readonly code: UnreadableCode; readonly message: string };

const WATCH_MILLIS = 50;
/** Of V8; buffers lie outside it, so the memory of the process is watched as well. */
const HEAP_MEBIBYTES = 512;
const MEBIBYTE = 1024 * 1024;

/**
 * Work on documents in a thread that can be ended at any moment. A hostile document may inflate without end or keep a
 * parser busy for hours within a single call, where no check between pages would ever run; this way it costs only its
 * own item. The thread is kept for the next document; documents wait for each other.
 */
export class LimitedThread<Q, R> {
  readonly #options: LimitedThreadOptions<Q, R>;
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: LimitedThreadOptions<Q, R>) {
    this.#options = options;
    if (!isMainThread && workerData === options.role && parentPort) void serve(parentPort, options);
  }

  /** Rejects with UnreadableDocument where the document is the reason, with the signal's reason when it is aborted. */
  run(request: Q, limits: ThreadLimits): Promise<R> {
    const running = this.#last.then(() => this.#runNext(request, limits));
    this.#last = running.catch(() => undefined);
    return running;
  }

  async #runNext(request: Q, limits: ThreadLimits): Promise<R> {
    limits.signal?.throwIfAborted();
    this.#worker ??= await this.#start();
    const worker = this.#worker;
    worker.ref();
    const answer = await this.#ask(worker, request, limits).catch(async (error: unknown) => {
      if (this.#worker === worker) this.#worker = undefined;
      await worker.terminate();
      throw error;
    });
    worker.unref();
    if (answer.kind === 'done') return answer.result;
    if (answer.kind === 'unreadable') throw new UnreadableDocument(answer.code, answer.message);
    throw new Error(`thread '${this.#options.role}' answered out of turn`);
  }

  async #start(): Promise<Worker> {
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
    await lastAnswer(worker, { lastStep: 0 });
    return worker;
  }

  async #ask(worker: Worker, request: Q, limits: ThreadLimits): Promise<Answer<R>> {
    const over = new AbortController();
    const progress = { lastStep: performance.now() };
    try {
      const answer = lastAnswer<R>(worker, progress, over.signal).catch((error: unknown) => {
        throw over.signal.aborted ? error : asUnreadable(error);
      });
      worker.postMessage(request, [...(this.#options.moved?.(request) ?? [])]);
      return await Promise.race([answer, watch(limits, progress, over.signal)]);
    } finally {
      over.abort();
    }
  }
}

interface Progress {
  lastStep: number;
}

/** Rejects as soon as the thread throws or ends. */
async function lastAnswer<R>(worker: Worker, progress: Progress, signal?: AbortSignal): Promise<Answer<R>> {
  const answers = on(worker, 'message', { ...(signal && { signal }), close: ['exit'] });
  for await (const [answer] of answers as AsyncIterable<[Answer<R>]>) {
    if (answer.kind !== 'step') return answer;
    progress.lastStep = performance.now();
  }
  throw new Error('the thread has ended');
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

function asUnreadable(error: unknown): unknown {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return tooCostly(`${HEAP_MEBIBYTES} MiB of memory`);
  return new UnreadableDocument('document-broken', `the document can't be read: ${message}`, {
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
  port.on('message', async (request: Q) => {
    const answer = await answerOf(async () => work(request, step));
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
