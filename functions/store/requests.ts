/** The captured request of a job: the body of its creation, and the batch it was translated to. */
import type { JobKey, JobRun } from '#core/job.ts';
import type { Objects, Table } from '#core/ports.ts';
import type { CapturedRequest, CapturedText } from './jobs.ts';
import { requestKey, requestObjectKey } from './keys.ts';

/** Larger requests lie in the bucket, so that the row stays at a few write units. */
const MAX_ROW_BYTES = 4 * 1024;

/** Writes a large text to the bucket under a key of its own, so that no other creation can take it away. */
export async function captureRequest(
  objects: Objects,
  job: JobKey,
  body: string,
  uniqueId: string,
): Promise<CapturedText> {
  if (new TextEncoder().encode(body).length <= MAX_ROW_BYTES) return { body };
  const key = requestObjectKey(job, uniqueId);
  await objects.put(key, body, { contentType: 'application/json' });
  return { key };
}

/** The request as it was sent. */
export async function readRequest(table: Table, objects: Objects, run: JobRun): Promise<unknown> {
  const captured = await readCaptured(table, run);
  return captured === undefined ? undefined : readText(objects, captured);
}

/** The batch that the job is: what its request was translated to, else what the request itself names. */
export async function readBatch(table: Table, objects: Objects, run: JobRun): Promise<unknown> {
  const captured = await readCaptured(table, run);
  if (captured?.batch !== undefined) return readText(objects, captured.batch);
  const request = captured === undefined ? undefined : await readText(objects, captured);
  return (request as { batch?: unknown } | undefined)?.batch;
}

/** The objects that a captured request lies in; they go with it. */
export async function requestObjects(table: Table, run: JobRun): Promise<string[]> {
  const captured = await readCaptured(table, run);
  const texts = [captured, captured?.batch].filter((text) => text !== undefined);
  return texts.flatMap((text) => ('key' in text ? [text.key] : []));
}

async function readCaptured(table: Table, run: JobRun): Promise<CapturedRequest | undefined> {
  const { row } = await table.get(requestKey(run), { strong: true });
  return row as CapturedRequest | undefined;
}

async function readText(objects: Objects, text: CapturedText): Promise<unknown> {
  if ('body' in text) return JSON.parse(text.body);
  const bytes = await objects.get({ key: text.key });
  return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
}
