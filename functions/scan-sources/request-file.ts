/** Reads a request file, checks it against the API's schema, and identifies it by a hash of its content. */
import { createJobBody } from '#contract/create-job.ts';
import { idProblem } from '#contract/ids.ts';
import { refusal } from '#contract/problem.ts';
import { canonicalJson, sha256 } from '../creation/canonical.ts';
import { readBody } from '../creation/read-body.ts';
import { invalidBody } from '../creation/wrong-input.ts';
import { requestText } from './request-text.ts';
import { requestOfXml } from './xml-request.ts';

export interface JobRequest {
  /** Job id. @default - derived from the content */
  readonly id?: string;
  /** Body for the API, with the URLs as written in the file. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Job label with the hash of the request and its files. It links the job to its request. */
export const HASH_LABEL = 'scan:hash';
/** Job label with the name of the request file. */
const NAME_LABEL = 'scan:request';
const MAX_LABEL_LENGTH = 255;

/** Parses a request file. Throws a refusal that states the error and its location. */
export function readRequest(name: string, bytes: Uint8Array): JobRequest {
  const text = requestText(bytes);
  const request = /\.xml$/i.test(name) ? requestOfXml(text) : requestOfJson(text);
  const problem = request.id === undefined ? undefined : idProblem('job', request.id);
  if (problem !== undefined) throw refusal('invalid-request', `the id is not accepted: ${problem}`);
  return request;
}

function requestOfJson(text: string): JobRequest {
  const value = readBody({ body: text });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusal(
      'invalid-request',
      'the request is not a JSON object; write the body of a job, with an optional id',
    );
  }
  const { id, ...body } = value as Record<string, unknown>;
  if (id === undefined) return { body };
  if (typeof id !== 'string') {
    throw refusal('invalid-request', `the id is a ${typeof id}; use a string, or omit it`);
  }
  return { id, body };
}

/**
 * Returns the hash of a request and its files. Requests with the same content and equal files have the same hash, in
 * XML and in JSON. `files` maps paths to hashes.
 */
export function contentHash({ id, body }: JobRequest, files: ReadonlyMap<string, string>): string {
  return sha256(
    canonicalJson({ id, body, files: [...files].sort(([one], [other]) => (one < other ? -1 : 1)) }),
  );
}

export function idOfHash(hash: string): string {
  return `scan-${hash.slice(0, 40)}`;
}

/** Returns the body with labels for the origin of the job. */
export function withLabels(
  body: JobRequest['body'],
  { name, hash }: { name: string; hash: string },
): Record<string, unknown> {
  const ownLabels = { [HASH_LABEL]: hash, [NAME_LABEL]: name.slice(-MAX_LABEL_LENGTH).toWellFormed() };
  const { labels } = body;
  const isMap = typeof labels === 'object' && labels !== null && !Array.isArray(labels);
  // Leave invalid labels unchanged, so that the schema rejects them.
  return { ...body, labels: isMap || labels === undefined ? { ...labels, ...ownLabels } : labels };
}

/** Throws a refusal if the API would reject the body. Checks only the body itself. */
export function checkRequest(body: Readonly<Record<string, unknown>>, maxItems: number): void {
  const parsedBody = createJobBody.safeParse(readBody({ body: JSON.stringify(body) }));
  if (!parsedBody.success) throw invalidBody(parsedBody.error.issues);
  const items = countItems(body);
  if (items <= maxItems) return;
  throw refusal(
    'too-large',
    `the request has ${items} items; the limit is ${maxItems}; split it into several requests, or put the items into a file for the splitter items or lines`,
  );
}

/** Returns the number of items in the request itself. */
function countItems({ items, batch }: Readonly<Record<string, unknown>>): number {
  const { definition } = Object(batch) as { definition?: { items?: unknown } };
  return [items, Object(definition).items].reduce<number>(
    (sum, list) => sum + (Array.isArray(list) ? list.length : 0),
    0,
  );
}
