import { once } from 'node:events';
import { setInterval } from 'node:timers/promises';
import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import type { DocumentText, ReadingOptions } from './read-document.ts';
import { type UnreadableCode, UnreadableDocument } from './unreadable-document.ts';

export interface ReadingLimits {
  readonly timeoutSeconds: number;
  readonly maxMemoryMebibytes: number;
  readonly signal?: AbortSignal | undefined;
}

interface ReadRequest {
  readonly bytes: Uint8Array;
  readonly options: ReadingOptions;
}

type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'read'; readonly document: DocumentText }
  | { readonly kind: 'unreadable'; readonly code: UnreadableCode; readonly message: string };

/** How a thread knows that it is this one: the bundle it loads is the whole function. */
const ROLE = 'extract-text: reading thread';
const WATCH_MILLIS = 50;
/** Of V8; buffers lie outside it, so the memory of the process is watched as well. */
const HEAP_MEBIBYTES = 512;
const MEBIBYTE = 1024 * 1024;

let thread: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Reads a document in a thread that can be ended at any moment. A hostile one may inflate without end or keep a parser
 * busy for hours within a single call, where no check between pages would ever run; this way it costs only its own item.
 * The thread is kept for the next document; documents wait for each other.
 */
export function readInThread(request: ReadRequest, limits: ReadingLimits): Promise<DocumentText> {
  const reading = last.then(() => readNext(request, limits));
  last = reading.catch(() => undefined);
  return reading;
}

async function readNext(request: ReadRequest, limits: ReadingLimits): Promise<DocumentText> {
  limits.signal?.throwIfAborted();
  thread ??= await startThread();
  const worker = thread;
  worker.ref();
  const answer = await ask(worker, request, limits).catch(async (error: unknown) => {
    if (thread === worker) thread = undefined;
    await worker.terminate();
    throw error;
  });
  worker.unref();
  if (answer.kind === 'read') return answer.document;
  if (answer.kind === 'unreadable') throw new UnreadableDocument(answer.code, answer.message);
  throw new Error('the reading thread answered out of turn');
}

/** The thread loads the file that this module is in: this one, or the bundle of the function. */
async function startThread(): Promise<Worker> {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: ROLE,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
  });
  const forget = () => {
    if (thread === worker) thread = undefined;
  };
  worker.on('error', forget).on('exit', forget);
  // A thread that does not start rejects here with its own error: that is no fault of the document.
  await nextAnswer(worker);
  return worker;
}

async function ask(worker: Worker, { bytes, options }: ReadRequest, limits: ReadingLimits): Promise<Answer> {
  const over = new AbortController();
  try {
    const answer = nextAnswer(worker, over.signal).catch((error: unknown) => {
      throw over.signal.aborted ? error : asUnreadable(error);
    });
    // A copy of just these bytes, which can be handed over: the caller keeps its own.
    const copy = new Uint8Array(bytes);
    worker.postMessage({ bytes: copy, options }, [copy.buffer]);
    return await Promise.race([answer, watch(limits, over.signal)]);
  } finally {
    over.abort();
  }
}

async function nextAnswer(worker: Worker, signal?: AbortSignal): Promise<Answer> {
  const options = signal ? { signal } : {};
  const ended = once(worker, 'exit', options).then(() => {
    throw new Error('the reading thread has ended');
  });
  // Both reject as soon as the thread throws.
  const [answer] = await Promise.race([once(worker, 'message', options), ended]);
  return answer;
}

/** Ends only by throwing: a limit is exceeded, the caller gives up, or `over` says that there is an answer. */
async function watch(limits: ReadingLimits, over: AbortSignal): Promise<never> {
  const deadline = performance.now() + limits.timeoutSeconds * 1000;
  const memoryBefore = process.memoryUsage.rss();
  for await (const _ of setInterval(WATCH_MILLIS, undefined, { signal: over })) {
    limits.signal?.throwIfAborted();
    if (performance.now() > deadline) throw tooCostly(`${limits.timeoutSeconds} s`);
    const grownMebibytes = (process.memoryUsage.rss() - memoryBefore) / MEBIBYTE;
    if (grownMebibytes > limits.maxMemoryMebibytes)
      throw tooCostly(`${limits.maxMemoryMebibytes} MiB of memory`);
  }
  throw new Error('the watch over the reading thread ended');
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

async function serve(port: MessagePort): Promise<void> {
  // A parser that loses a promise has failed; without this, Node would hide its reason in a message of its own.
  process.on('unhandledRejection', (reason) => {
    throw reason instanceof Error ? reason : new Error(String(reason));
  });
  // Loaded here, so that the function's own thread starts without the parsers.
  const { readDocument } = await import('./read-document.ts');
  port.on('message', async ({ bytes, options }: ReadRequest) => {
    port.postMessage(await answerOf(readDocument(bytes, options)));
  });
  port.postMessage({ kind: 'ready' } satisfies Answer);
}

async function answerOf(reading: Promise<DocumentText>): Promise<Answer> {
  try {
    return { kind: 'read', document: await reading };
  } catch (error) {
    if (error instanceof UnreadableDocument) {
      return { kind: 'unreadable', code: error.code, message: error.message };
    }
    // Whatever a parser throws at a document, it will throw again.
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'unreadable', code: 'document-broken', message: `the document can't be read: ${reason}` };
  }
}

if (!isMainThread && workerData === ROLE && parentPort) void serve(parentPort);
