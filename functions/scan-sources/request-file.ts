/** What a request file asks for: read, checked by the schema of the API, and told apart from every other one. */
import { createJobBody } from '#contract/create-job.ts';
import { idProblem } from '#contract/ids.ts';
import { refusal } from '#contract/problem.ts';
import { canonicalJson, sha256 } from '../creation/canonical.ts';
import { readBody } from '../creation/read-body.ts';
import { wrongBody } from '../creation/wrong-input.ts';
import { requestText } from './request-text.ts';
import { requestOfXml } from './xml-request.ts';

export interface JobRequest {
  /** Absent: made of the content. */
  readonly id?: string;
  /** As it would be sent to the API, with URLs as they stand in the file. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The hash of the request and its files, in a label of the job: who finds it there knows whose job it is. */
export const HASH_LABEL = 'scan:hash';
/** The name of the request file, in a label of the job. */
const NAME_LABEL = 'scan:request';
const MAX_LABEL_LENGTH = 255;

/** Throws a refusal that says what is wrong, and where. */
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
    throw refusal('invalid-request', 'the request is no JSON object; write the body of a job, and its id');
  }
  const { id, ...body } = value as Record<string, unknown>;
  if (id === undefined) return { body };
  if (typeof id !== 'string') {
    throw refusal('invalid-request', `the id is a ${typeof id}; a text is expected, or none`);
  }
  return { id, body };
}

/** Equal for requests that say the same of equal files, in whatever form; `files` are hashes by path. */
export function contentHash({ id, body }: JobRequest, files: ReadonlyMap<string, string>): string {
  return sha256(
    canonicalJson({ id, body, files: [...files].sort(([one], [other]) => (one < other ? -1 : 1)) }),
  );
}

export function idOfHash(hash: string): string {
  return `scan-${hash.slice(0, 40)}`;
}

/** The body with labels that tell where the job comes from. */
export function labelled(
  body: JobRequest['body'],
  { name, hash }: { name: string; hash: string },
): Record<string, unknown> {
  const own = { [HASH_LABEL]: hash, [NAME_LABEL]: name.slice(-MAX_LABEL_LENGTH).toWellFormed() };
  const { labels } = body;
  const isMap = typeof labels === 'object' && labels !== null && !Array.isArray(labels);
  // Labels of another form stay as they are, for the schema to refuse.
  return { ...body, labels: isMap || labels === undefined ? { ...labels, ...own } : labels };
}

/** Throws a refusal unless the API would take such a body, as far as the body alone tells. */
export function checkRequest(body: Readonly<Record<string, unknown>>, maxItems: number): void {
  const checked = createJobBody.safeParse(readBody({ body: JSON.stringify(body) }));
  if (!checked.success) throw wrongBody(checked.error.issues);
  const items = countItems(body);
  if (items <= maxItems) return;
  throw refusal(
    'too-large',
    `the request has ${items} items; a scanner takes at most ${maxItems}: split it into several requests, or keep the items in a file for the splitter items or lines`,
  );
}

/** Those that stand in the request itself. */
function countItems({ items, batch }: Readonly<Record<string, unknown>>): number {
  const { definition } = Object(batch) as { definition?: { items?: unknown } };
  return [items, Object(definition).items].reduce<number>(
    (sum, list) => sum + (Array.isArray(list) ? list.length : 0),
    0,
  );
}
