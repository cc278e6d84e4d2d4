import type { ItemView, ResultPart } from '#contract/item-view.ts';
import { isResult } from '#core/item.ts';
import { mapParallel } from '#core/parallel.ts';
import { linkableKey } from '../../store/object-keys.ts';
import { existingJob } from '../existing-job.ts';
import { outcomePosition, readOutcomes } from '../lists/outcomes.ts';
import { PagedList } from '../lists/pages.ts';
import { type ApiTools, type OperationHandler, PRESIGNED_SECONDS } from '../request.ts';

const PARALLEL_SIGNATURES = 16;

type Part = NonNullable<ItemView['parts']>[number] & { readonly itemId: string };

export const getResult: OperationHandler<'getResult'> = async (request, tools) => {
  const job = await existingJob(request.parameters, tools);
  const list = new PagedList(request, tools, outcomePosition, { generation: job.generation });
  const scan = { start: await list.start(), limit: request.query.limit, expand: resultParts };
  const { entries, next } = await readOutcomes(job, scan, tools);
  const body = await mapParallel(entries, PARALLEL_SIGNATURES, (part) => link(part, job.partition, tools));
  // The links open the files to whoever sees them.
  return { status: 200, body, headers: { ...(await list.headers(next)), 'Cache-Control': 'no-store' } };
};

/** A worker says where its parts lie. */
function resultParts({ id, outcome, parts = [] }: ItemView): Part[] {
  if (outcome !== 'succeeded') return [];
  return parts
    .filter(({ type }) => type !== 'META')
    .filter((part) => isResult(part))
    .map((part) => ({ ...part, itemId: id }));
}

const NOT_LINKED =
  'The worker named a file that is not among the uploads and results of this partition; no link is made to it.';

/** Signed for the partition is only what is its own. */
async function link(part: Part, partition: string, { presigner, clock }: ApiTools): Promise<ResultPart> {
  const { itemId, filename, mimeType, sizeBytes, key, url } = part;
  const file = { itemId, filename, mimeType, ...(sizeBytes === undefined ? {} : { sizeBytes }) };
  if (key === undefined) return { ...file, ...(url === undefined ? {} : { url }) };
  const linked = linkableKey(partition, key);
  if (linked === undefined) return { ...file, note: NOT_LINKED };
  const expiresAt = clock.now() + PRESIGNED_SECONDS * 1000;
  return { ...file, url: await presigner.get(linked, filename), expiresAt };
}
