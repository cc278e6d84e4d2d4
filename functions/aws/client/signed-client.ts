/** A client of one service: signs, sends and retries, with the rules of the SDK. */
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { CredentialSource, Environment } from './credentials.ts';
import { exchange, type HttpResponse, type Limits } from './exchange.ts';
import { isExpired, mayBeClock, RetryBudget, retryDelay, retryKind } from './retry-rules.ts';
import { BrokenResponse, type ServiceError } from './service-error.ts';
import { type Scope, sign } from './sign.ts';
import { traceHeader } from './trace-header.ts';

export interface ClientOptions {
  readonly scope: Scope;
  readonly endpoint: URL;
  readonly credentials: CredentialSource;
  readonly environment: Environment;
  readonly limits: Limits;
  readonly errorOf: (response: HttpResponse) => ServiceError;
  /** Longest first delay after a transient failure. @default 50 */
  readonly retryMillis?: number;
}

export interface ServiceRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** @default - the client's endpoint */
  readonly endpoint?: URL;
  /** @default / */
  readonly path?: string;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** `read` may throw `BrokenResponse`; the request is then retried. */
export type SignedClient = <T>(request: ServiceRequest, read: (response: HttpResponse) => T) => Promise<T>;

const MAX_ATTEMPTS = 4;

type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown; readonly headers: IncomingHttpHeaders };

export function signedClient(options: ClientOptions): SignedClient {
  const { credentials, retryMillis } = options;
  const budget = new RetryBudget();
  const clock = new ServiceClock();
  return async (request, read) => {
    let cost: number | undefined;
    let hasRenewed = false;
    for (let retries = 0; ; retries += 1) {
      const { offset } = clock;
      const sentAt = Date.now();
      const result = await attempt(options, request, { read, now: sentAt + offset });
      if (result.kind === 'done') {
        budget.refill(cost);
        return result.value;
      }
      const { error, headers } = result;
      let kind = retryKind(error);
      if (clock.correct(headers, { offset, sentAt }) && mayBeClock(error)) kind = 'transient';
      if (isExpired(error) && !hasRenewed) {
        credentials.forget();
        hasRenewed = true;
        kind = 'transient';
      }
      if (kind === undefined || retries + 1 === MAX_ATTEMPTS) throw error;
      cost = budget.spend(kind);
      if (cost === undefined) throw error;
      await sleep(retryDelay(kind, { retries, headers, retryMillis }));
    }
  };
}

async function attempt<T>(
  { endpoint: usual, credentials, environment, limits, scope, errorOf }: ClientOptions,
  { method, endpoint = usual, path = '/', headers = {}, body = '' }: ServiceRequest,
  { read, now }: { read: (response: HttpResponse) => T; now: number },
): Promise<Attempt<T>> {
  let response: HttpResponse | undefined;
  try {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const unsigned = { method, path, headers: { host: endpoint.host, ...headers }, body: bytes };
    const signed = sign(unsigned, await credentials.get(), scope, new Date(now));
    // Not signed, because proxies may change it.
    const all = { ...signed, ...traceHeader(environment), 'user-agent': 'jobtree' };
    response = await exchange({ method, endpoint, path, headers: all, body: bytes }, limits);
    if (response.status >= 300) throw errorOf(response);
    assertUnchanged(response);
    return { kind: 'done', value: read(response) };
  } catch (error) {
    return { kind: 'failed', error, headers: response?.headers ?? {} };
  }
}

/** DynamoDB sends a checksum of the body. */
function assertUnchanged({ headers, body }: HttpResponse): void {
  const expected = headers['x-amz-crc32'];
  if (expected !== undefined && crc32(body) !== Number(expected))
    throw new BrokenResponse(`the checksum of the response is ${crc32(body)} instead of ${expected}`);
}

/** The clock of the service differs from this one by less than this, or the difference is corrected. */
const MAX_SKEW_MILLIS = 4 * 60 * 1000;
/** The time in the response to a slower request is no longer the time of the service. */
const MAX_RESPONSE_MILLIS = 15 * 60 * 1000;

class ServiceClock {
  /** Added to this machine's time in signatures. */
  offset = 0;

  /** Returns true if the request was signed with a time that the service may have refused. */
  correct(
    { date, age }: IncomingHttpHeaders,
    { offset, sentAt }: { offset: number; sentAt: number },
  ): boolean {
    const now = Date.now();
    const measured = Date.parse(date ?? '') - now;
    const isReliable = age === undefined && now - sentAt < MAX_RESPONSE_MILLIS;
    if (!isReliable || Number.isNaN(measured) || Math.abs(measured - offset) < MAX_SKEW_MILLIS) return false;
    this.offset = measured;
    return true;
  }
}
