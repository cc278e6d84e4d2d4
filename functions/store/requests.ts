/** The captured request of a job: the body of its creation, as it was validated. */
import type { JobKey, JobRun } from '#core/job.ts';
import type { Objects, Table } from '#core/ports.ts';
import type { CapturedRequest } from './jobs.ts';
import { requestKey, requestObjectKey } from './keys.ts';

/** Larger requests lie in the bucket, so that the row stays at a few write units. */
const MAX_ROW_BYTES = 4 * 1024;

/** Writes a large request to the bucket under a key of its own, so that no other creation can take it away. */
export async function captureRequest(
  objects: Objects,
  job: JobKey,
  body: string,
  uniqueId: string,
): Promise<CapturedRequest> {
  if (new TextEncoder().encode(body).length <= MAX_ROW_BYTES) return { body };
  const key = requestObjectKey(job, uniqueId);
  await objects.put(key, body, { contentType: 'application/json' });
  return { key };
}

export async function readRequest(table: Table, objects: Objects, run: JobRun): Promise<unknown> {
  const { row } = await table.get(requestKey(run), { strong: true });
  if (row === undefined) return undefined;
  if (typeof row['body'] === 'string') return JSON.parse(row['body']);
  const bytes = await objects.get({ key: String(row['key']) });
  return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
}
