/** One item of a job: its outcome, its attempts, its payload and its files. */
import type { ItemAttemptView, ItemDetail, ItemPartView } from '#contract/item-detail-view.ts';
import { itemViewSchema } from '#contract/item-view.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { mapParallel } from '#core/parallel.ts';
import { existingJob } from '../existing-job.ts';
import { findOutcome, scanPosition } from '../lists/find-outcome.ts';
import { PagedList } from '../lists/pages.ts';
import { signedLink } from '../lists/signed-link.ts';
import { noSuchItem } from '../missing.ts';
import type { ApiPorts, OperationHandler } from '../request.ts';

export const getItem: OperationHandler<'getItem'> = async (request, ports) => {
  const { i: id } = request.parameters;
  const job = await existingJob(request.parameters, ports);
  const list = new PagedList(request, ports, scanPosition, { generation: job.generation });
  const found = await findOutcome(job, { id, start: await list.start() }, ports);
  if (found.kind === 'found') {
    const body = await detailOf(found.record, job, ports);
    // The response may contain signed links.
    return { status: 200, body, headers: { 'Cache-Control': 'no-store' } };
  }
  const { lookedAt, next } = found;
  if (next === undefined) throw noSuchItem(job, id, { lookedAt, isFinal: isFinal(job.status) });
  const headers = await list.headers(next);
  const body = { id, attempts: [], lookedAt, cursor: await list.cursor(next) };
  return { status: 200, body, headers: { ...headers, 'Cache-Control': 'no-store' } };
};

async function detailOf(record: OutcomeRecord, job: Job, ports: ApiPorts): Promise<ItemDetail> {
  const { id, path, outcome, output, parts, failure } = itemViewSchema.parse(record);
  return {
    id,
    outcome,
    path,
    attempts: attemptsOf(record),
    ...omitUndefined({ output, failure }),
    ...(parts === undefined
      ? {}
      : { parts: await mapParallel(parts, PARALLEL_SIGNATURES, (part) => partOf(part, job, ports)) }),
  };
}

const PARALLEL_SIGNATURES = 16;

type Part = NonNullable<OutcomeRecord['parts']>[number];

async function partOf(
  { key, url, ...part }: Part,
  { partition }: Job,
  ports: ApiPorts,
): Promise<ItemPartView> {
  const file = Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
  return {
    ...(file as Omit<Part, 'key' | 'url'>),
    ...(await signedLink({ key, url, filename: part.filename }, partition, ports)),
  };
}

/** Returns one entry for each attempt. Only the failure of the last one is known. */
function attemptsOf({ attempts, failure }: OutcomeRecord): ItemAttemptView[] {
  const last = failure === undefined ? {} : { at: failure.failureTime, error: failure.failureMessage };
  return Array.from({ length: attempts }, (_, at) => (at + 1 < attempts ? {} : last));
}
