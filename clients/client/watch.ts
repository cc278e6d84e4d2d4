/** Follows a resource until it is final, by polling with its ETag. */
import { WaitTimeoutError } from './errors.ts';
import { sleep } from './sleep.ts';
import type { ApiCall, CallOptions, Transport } from './transport.ts';

export interface WatchOptions extends CallOptions {
  /** Time between two requests, in milliseconds. It grows while nothing changes. @default 500 */
  readonly minInterval?: number | undefined;
  /** @default 5000 */
  readonly maxInterval?: number | undefined;
}

export interface DoneOptions extends WatchOptions {
  /** Milliseconds after which `done` throws a WaitTimeoutError. @default none */
  readonly timeout?: number | undefined;
}

/** A resource and its ETag. */
export interface Versioned<T> {
  readonly value: T;
  readonly etag: string | undefined;
}

export interface Watched<T> {
  readonly call: ApiCall;
  isFinal(value: T): boolean;
}

const MIN_INTERVAL_MILLIS = 500;
const MAX_INTERVAL_MILLIS = 5_000;
const GROWTH = 1.5;

/** Returns the resource, or undefined if it still has this ETag. */
export async function readChanged<T>(
  transport: Transport,
  call: ApiCall,
  etag?: string,
): Promise<Versioned<T> | undefined> {
  const response = await transport.send({ ...call, headers: { ...call.headers, 'if-none-match': etag } });
  if (response.status === 304) return undefined;
  return { value: await transport.parse<T>(response), etag: response.headers.get('etag') ?? undefined };
}

/** Yields the resource now and after each change. The final state is the last. */
export async function* watch<T>(
  transport: Transport,
  { call, isFinal }: Watched<T>,
  { signal, minInterval = MIN_INTERVAL_MILLIS, maxInterval = MAX_INTERVAL_MILLIS }: WatchOptions = {},
): AsyncGenerator<T, void, undefined> {
  let etag: string | undefined;
  let shown: string | undefined;
  let interval = minInterval;
  for (;;) {
    const read = await readChanged<T>(transport, { ...call, signal }, etag);
    // Resources without an ETag are compared as a whole.
    const text = read === undefined ? shown : JSON.stringify(read.value);
    if (read === undefined || text === shown) {
      interval = Math.min(maxInterval, interval * GROWTH);
    } else {
      yield read.value;
      if (isFinal(read.value)) return;
      ({ etag } = read);
      shown = text;
      interval = minInterval;
    }
    await sleep(interval, signal);
  }
}

/** Returns the final state. */
export async function untilFinal<T>(
  transport: Transport,
  watched: Watched<T>,
  { timeout, signal, ...intervals }: DoneOptions = {},
): Promise<T> {
  const isTimeUp = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
  const signals = [signal, isTimeUp].filter((one) => one !== undefined);
  let last: T | undefined;
  try {
    const all = signals.length === 0 ? undefined : AbortSignal.any(signals);
    for await (const value of watch(transport, watched, { ...intervals, signal: all })) last = value;
  } catch (error) {
    if (signal?.aborted || !isTimeUp?.aborted) throw error;
    const detail = `${watched.call.path.join('/')} is not final after ${timeout} ms; it continues`;
    throw new WaitTimeoutError({ status: 0, code: 'wait-timeout', detail }, { cause: error });
  }
  // The loop ends only after a final state.
  return last as T;
}
