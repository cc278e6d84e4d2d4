/** The captured request of a job: the body as it was sent, and the batch that was made from it. */

import * as v from 'valibot';
import type { JobKey, JobRun } from '#core/job.ts';
import { parseJson } from '#core/json/parse-json.ts';
import type { Objects, Table } from '#core/ports.ts';
import type { FlowPlan } from '#core/template/template.ts';
import type { CapturedRequest } from './insert-job.ts';
import { requestKey } from './keys.ts';
import { keyOfPartition, requestObjectKey } from './object-keys.ts';
import { parseStored } from './stored.ts';

/** Larger requests are stored in the bucket, so that the row costs only a few write units. */
const MAX_ROW_BYTES = 4 * 1024;

export interface RequestedWork {
  /** The body as it was sent. */
  readonly request: unknown;
  /** The batch to split, if the body describes its work in another form. */
  readonly batch?: unknown;
  /** The flow to run, if the body names a template. */
  readonly flow?: FlowPlan;
}

/** Checks the members that decide where the flow goes. The request was checked as a whole when it was captured. */
function isFlowPlan(value: unknown): value is FlowPlan {
  return v.is(storedFlow, value);
}
const storedFlow = v.object({
  steps: v.array(v.object({ name: v.string(), worker: v.string(), codes: v.array(v.string()) })),
  items: v.array(v.object({ parts: v.array(v.object({ url: v.string() })) })),
});

const storedWork: v.GenericSchema<RequestedWork> = v.object({
  request: v.unknown(),
  batch: v.exactOptional(v.unknown()),
  flow: v.exactOptional(v.custom<FlowPlan>(isFlowPlan, 'not a flow with steps and items')),
});

/**
 * Captures a request. A large one is written to the bucket under a unique key, so that no other creation can
 * delete it.
 */
export async function captureRequest(
  objects: Objects,
  job: JobKey,
  work: RequestedWork,
  uniqueId: string,
): Promise<CapturedRequest> {
  const isTranslated = work.batch !== undefined || work.flow !== undefined;
  const body = JSON.stringify(isTranslated ? work : work.request);
  const flag = isTranslated ? { translated: true as const } : {};
  if (new TextEncoder().encode(body).length <= MAX_ROW_BYTES) return { body, ...flag };
  const key = requestObjectKey(job, uniqueId);
  await objects.put(key, body, { contentType: 'application/json' });
  return { key, ...flag };
}

/** Returns the request body as it was sent. */
export async function readRequest(table: Table, objects: Objects, run: JobRun): Promise<unknown> {
  return (await readWork(table, objects, run))?.request;
}

/** Returns the batch that the job splits. */
export async function readBatch(table: Table, objects: Objects, run: JobRun): Promise<unknown> {
  const work = await readWork(table, objects, run);
  return work?.batch ?? (work?.request as { readonly batch?: unknown } | undefined)?.batch;
}

/** Returns the steps and items of a job that runs a template. */
export async function readFlow(table: Table, objects: Objects, run: JobRun): Promise<FlowPlan | undefined> {
  return (await readWork(table, objects, run))?.flow;
}

async function readWork(table: Table, objects: Objects, run: JobRun): Promise<RequestedWork | undefined> {
  const { row } = await table.get(requestKey(run), { strong: true });
  if (row === undefined) return undefined;
  const text =
    typeof row['body'] === 'string'
      ? row['body']
      : await readObject(objects, run.partition, String(row['key']));
  if (text === undefined) return undefined;
  return row['translated'] === true
    ? parseStored(storedWork, text, 'request of a job')
    : { request: parseJson(text) };
}

async function readObject(objects: Objects, partition: string, key: string): Promise<string | undefined> {
  const bytes = await objects.get({ key: keyOfPartition(partition, key) });
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
