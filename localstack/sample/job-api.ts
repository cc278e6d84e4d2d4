import type { FailureSummary } from '#contract/failure-view.ts';
import type { ItemView, ResultPart } from '#contract/item-view.ts';
import type { JobView } from '#contract/job-view.ts';
import type { Problem } from '#contract/problem.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { LocalRefusal } from '../local-refusal.ts';

/** The members of a job that are followed. */
export type FollowedJob = Pick<
  JobView,
  'id' | 'status' | 'percentageComplete' | 'items' | 'estimatedEndTime'
>;

/** An item with the output of the worker `extract-text`. */
export type DocumentItem = Pick<ItemView, 'id' | 'outcome' | 'failure'> & {
  readonly output?: { readonly type?: string; readonly words?: number; readonly language?: string };
};

export interface JobApiOptions {
  /** The address that `npm run local -- url` prints. */
  readonly base: string;
  readonly token: string;
  readonly partition: string;
}

const PAGE_SIZE = 1000;

/** The API calls of the sample job. Throws refused requests as a `LocalRefusal` with the API's reason. */
export class JobApi {
  readonly #jobs: string;
  readonly #token: string;

  constructor({ base, token, partition }: JobApiOptions) {
    this.#jobs = `${base}/partitions/${encodeURIComponent(partition)}/jobs`;
    this.#token = token;
  }

  jobUrl(id: string): string {
    return `${this.#jobs}/${encodeURIComponent(id)}`;
  }

  async create(id: string, body: object): Promise<void> {
    await this.#call('PUT', this.jobUrl(id), JSON.stringify(body));
  }

  async read(id: string): Promise<FollowedJob> {
    const response = await this.#call('GET', this.jobUrl(id));
    return (await response.json()) as FollowedJob;
  }

  items(id: string): Promise<DocumentItem[]> {
    return this.#allPages<DocumentItem>(`${this.jobUrl(id)}/items`);
  }

  result(id: string): Promise<ResultPart[]> {
    return this.#allPages<ResultPart>(`${this.jobUrl(id)}/result`);
  }

  failures(id: string): Promise<FailureSummary[]> {
    return this.#allPages<FailureSummary>(`${this.jobUrl(id)}/failures`);
  }

  async #allPages<Entry>(url: string): Promise<Entry[]> {
    const entries: Entry[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor && { cursor }) });
      const response = await this.#call('GET', `${url}?${query}`);
      entries.push(...((await response.json()) as Entry[]));
      cursor = nextCursor(response.headers.get('link'));
    } while (cursor);
    return entries;
  }

  async #call(method: string, url: string, body?: string): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' };
    let response: Response;
    try {
      response = await fetch(url, { method, headers, ...omitUndefined({ body }) });
    } catch (error) {
      throw new LocalRefusal(
        `${method} ${url} got no response (${error instanceof Error ? (error.cause ?? error.message) : error}); check that the emulator is running: npm run local -- status`,
      );
    }
    if (response.ok) return response;
    const reason = problemReason(await response.text());
    throw new LocalRefusal(
      `${method} ${url} was refused with ${response.status}: ${reason}. The logs of the functions are in .jobtree/ministack/emulator.log`,
    );
  }
}

/**
 * Returns the cursor of the next page. The rest of the link is not used, because its host and path may differ
 * behind an emulator.
 */
export function nextCursor(link: string | null): string | undefined {
  const next = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  return next === undefined
    ? undefined
    : (new URL(next, 'http://base').searchParams.get('cursor') ?? undefined);
}

/**
 * Returns the texts of a problem+json response, with the locations of its errors; otherwise the response
 * text.
 */
export function problemReason(text: string): string {
  try {
    const { detail, title, message, errors = [] } = JSON.parse(text) as Partial<Problem>;
    const locations = errors.map(
      ({ pointer, parameter, detail: reason }) => `${pointer ?? parameter ?? 'body'}: ${reason}`,
    );
    return [detail ?? title ?? message ?? text, ...locations].join('; ');
  } catch {
    return text.trim() || 'no reason given';
  }
}
