import { LocalRefusal } from './local-refusal.ts';

/** The part of the job view that the sample job shows. */
export interface JobView {
  readonly id: string;
  readonly status: string;
  readonly percentageComplete: number;
  readonly items: { readonly found: number; readonly succeeded: number; readonly failed: number };
  readonly startTime?: number;
  readonly endTime?: number;
  readonly estimatedEndTime?: number;
  readonly failures?: readonly { readonly failureMessage?: string }[];
}

export interface ItemView {
  readonly id: string;
  readonly outcome: 'succeeded' | 'failed' | 'skipped';
  readonly output?: { readonly type?: string; readonly words?: number; readonly language?: string };
}

export interface FailureView {
  readonly itemId?: string;
  readonly failureId?: string;
  readonly failureMessage?: string;
  readonly code?: string;
}

export interface JobApiOptions {
  /** As `npm run local -- url` prints it. */
  readonly base: string;
  readonly token: string;
  readonly partition: string;
}

const FINAL_STATUSES: readonly string[] = ['Completed', 'Failed', 'Cancelled', 'Expired'];
const PAGE_SIZE = 1000;

export function isFinal({ status }: Pick<JobView, 'status'>): boolean {
  return FINAL_STATUSES.includes(status);
}

/** The few calls that the sample job makes; a refusal of the API becomes a sentence with the API's own reason. */
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

  async read(id: string): Promise<JobView> {
    const response = await this.#call('GET', this.jobUrl(id));
    return (await response.json()) as JobView;
  }

  items(id: string): Promise<ItemView[]> {
    return this.#allPages<ItemView>(`${this.jobUrl(id)}/items`);
  }

  failures(id: string): Promise<FailureView[]> {
    return this.#allPages<FailureView>(`${this.jobUrl(id)}/failures`);
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
      response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
    } catch (error) {
      throw new LocalRefusal(
        `${method} ${url} got no answer (${error instanceof Error ? (error.cause ?? error.message) : error}); see whether the emulator is up: npm run local -- status`,
      );
    }
    if (response.ok) return response;
    const reason = problemReason(await response.text());
    throw new LocalRefusal(
      `${method} ${url} was refused with ${response.status}: ${reason}. What the functions wrote is in .jobtree/ministack/emulator.log`,
    );
  }
}

/** The cursor of the next page. Only it is taken from the link: behind an emulator the host and path of a link may differ. */
export function nextCursor(link: string | null): string | undefined {
  const next = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  return next === undefined
    ? undefined
    : (new URL(next, 'http://base').searchParams.get('cursor') ?? undefined);
}

/** The words of a problem+json answer, with the places that were wrong; the bare text where it is none. */
export function problemReason(text: string): string {
  try {
    const { detail, title, message, errors = [] } = JSON.parse(text) as Problem;
    const places = errors.map(
      ({ pointer, parameter, detail: why }) => `${pointer ?? parameter ?? 'body'}: ${why}`,
    );
    return [detail ?? title ?? message ?? text, ...places].join('; ');
  } catch {
    return text.trim() || 'no reason given';
  }
}

interface Problem {
  readonly detail?: string;
  readonly title?: string;
  readonly message?: string;
  readonly errors?: readonly { pointer?: string; parameter?: string; detail?: string }[];
}
