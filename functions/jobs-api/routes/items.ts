/** The items of a job and the files that they resulted in. */
import type { ItemView, ResultPart } from '#contract/item-view.ts';
import type { QueryOf } from '#contract/routes.ts';
import { isResult } from '#core/item.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { mapParallel } from '#core/parallel.ts';
import { existingJob } from '../existing-job.ts';
import { outcomePosition, readOutcomes } from '../lists/outcomes.ts';
import { PagedList } from '../lists/pages.ts';
import { signedLink } from '../lists/signed-link.ts';
import type { ApiPorts, OperationHandler } from '../request.ts';

const LINES_TYPE = 'application/x-ndjson';

export const listItems: OperationHandler<'listItems'> = async (request, ports) => {
  const { query } = request;
  const job = await existingJob(request.parameters, ports);
  const list = new PagedList(request, ports, outcomePosition, { runNumber: job.runNumber });
  const expand = (item: ItemView) => selected(item, query);
  const scan = { start: await list.start(), limit: query.limit, expand };
  const { entries, next } = await readOutcomes(job, scan, ports);
  // Any other Accept gets JSON too, because JSON helps the caller more than a refusal.
  if (!request.header('Accept')?.toLowerCase().includes(LINES_TYPE)) return list.answer(entries, next);
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  return { status: 200, text, contentType: LINES_TYPE, headers: await list.headers(next) };
};

function selected(item: ItemView, { outcome, parts }: QueryOf<'listItems'>): ItemView[] {
  if (outcome !== undefined && item.outcome !== outcome) return [];
  if (parts === 'all' || item.parts === undefined) return [item];
  return [{ ...item, parts: item.parts.filter(({ type }) => type !== 'META') }];
}

const PARALLEL_SIGNATURES = 16;

type Part = NonNullable<ItemView['parts']>[number] & { readonly itemId: string };

export const getResult: OperationHandler<'getResult'> = async (request, ports) => {
  const job = await existingJob(request.parameters, ports);
  const list = new PagedList(request, ports, outcomePosition, { runNumber: job.runNumber });
  const scan = {
    start: await list.start(),
    limit: request.query.limit,
    lastVisitFirst: true,
    expand: resultParts,
  };
  const { entries, next } = await readOutcomes(job, scan, ports);
  const body = await mapParallel(entries, PARALLEL_SIGNATURES, (part) => link(part, job.partition, ports));
  // Everyone who has a link can read its file, so caches must not store the response.
  return { status: 200, body, headers: { ...(await list.headers(next)), 'Cache-Control': 'no-store' } };
};

/** Returns the parts of a succeeded item that are results. The worker set their locations. */
function resultParts({ id, outcome, parts = [] }: ItemView): Part[] {
  if (outcome !== 'succeeded') return [];
  return parts
    .filter(({ type }) => type !== 'META')
    .filter((part) => isResult(part))
    .map((part) => ({ ...part, itemId: id }));
}

async function link(part: Part, partition: string, ports: ApiPorts): Promise<ResultPart> {
  const { itemId, filename, mimeType, sizeBytes } = part;
  const file = { itemId, filename, mimeType, ...omitUndefined({ sizeBytes }) };
  return { ...file, ...(await signedLink(part, partition, ports)) };
}
