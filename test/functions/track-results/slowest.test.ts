import { expect, test } from 'vitest';
import { MAX_SLOWEST, slowestOf } from '#core/slowest.ts';
import { progressKey } from '../../../functions/store/keys.ts';
import { readProgress } from '../../../functions/store/progress.ts';
import { RUN } from '../../support/jobs.ts';
import { SeededRandom } from '../../support/memory/world.ts';
import { aTracker, chunk, recordsOf } from './a-tracker.ts';
import { inPieces, repeated, reportOf, sealOf, shuffled } from './any-tree.ts';

const CHUNKS = 300;
const INSTANCES = 4;

/** Reports of chunks that ran for `millisOf`. Each report lists its chunks as slow. */
function reportsOf(indexes: readonly number[], millisOf: (index: number) => number) {
  return indexes.map((index) => {
    const slowest: [string, number][] = [[String(index), millisOf(index)]];
    return reportOf([chunk(index)], { slowest });
  });
}

test.each([1, 2, 3, 4, 5])(
  'instances that write at the same time keep the slowest chunks of all (seed %i)',
  async (seed) => {
    const random = new SeededRandom(seed);
    const tracker = await aTracker();
    const instances = Array.from({ length: INSTANCES }, () => tracker.anInstance());
    const indexes = Array.from({ length: CHUNKS }, (_, index) => index);
    // Each chunk is slower than the one before, so that every batch changes the list, in any order.
    const reports = reportsOf(shuffled(repeated(indexes, 0.2, random), random), (index) => 100 + index);
    for (const batch of inPieces(inPieces(reports, 8, random), INSTANCES, random)) {
      await Promise.all(batch.map((some, at) => instances[at]?.(recordsOf(some))));
      tracker.clock.advance(400);
    }
    await tracker.tell(sealOf('', CHUNKS, { found: { items: 10 * CHUNKS, batches: 0 } }));

    const { slowest } = await readProgress(tracker.table, RUN);
    const all = indexes.map((index) => ({ path: String(index), millis: 100 + index }));
    expect(slowest).toEqual(slowestOf(all));
    expect(slowest).toHaveLength(MAX_SLOWEST);
    expect((await tracker.job())?.status).toBe('Completed');
  },
);

test('slow chunks cost no write beyond those of the percentage', async () => {
  const writesWith = async (millis: number | undefined) => {
    const tracker = await aTracker();
    await tracker.tell(sealOf('', 50, { found: { items: 500, batches: 0 } }));
    for (let index = 0; index < 50; index += 1) {
      const slowest: [string, number][] = [[String(index), (millis ?? 0) + index]];
      await tracker.tell(reportOf([chunk(index)], millis === undefined ? {} : { slowest }));
    }
    return tracker.writes.filter(({ sk }) => sk === progressKey(RUN).sk).length;
  };

  // The last report ends the job, whose percentage is not raised.
  expect(await writesWith(1_000)).toBeLessThanOrEqual((await writesWith(undefined)) + 1);
});
