/** Adds the payload of each failed item to its failure, from the outcome of the item. Failure rows do not contain it. */
import type { FailureView } from '#contract/failure-view.ts';
import { itemOfFailure, shortenId } from '#core/failure.ts';
import type { OutcomeRecord } from '#core/item.ts';
import { inputOfRecord } from '#core/item-input.ts';
import { type Failure, type Job, runNumbersOf } from '#core/job.ts';
import { mapParallel } from '#core/parallel.ts';
import { readRange } from '../../store/blocks.ts';
import { ChunkFinder } from '../../store/recorded-chunks.ts';
import type { ApiPorts } from '../request.ts';

/** Maximum number of chunks whose outcomes one request reads. Further failures of the page have no excerpt. */
const MAX_CHUNKS = 100;
const PARALLEL_READS = 16;

export async function withPayloadExcerpts(
  job: Job,
  failures: readonly Failure[],
  ports: ApiPorts,
): Promise<FailureView[]> {
  const chunks = Map.groupBy(failures, ({ failureId }) => {
    const failed = itemOfFailure(failureId);
    return failed && `${failed.path}/${failed.index}`;
  });
  chunks.delete(undefined);
  const excerpts = new Map<string, string>();
  const finder = new ChunkFinder(ports.table);
  await mapParallel([...chunks.values()].slice(0, MAX_CHUNKS), PARALLEL_READS, async ([first]) => {
    const chunk = first && itemOfFailure(first.failureId);
    for (const record of chunk === undefined ? [] : await recordsOf(job, chunk, { finder, ...ports })) {
      const input = record.failure && inputOfRecord(record);
      if (input !== undefined)
        excerpts.set(`${chunk?.path}/${chunk?.index}/${shortenId(record.id)}`, input.json);
    }
  });
  return failures.map((failure) => {
    const failed = itemOfFailure(failure.failureId);
    const payloadExcerpt = failed && excerpts.get(`${failed.path}/${failed.index}/${failed.item}`);
    return payloadExcerpt === undefined ? failure : { ...failure, payloadExcerpt };
  });
}

/** Returns the outcomes of the chunk from the newest run that recorded them. */
async function recordsOf(
  job: Job,
  chunk: { readonly path: string; readonly index: number },
  { finder, objects }: Pick<ApiPorts, 'objects'> & { readonly finder: ChunkFinder },
): Promise<readonly OutcomeRecord[]> {
  for (const runNumber of runNumbersOf(job)) {
    const run = { ...job, runNumber };
    const recorded = await finder.find({ run, path: chunk.path }, chunk.index);
    if (recorded !== undefined) return (await readRange(objects, recorded.range)) ?? [];
  }
  return [];
}
