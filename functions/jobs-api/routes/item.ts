/** One item of a job: its outcome, its attempts, its payload and its files. */

import type { ItemDetail, ItemPartView } from '#contract/item-detail-view.ts';
import type { Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { parseJson } from '#core/json/parse-json.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { mapParallel } from '#core/parallel.ts';
import { existingJob } from '../existing-job.ts';
import { type FoundItem, findItem, scanPosition } from '../lists/find-item.ts';
import { PagedList } from '../lists/pages.ts';
import { attemptsOf, type RecordedItem } from '../lists/recorded-item.ts';
import { signedLink } from '../lists/signed-link.ts';
import { noSuchItem } from '../missing.ts';
import type { ApiPorts, OperationHandler } from '../request.ts';

// The response may contain signed links, and everyone who has one can read its file.
const NOT_CACHED = { 'Cache-Control': 'no-store' };

export const getItem: OperationHandler<'getItem'> = async (request, ports) => {
  const { i: id } = request.parameters;
  const job = await existingJob(request.parameters, ports);
  const list = new PagedList(request, ports, scanPosition, { runNumber: job.runNumber });
  const found = await findItem(job, { id, start: await list.start() }, ports);
  switch (found.kind) {
    case 'recorded':
      return { status: 200, body: await detailOf(found, job, ports), headers: NOT_CACHED };
    case 'retried':
      return { status: 200, body: retriedItem(id, found), headers: NOT_CACHED };
    case 'missing': {
      const { lookedAt, next } = found;
      if (next === undefined) throw noSuchItem(job, id, { lookedAt, isFinal: isFinal(job.status) });
      const body = { id, attempts: [], lookedAt, cursor: await list.cursor(next) };
      return { status: 200, body, headers: { ...(await list.headers(next)), ...NOT_CACHED } };
    }
  }
};

async function detailOf(
  { records }: FoundItem & { readonly kind: 'recorded' },
  job: Job,
  ports: ApiPorts,
): Promise<ItemDetail> {
  const [record] = records;
  const { id, path, outcome, output, parts, failure, note } = record;
  return {
    id,
    outcome,
    path,
    attempts: attemptsOf(records),
    ...(await payloadOf(record, job, ports)),
    ...omitUndefined({ output, failure, note }),
    ...(parts === undefined
      ? {}
      : { parts: await mapParallel(parts, PARALLEL_SIGNATURES, (part) => partOf(part, job, ports)) }),
  };
}

function retriedItem(id: string, { note, chunk }: FoundItem & { readonly kind: 'retried' }): ItemDetail {
  const attempts = note.items.find((item) => item.id === id)?.attempts ?? [];
  return { id, path: chunk.path, attempts, nextAttemptAt: note.nextAttemptAt };
}

type PayloadMembers = Pick<ItemDetail, 'payload' | 'payloadExcerpt' | 'payloadUrl'>;

async function payloadOf({ input }: RecordedItem, job: Job, ports: ApiPorts): Promise<PayloadMembers> {
  if (input === undefined) return {};
  const { json, isExcerpt, key } = input;
  const payload = isExcerpt === true ? undefined : parsed(json);
  if (payload !== undefined) return { payload: payload.value };
  const { url } =
    key === undefined ? {} : await signedLink({ filename: 'payload.json', key }, job.partition, ports);
  return { payloadExcerpt: json, ...omitUndefined({ payloadUrl: url }) };
}

function parsed(json: string): { readonly value: unknown } | undefined {
  try {
    return { value: parseJson(json) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const PARALLEL_SIGNATURES = 16;

type Part = NonNullable<RecordedItem['parts']>[number];

async function partOf(
  { key, url, ...part }: Part,
  { partition }: Job,
  ports: ApiPorts,
): Promise<ItemPartView> {
  const link = await signedLink({ key, url, filename: part.filename }, partition, ports);
  return { ...omitUndefined(part), ...link };
}
