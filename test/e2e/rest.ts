import { expect, inject } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import { checkResponse } from '../support/documented-answers.ts';

/** A response of the API, with a parsed body if it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read response bodies of every shape
  readonly body: any;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null`: none at all. */
  readonly token?: string | null;
}

/** Calls the service under test; `path` begins with / and is sent unchanged. Throws if the API document does not allow the response. */
export async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const token = options.token === undefined ? inject('token') : options.token;
  const response = await fetch(`${inject('url')}${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...omitUndefined({ body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const { status, headers } = response;
  const [route = ''] = path.split('?');
  checkResponse({ method, path: route, status, headers: Object.fromEntries(headers), text });
  const isJson =
    /json/.test(headers.get('content-type') ?? '') && !/ndjson/.test(headers.get('content-type') ?? '');
  return { status, headers, body: isJson && text !== '' ? JSON.parse(text) : text };
}

let partitions = 0;

/** A partition that no other test uses. */
export function freshPartition(): string {
  partitions += 1;
  return `t-${process.pid}-${Date.now().toString(36)}-${partitions}`;
}

export function jobPath(partition: string, job: string): string {
  return `/partitions/${encodeURIComponent(partition)}/jobs/${encodeURIComponent(job)}`;
}

/** Waits until `look` gives something, or fails saying what was seen last. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  deadlineSeconds = 60,
): Promise<T> {
  const deadline = Date.now() + deadlineSeconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`not within ${deadlineSeconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const FINAL = ['Completed', 'Failed', 'Cancelled', 'Expired'];

/** The job once it is final. Checks on the way that its percentage never falls. */
export async function finished(path: string, deadlineSeconds = 90) {
  let shown = 0;
  return until(
    `${path} is final`,
    async () => {
      const { body } = await call('GET', path);
      if (body.percentageComplete < shown)
        throw new Error(`percentage fell from ${shown} to ${body.percentageComplete}`);
      shown = body.percentageComplete;
      return FINAL.includes(body.status) && body;
    },
    deadlineSeconds,
  );
}

/** All pages of a list. */
export async function pages(path: string) {
  const entries = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const answer: Answer = await call('GET', next);
    if (answer.status !== 200) throw new Error(`${next}: ${answer.status} ${JSON.stringify(answer.body)}`);
    entries.push(...answer.body);
    const link: string | undefined = /<([^>]+)>;\s*rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    next = link === undefined ? undefined : `${path.split('?')[0]}${new URL(link, 'http://service').search}`;
  }
  return entries;
}

/** Sends a request again as long as the rate limit of its partition refuses it, after the time that it asks for. */
export async function callPatiently(...request: Parameters<typeof call>): Promise<Answer> {
  for (;;) {
    const answer = await call(...request);
    if (answer.status !== 429) return answer;
    const seconds = Number(answer.headers.get('retry-after'));
    await new Promise((resolve) => setTimeout(resolve, 1_000 * seconds));
  }
}

/** Uploads a file through the API. Returns the reference to it for use in a definition. */
export async function upload(
  partition: string,
  body: string | Uint8Array,
  filename = 'file.txt',
): Promise<string> {
  const { status, body: ticket } = await callPatiently(
    'POST',
    `/partitions/${encodeURIComponent(partition)}/uploads`,
    {
      body: { filename, sizeBytes: Buffer.byteLength(body) },
    },
  );
  if (status !== 201) throw new Error(`upload refused: ${status} ${JSON.stringify(ticket)}`);
  const sent = await fetch(ticket.url, {
    method: ticket.method,
    headers: ticket.headers,
    body: typeof body === 'string' ? body : Buffer.from(body),
  });
  if (!sent.ok) throw new Error(`upload failed: ${sent.status} ${await sent.text()}`);
  return `upload:${ticket.id}`;
}

/** A job of this batch, created and run to its end. */
export async function runBatch(partition: string, id: string, batch: Record<string, unknown>) {
  const path = jobPath(partition, id);
  const created = await call('PUT', path, { body: { batch } });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  return { path, job: await finished(path) };
}
