import type { ItemView, ResultPart } from '#contract/item-view.ts';
import { isResult } from '#core/item.ts';
import type { ObjectKey } from '#core/object-address.ts';
import { mapParallel } from '#core/parallel.ts';
import { readableKey } from '../../store/object-keys.ts';
import { existingJob } from '../existing-job.ts';
import { outcomePosition, readOutcomes } from '../lists/outcomes.ts';
import { PagedList } from '../lists/pages.ts';
import { type ApiTools, type OperationHandler, PRESIGNED_SECONDS } from '../request.ts';

const PARALLEL_SIGNATURES = 16;

type Part = Omit<NonNullable<ItemView['parts']>[number], 'key'> & {
  readonly itemId: string;
  readonly key?: ObjectKey;
};

export const getResult: OperationHandler<'getResult'> = async (request, tools) => {
  const job = await existingJob(request.parameters, tools);
  const list = new PagedList(request, tools, outcomePosition, { generation: job.generation });
  const expand = (item: ItemView) => resultParts(item, job.partition);
  const scan = { start: await list.start(), limit: request.query.limit, expand };
  const { entries, next } = await readOutcomes(job, scan, tools);
  const body = await mapParallel(entries, PARALLEL_SIGNATURES, (part) => link(part, tools));
  // The links open the files to whoever sees them.
  return { status: 200, body, headers: { ...(await list.headers(next)), 'Cache-Control': 'no-store' } };
};

/** A worker says where its parts lie; only what the partition may read is signed for it. */
function resultParts({ id, outcome, parts = [] }: ItemView, partition: string): Part[] {
  if (outcome !== 'succeeded') return [];
  return parts
    .filter(({ type }) => type !== 'META')
    .filter((part) => isResult(part))
    .flatMap(({ key, ...part }): Part[] => {
      if (key === undefined) return [{ ...part, itemId: id }];
      const readable = readableKey(partition, key);
      return readable === undefined ? [] : [{ ...part, itemId: id, key: readable }];
    });
}

async function link(part: Part, { presigner, clock }: ApiTools): Promise<ResultPart> {
  const { itemId, filename, mimeType, sizeBytes, key, url = '' } = part;
  const size = sizeBytes === undefined ? {} : { sizeBytes };
  if (key === undefined) return { itemId, filename, mimeType, ...size, url };
  const expiresAt = clock.now() + PRESIGNED_SECONDS * 1000;
  return { itemId, filename, mimeType, ...size, url: await presigner.get(key, filename), expiresAt };
}
