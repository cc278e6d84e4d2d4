/** Jobs of a partition, for a scanner outside the service. Each method calls the REST API. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobView } from '#contract/job-view.ts';
import type { Problem } from '#contract/problem.ts';
import type { UploadView } from '#contract/uploads.ts';
import { JobServiceError } from '#core/errors.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { ExistingJob, ScannedJobs } from '../../functions/scan-sources/scan.ts';

export interface RestJobsOptions {
  /** Base URL of the API, without a trailing slash. */
  readonly base: string;
  readonly token: string;
  readonly partition: string;
  /** @default - the global `fetch` */
  readonly fetch?: typeof fetch;
  /** Aborts calls in progress. */
  readonly signal: AbortSignal;
}

const CALL_MILLIS = 40_000;
const UPLOAD_MILLIS = 15 * 60_000;
const TRIES = 3;
const PAUSE_MILLIS = 500;
const MAX_PAUSE_MILLIS = 60_000;
const MAX_FILENAME_LENGTH = 255;

export class RestJobs implements ScannedJobs {
  readonly #partition: string;
  readonly #token: string;
  readonly #fetch: typeof fetch;
  readonly #signal: AbortSignal;

  constructor({ base, token, partition, fetch: fetchCall = fetch, signal }: RestJobsOptions) {
    this.#partition = `${base}/partitions/${encodeURIComponent(partition)}`;
    this.#token = token;
    this.#fetch = fetchCall;
    this.#signal = signal;
  }

  async countUnfinished(): Promise<number> {
    const query = 'statusType=NotFinished&includeHidden=true';
    const response = await this.#call('GET', `${this.#partition}/jobStats/count?${query}`);
    return Number(await (await requireOk(response)).text());
  }

  async find(id: string): Promise<ExistingJob | undefined> {
    const response = await this.#call('GET', this.#jobUrl(id));
    if (response.status === 404) return undefined;
    return (await (await requireOk(response)).json()) as JobView;
  }

  async create(id: string, body: Readonly<Record<string, unknown>>): Promise<'created' | 'exists'> {
    const response = await this.#call('PUT', this.#jobUrl(id), body);
    if (response.status === 204) return 'exists';
    try {
      await requireOk(response);
      return 'created';
    } catch (error) {
      if (error instanceof JobServiceError && error.code === 'job-exists') return 'exists';
      throw error;
    }
  }

  /** Uploads the bytes to the bucket. Returns their URL for the job's body. */
  async upload(content: Blob, filename: string): Promise<string> {
    const name = filename.slice(-MAX_FILENAME_LENGTH).toWellFormed();
    const response = await requireOk(
      await this.#call('POST', `${this.#partition}/uploads`, { sizeBytes: content.size, filename: name }),
    );
    const { id, url, method, headers } = (await response.json()) as UploadView;
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(UPLOAD_MILLIS)]);
    const uploadResponse = await this.#fetch(url, { method, headers, body: content, signal });
    if (!uploadResponse.ok)
      throw new Error(`the upload of '${filename}' failed with status ${uploadResponse.status}`);
    return `upload:${id}`;
  }

  #jobUrl(id: string): string {
    return `${this.#partition}/jobs/${encodeURIComponent(id)}`;
  }

  /** Sends a request. Retries without a response, on 429 and on 5xx, because all of these calls are repeatable. */
  async #call(method: string, url: string, body?: object): Promise<Response> {
    for (let tries = 1; ; tries += 1) {
      let retryAfter: string | null = null;
      const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(CALL_MILLIS)]);
      const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' };
      try {
        const init = { method, headers, signal, ...omitUndefined({ body: body && JSON.stringify(body) }) };
        const response = await this.#fetch(url, init);
        if (tries === TRIES || !(response.status === 429 || response.status >= 500)) return response;
        retryAfter = response.headers.get('retry-after');
      } catch (error) {
        if (tries === TRIES || this.#signal.aborted) throw noResponse(method, url, error);
      }
      await sleep(pauseMillis(retryAfter, tries), undefined, { signal: this.#signal });
    }
  }
}

/** Returns the pause that the service requests, up to one minute. */
function pauseMillis(retryAfter: string | null, tries: number): number {
  const requestedMillis = Math.min(Number(retryAfter ?? 0) * 1000, MAX_PAUSE_MILLIS) || 0;
  return Math.max(requestedMillis, PAUSE_MILLIS * 2 ** tries);
}

/** Returns a successful response. Throws the problem of any other response. */
async function requireOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  const { status } = response;
  const text = await response.text();
  const { code = 'unknown', detail = text, errors = [] } = problemOf(text);
  throw new JobServiceError(status, code, detail, { errors });
}

function problemOf(text: string): Partial<Problem> {
  try {
    return Object(JSON.parse(text)) as Partial<Problem>;
  } catch {
    return {};
  }
}

function noResponse(method: string, url: string, error: unknown): Error {
  const { origin, pathname } = new URL(url);
  const cause = error instanceof Error ? (error.cause ?? error.message) : error;
  return new Error(`${method} ${origin}${pathname} got no response: ${cause}`, { cause: error });
}
