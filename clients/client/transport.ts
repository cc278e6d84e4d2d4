/** Sends requests to the API: adds the token, repeats what is safe to repeat, and throws typed errors. */

import { parseJson } from '#core/json/parse-json.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { ConnectionError, errorOf, retryAfterSeconds, ServiceError } from './errors.ts';
import { sleep } from './sleep.ts';

/** A token, or a function that returns a current one. The client calls it again after a 401. */
export type TokenSource = string | (() => string | Promise<string>);

export interface TransportOptions {
  readonly url: string;
  readonly token?: TokenSource | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly retries?: number | undefined;
}

export interface CallOptions {
  /** Ends the request, and throws the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

export interface LinkOptions extends CallOptions {
  /** @default true */
  readonly isRepeatable?: boolean;
  /** Sends the request instead of the `fetch` of the client. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

export type QueryValue = string | number | boolean | readonly string[] | undefined;

export interface ApiCall extends CallOptions {
  readonly method?: string;
  /** Segments of the path, not yet percent-encoded. */
  readonly path: readonly string[];
  /** Verb after a colon, as in `jobs:cancel`. */
  readonly verb?: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** True if sending the request twice has the effect of sending it once. @default true for all but POST */
  readonly isRepeatable?: boolean;
  /** Status of a repeated request if an earlier attempt, whose response was lost, succeeded. */
  readonly doneStatus?: number;
}

interface Attempts {
  readonly address: string;
  attempt(): Promise<Response>;
  readonly isRepeatable: boolean;
  readonly doneStatus?: number | undefined;
  readonly signal?: AbortSignal | null | undefined;
}

const DEFAULT_RETRIES = 4;
const FIRST_DELAY_MILLIS = 250;
const MAX_DELAY_MILLIS = 8_000;
/** The client does not wait longer than this for a `Retry-After`; it throws instead. */
const MAX_RETRY_AFTER_SECONDS = 60;
const EXCERPT_LENGTH = 100;
const TRANSIENT = [429, 502, 503, 504];

export class Transport {
  /** The base of all paths, without a slash at its end. */
  readonly url: string;
  readonly #fetch: typeof fetch;
  readonly #retries: number;
  readonly #source: TokenSource | undefined;
  #token: Promise<string> | undefined;

  constructor({ url, token, fetch: customFetch, retries = DEFAULT_RETRIES }: TransportOptions) {
    this.url = baseOf(url);
    this.#source = token;
    this.#retries = retries;
    this.#fetch = customFetch ?? ((...request) => globalThis.fetch(...request));
  }

  /** Returns the body of the response, parsed from JSON. */
  async json<T>(call: ApiCall): Promise<T> {
    return this.parse(await this.send(call));
  }

  async parse<T>(response: Response): Promise<T> {
    const text = await response.text();
    try {
      return parseJson(text) as T;
    } catch (error) {
      const excerpt = text.slice(0, EXCERPT_LENGTH);
      const detail = `${this.url} did not respond with JSON: '${excerpt}'; check that it is the address of an API`;
      throw new ServiceError({ status: response.status, code: 'not-json', detail }, { cause: error });
    }
  }

  /** Returns a response with status 2xx or 304, and throws a JobtreeError for any other. */
  async send(call: ApiCall): Promise<Response> {
    const { method = 'GET', isRepeatable = method !== 'POST' } = call;
    const request = { ...call, method, isRepeatable };
    const token = await this.#currentToken();
    let response = await this.#sendPatiently(request, token);
    if (response.status === 401 && typeof this.#source === 'function') {
      // Another request may have renewed the token meanwhile.
      if ((await this.#currentToken()) === token) this.#token = undefined;
      response = await this.#sendPatiently(request, await this.#currentToken());
    }
    if (response.ok || response.status === 304) return response;
    throw await errorOf(response, this.url);
  }

  /**
   * Fetches an address outside the API, such as a presigned link, with the same retries. `init` is called for each
   * attempt, because a body can be read only once.
   */
  async fetchLink(
    url: string,
    init: () => RequestInit,
    { isRepeatable = true, signal, fetch = this.#fetch }: LinkOptions = {},
  ): Promise<Response> {
    const attempt = () => fetch(url, signal === undefined ? init() : { ...init(), signal });
    const response = await this.#repeat({ address: url, attempt, isRepeatable, signal });
    if (response.ok) return response;
    // The query of a presigned link is a secret.
    throw await errorOf(response, url.replace(/\?.*/, ''));
  }

  #sendPatiently(call: ApiCall, token: string | undefined): Promise<Response> {
    const { method = 'GET', body, signal, isRepeatable = false, doneStatus } = call;
    const address = this.#address(call);
    const headers = new Headers({ accept: 'application/json' });
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    if (body !== undefined) headers.set('content-type', 'application/json');
    for (const [name, value] of Object.entries(call.headers ?? {}))
      if (value !== undefined) headers.set(name, value);
    const init: RequestInit = {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...omitUndefined({ signal }),
    };
    return this.#repeat({
      address,
      attempt: async () => withBody(await this.#fetch(address, init)),
      isRepeatable,
      doneStatus,
      signal,
    });
  }

  async #repeat({ address, attempt, isRepeatable, doneStatus, signal }: Attempts): Promise<Response> {
    let isUncertain = false;
    for (let retry = 0; ; retry += 1) {
      signal?.throwIfAborted();
      const isLast = retry >= this.#retries;
      let delay = delayMillis(retry);
      try {
        const response = await attempt();
        if (isUncertain && response.status === doneStatus) return new Response(null, { status: 204 });
        // A throttled request was not carried out, so that any method is safe to repeat.
        const canRepeat = isRepeatable ? TRANSIENT.includes(response.status) : response.status === 429;
        const seconds = retryAfterSeconds(response);
        if (!canRepeat || isLast || (seconds ?? 0) > MAX_RETRY_AFTER_SECONDS) return response;
        await response.body?.cancel();
        if (seconds !== undefined) delay = seconds * 1000 + delayMillis(0);
        isUncertain ||= response.status !== 429;
      } catch (error) {
        signal?.throwIfAborted();
        if (!isRepeatable || isLast) throw unreachable(address, error);
        isUncertain = true;
      }
      await sleep(delay, signal);
    }
  }

  #currentToken(): Promise<string | undefined> {
    if (typeof this.#source !== 'function') return Promise.resolve(this.#source);
    const source = this.#source;
    this.#token ??= Promise.resolve()
      .then(source)
      .catch((error: unknown) => {
        this.#token = undefined;
        throw error;
      });
    return this.#token;
  }

  #address({ path, verb, query = {} }: ApiCall): string {
    const segments = path.map(encoded).join('');
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined) continue;
      for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
    }
    const search = parameters.size === 0 ? '' : `?${parameters}`;
    return `${this.url}${segments}${verb === undefined ? '' : `:${verb}`}${search}`;
  }
}

/** Reads the body within the attempt, so that a connection that breaks meanwhile is repeated too. */
async function withBody(response: Response): Promise<Response> {
  const { status, headers } = response;
  const body = await response.arrayBuffer();
  return new Response(body.byteLength === 0 ? null : body, { status, headers });
}

/** URLs resolve the segments `.` and `..`, even if they are percent-encoded. */
function encoded(segment: string): string {
  if (!['', '.', '..'].includes(segment)) return `/${encodeURIComponent(segment)}`;
  throw new TypeError(`not a valid id: '${segment}'`);
}

/** In a browser, the address may be relative to the page. */
function baseOf(url: string): string {
  const page = (globalThis as { location?: { readonly href: string } }).location?.href;
  const base = URL.canParse(url, page) ? new URL(url, page) : undefined;
  if (base === undefined || !/^https?:$/.test(base.protocol))
    throw new TypeError(`not the address of a service: '${url}'; use one such as https://example.com/v1`);
  return base.href.replace(/\/+$/, '');
}

/** Doubles with each retry. Half of the delay is random, so that many clients do not retry together. */
function delayMillis(retry: number): number {
  const full = Math.min(MAX_DELAY_MILLIS, FIRST_DELAY_MILLIS * 2 ** retry);
  return full / 2 + (Math.random() * full) / 2;
}

function unreachable(address: string, cause: unknown): ConnectionError {
  const reason = cause instanceof Error ? (causeText(cause.cause) ?? cause.message) : String(cause);
  const detail = `no response from ${new URL(address).origin}: ${reason}; check the address and the network`;
  return new ConnectionError({ status: 0, code: 'unreachable', detail }, { cause });
}

/** Node's fetch states the reason only in the cause of its error. */
function causeText(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = (cause as { code?: unknown }).code;
  return cause.message || (typeof code === 'string' ? code : undefined);
}
