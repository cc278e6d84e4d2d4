import { expect, test } from 'vitest';
import { jobKey, progressKey } from '../../../functions/store/keys.ts';
import { readProgress } from '../../../functions/store/progress.ts';
import { JOB, RUN } from '../../support/jobs.ts';
import { aTracker, chunk, recordsOf } from './a-tracker.ts';
import { reportOf, sealOf } from './any-tree.ts';

const CHUNKS = 10_000;
const CHUNKS_PER_REPORT = 10;
const REPORT_MILLIS = 30;
const INSTANCES = 3;

interface RowWrite {
  readonly sk: string;
  readonly instance: number;
  readonly at: number;
}

/** The writes of rows of the job itself, while three trackers take the reports of ten thousand chunks in turns. */
async function writesOfJob(fullBatch?: number) {
  const writes: RowWrite[] = [];
  let instance = 0;
  const { pk } = jobKey(JOB);
  const tracker = await aTracker({}, (key) => {
    if (key.pk === pk) writes.push({ sk: key.sk, instance, at: tracker.clock.now() });
  });
  const instances = Array.from({ length: INSTANCES }, () => tracker.anInstance(fullBatch));
  const found = { items: CHUNKS * 10, batches: 0 };
  await tracker.track(sealOf('', CHUNKS, { found }));
  writes.length = 0;
  for (let first = 0; first < CHUNKS; first += CHUNKS_PER_REPORT) {
    const report = reportOf(Array.from({ length: CHUNKS_PER_REPORT }, (_, i) => chunk(first + i)));
    instance = (first / CHUNKS_PER_REPORT) % INSTANCES;
    await instances[instance]?.(recordsOf([report]));
    tracker.clock.advance(REPORT_MILLIS);
  }
  return { writes, job: await tracker.job() };
}

test('ten thousand chunks in full batches cost one progress write a second and instance, and one write of the job at its end', async () => {
  const { writes, job } = await writesOfJob(1);

  const ofProgress = writes.filter(({ sk }) => sk === progressKey(RUN).sk);
  const seconds = (CHUNKS / CHUNKS_PER_REPORT) * (REPORT_MILLIS / 1_000);
  expect(job).toMatchObject({ status: 'Completed', totals: { items: CHUNKS * 10 } });
  expect(writes.filter(({ sk }) => sk === jobKey(JOB).sk)).toHaveLength(1);
  for (let instance = 0; instance < INSTANCES; instance += 1) {
    // Writes the counters, and the percentage if it has increased. The last write includes the rest.
    const times = new Set(ofProgress.filter((write) => write.instance === instance).map(({ at }) => at));
    const inOrder = [...times].slice(0, -1);
    for (const [i, at] of inOrder.slice(1).entries()) {
      expect(at - (inOrder[i] ?? 0)).toBeGreaterThanOrEqual(1_000);
    }
    expect(times.size).toBeGreaterThan(seconds / 2);
  }
  expect(ofProgress.length).toBeLessThanOrEqual(2 * INSTANCES * (seconds + 2));
});

test('a batch that is not full leaves no count behind, so counts at rest are exact', async () => {
  const tracker = await aTracker();
  await tracker.track(sealOf('', 100, { found: { items: 1_000, batches: 0 } }));
  const instances = [tracker.anInstance(), tracker.anInstance()];
  for (let index = 0; index < 30; index += 1) {
    await instances[index % 2]?.(recordsOf([reportOf([chunk(index)])]));
    tracker.clock.advance(REPORT_MILLIS);

    expect(await readProgress(tracker.table, RUN)).toMatchObject({ done: 10 * (index + 1) });
  }
});
