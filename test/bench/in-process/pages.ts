/** P8: the tracking rows of 100 million items, and the writes to one key while 100,000 chunks a second are tracked. */
import type { Totals } from '#core/page.ts';
import { moveJob } from '../../../functions/store/jobs.ts';
import { touchPage } from '../../../functions/store/pages.ts';
import { cascade } from '../../../functions/track-results/cascade.ts';
import { Ticks } from '../../../functions/track-results/ticks.ts';
import { trackResults } from '../../../functions/track-results/track-results.ts';
import { countWrites, JOB, meteredService, submit } from '../../simulation/metered-service.ts';
import type { Measurement } from '../row.ts';
import { TableThread } from './table-thread.ts';

const ITEMS = 100_000_000;
const ITEMS_PER_TASK = 100;
const CHUNKS = ITEMS / ITEMS_PER_TASK;
const MEBIBYTE = 1024 * 1024;
/** The process of this measurement is started with this limit, so that garbage does not count. */
export const MAX_HEAP_MEBIBYTES = 128;
const TRACKERS = 10;
const REPORTS = 1_000;
const CHUNKS_PER_REPORT = 10;

async function pagesOfAll(): Promise<{ rows: number; bytes: number; heap: number }> {
  const table = new TableThread();
  const node = { run: { ...JOB, runNumber: 1 }, path: '', itemsPerTask: ITEMS_PER_TASK, sources: [] };
  const whole: Totals = { items: ITEMS_PER_TASK, failed: 0, skipped: 0 };
  let items = 0;
  let heap = 0;
  const track = async (ticks: Ticks): Promise<void> => {
    const { completeJobs } = await cascade(ticks, (touch) => touchPage(table, touch, 0));
    items = completeJobs[0]?.totals.items ?? items;
    heap = Math.max(heap, process.memoryUsage().heapUsed);
  };
  const seal = new Ticks();
  seal.seal(node, CHUNKS);
  await track(seal);
  for (let first = 0; first < CHUNKS; first += 10_000) {
    const ticks = new Ticks();
    for (let index = first; index < first + 10_000; index += 1) ticks.child(node, index, whole, 'chunk');
    await track(ticks);
  }
  if (items !== ITEMS) throw new Error(`the job ended with ${items} of ${ITEMS} items`);
  return { ...(await table.close()), heap };
}

/** Ten trackers, each with the reports of a second. Returns the writes to the key with the most. */
async function writesOfHottestKey(): Promise<number> {
  const service = meteredService();
  await submit(service, 10);
  await moveJob(service.ports.table, JOB, 'dispatch', { now: 0 });
  const trackers = Array.from({ length: TRACKERS }, () => trackResults(service.ports));
  const writes = countWrites(service);
  let most = 0;
  for (let second = 0; second < 3; second += 1) {
    writes.clear();
    for (const [position, track] of trackers.entries()) {
      const first = (second * TRACKERS + position) * REPORTS;
      await track(Array.from({ length: REPORTS }, (_, at) => report(first + at)));
    }
    service.world.clock.advance(1_000);
    most = Math.max(most, ...writes.values());
  }
  return most;
}

function report(number: number) {
  const d = Array.from({ length: CHUNKS_PER_REPORT }, (_, at) => number * CHUNKS_PER_REPORT + at);
  const body = {
    v: 1,
    kind: 'report',
    ...JOB,
    runNumber: 1,
    itemsPerTask: 1,
    nodes: [{ path: '', d, x: [] }],
  };
  return { id: `r${number}`, body: JSON.stringify(body), origin: 'workers' as const };
}

export const measurePages: Measurement = async () => {
  const hottest = await writesOfHottestKey();
  const { rows, bytes, heap } = await pagesOfAll();
  return [
    {
      id: 'P8',
      what: `Pages of 100 million items, ${ITEMS_PER_TASK} a chunk`,
      measured: `${(bytes / 1e6).toFixed(2)} MB in ${rows} rows`,
      reference: 'one row of 200 bytes for each chunk: 200 MB',
      goal: '≤ 5 MB',
      isMet: bytes <= 5e6,
    },
    {
      id: 'P8',
      what: 'Heap of the tracker while they are tracked',
      measured: `${(heap / MEBIBYTE).toFixed(0)} MiB`,
      reference: `limit of its old generation: ${MAX_HEAP_MEBIBYTES} MiB`,
      goal: '≤ 128 MiB',
      isMet: heap <= MAX_HEAP_MEBIBYTES * MEBIBYTE,
    },
    {
      id: 'P8',
      what: 'Writes a second to the hottest key at 100,000 chunks a second',
      measured: String(hottest),
      reference: 'limit of DynamoDB: 1,000 write units a second',
      goal: '≤ 100',
      isMet: hottest <= 100,
    },
  ];
};
