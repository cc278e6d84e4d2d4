/**
 * Prints the maximum live heap in bytes while items are split or tracked, one number for each argument:
 *
 *     node --expose-gc test/support/heap/main.ts <subject> <items> …
 *
 * Messages and objects are discarded, so the heap contains only what the function itself keeps.
 */
import { z } from 'zod';
import { Meter } from '#core/meter.ts';
import { PAGE_SIZE } from '#core/page.ts';
import type { Objects, Queues, Table } from '#core/ports.ts';
import { checkpoint, defineSplitter, item, type Splitter } from '#core/splitter.ts';
import { splitBatch } from '../../../functions/split-batch/split-batch.ts';
import { range } from '../../../functions/split-batch/splitters/range.ts';
import type { ReceivedRecord } from '../../../functions/track-results/accept-records.ts';
import { trackResults } from '../../../functions/track-results/track-results.ts';
import { anActiveJob, RUN } from '../jobs.ts';
import { memoryWorld } from '../memory/world.ts';
import { readingPorts } from '../policy-evaluator.ts';

const CHUNKS_PER_REPORT = 10;
const REPORTS_AT_ONCE = 100;
/** Number of sends and page writes between two measurements of the heap. */
const EVENTS_PER_MEASUREMENT = 500;
const ITEMS_PER_TASK = 2;

const { gc } = globalThis;
if (gc === undefined) throw new Error('start it as node --expose-gc');

class HeapWatch {
  maxHeap = 0;
  #events = 0;

  event(): void {
    this.#events += 1;
    if (this.#events % EVENTS_PER_MEASUREMENT === 0) this.measure();
  }

  measure(): void {
    gc?.();
    this.maxHeap = Math.max(this.maxHeap, process.memoryUsage().heapUsed);
  }
}

/** Yields items one by one from a source that may change, so each slice is stored before it is sent. */
const changingSource = (name: string, checkpoints: boolean) =>
  defineSplitter({
    name,
    description: 'Gives so many items, of a hundred bytes each.',
    definition: z.object({ to: z.number() }),
    *split({ to }, { cursor }) {
      for (let n = Number(cursor ?? 0); n < to; n += 1) {
        yield item(`item-${n}`, 'x'.repeat(100) + n);
        if (checkpoints && n % 100 === 99) yield checkpoint(n + 1);
      }
    },
  });

function worldWithoutStorage(watch: HeapWatch) {
  const world = memoryWorld({ table: { streams: () => false } });
  const queues: Queues = {
    has: () => true,
    async send() {
      watch.event();
      return { failed: [] };
    },
  };
  const objects: Objects = {
    put: async () => undefined,
    delete: async () => undefined,
    putIfAbsent: async () => 'written',
    putStream: async () => ({ sizeBytes: 0, requests: 1 }),
    get: async () => undefined,
    describe: async () => undefined,
    list: async () => ({ objects: [] }),
  };
  return { ...world, table: withoutFullPages(world.table, watch), queues, objects, meter: new Meter() };
}

/** With results in order, a full page is never read again. Failures are never read again. */
function withoutFullPages(table: Table, watch: HeapWatch): Table {
  return {
    get: (key, options) => table.get(key, options),
    query: (query) => table.query(query),
    transact: (writes) => table.transact(writes),
    async write(write, returns) {
      const result = await table.write(write, returns);
      const key = write.kind === 'put' ? write.row : write.key;
      if (key.sk === 'P' || key.sk.startsWith('F#')) {
        const { row } = await table.get(key);
        const elements = row?.['d'];
        const isFull = elements instanceof Set && elements.size === PAGE_SIZE;
        if (isFull || key.sk !== 'P') await table.write({ kind: 'delete', key: { pk: key.pk, sk: key.sk } });
        watch.event();
      }
      return result;
    },
  };
}

async function splitItems<D>(splitter: Splitter<D>, definition: D, watch: HeapWatch): Promise<void> {
  const world = worldWithoutStorage(watch);
  const { name } = splitter;
  await anActiveJob(world.table, { plan: { splitter: name, itemsPerTask: ITEMS_PER_TASK } });
  const split = splitBatch({
    ...world,
    splitters: [splitter as Splitter],
    ...readingPorts(world.objects),
    maxItems: Number.POSITIVE_INFINITY,
    statusCacheMillis: 5_000,
  });
  const message = { v: 1, kind: 'split', ...RUN, path: '', splitter: name, from: 0, hop: 0 } as const;
  const outcome = await split({ ...message, definition }, () => false);
  if (outcome !== 'sealed') throw new Error(`the batch is ${outcome}`);
}

/** One in a hundred chunks has failed. */
function reportBody(first: number, count: number): string {
  const indexes = Array.from({ length: count }, (_, i) => first + i);
  const failed = indexes.filter((index) => index % 100 === 7);
  const report = {
    v: 1,
    kind: 'report',
    ...RUN,
    itemsPerTask: ITEMS_PER_TASK,
    nodes: [
      {
        path: '',
        d: indexes.filter((index) => index % 100 !== 7),
        x: failed.map((index) => [index, ITEMS_PER_TASK, 1, 0]),
      },
    ],
    failures: failed.map((index) => ({
      failureId: `root/${index}/x`,
      failureTime: 0,
      failureSource: `chunk ${index}`,
      failureMessage: 'no',
      code: 'no',
      attempts: 1,
    })),
    operations: { objectPuts: 1 },
  };
  return JSON.stringify(report);
}

async function trackItems(items: number, watch: HeapWatch): Promise<void> {
  const world = worldWithoutStorage(watch);
  await anActiveJob(world.table, { plan: { itemsPerTask: ITEMS_PER_TASK } });
  const track = trackResults({ ...world, maxItems: Number.POSITIVE_INFINITY, statusCacheMillis: 5_000 });
  const chunks = items / ITEMS_PER_TASK;
  for (let first = 0; first < chunks; ) {
    const records: ReceivedRecord[] = [];
    for (; records.length < REPORTS_AT_ONCE && first < chunks; first += CHUNKS_PER_REPORT) {
      const body = reportBody(first, Math.min(CHUNKS_PER_REPORT, chunks - first));
      records.push({ id: `r${first}`, body, origin: 'workers' });
    }
    const { failed } = await track(records);
    if (failed.size > 0) throw new Error(`${failed.size} reports failed`);
    world.clock.advance(100);
  }
}

const SUBJECTS: Readonly<Record<string, (items: number, watch: HeapWatch) => Promise<void>>> = {
  'a range': (to, watch) => splitItems(range, { from: 0, to, step: 1 }, watch),
  'a source that may change': (to, watch) => splitItems(changingSource('moving', true), { to }, watch),
  'a source without checkpoints': (to, watch) => splitItems(changingSource('endless', false), { to }, watch),
  reports: trackItems,
};

const [subject = '', ...sizes] = process.argv.slice(2);
const run = SUBJECTS[subject];
if (run === undefined) {
  throw new Error(`subject '${subject}' is unknown; there are: ${Object.keys(SUBJECTS).join(', ')}`);
}
const maxHeap: number[] = [];
for (const size of sizes) {
  const watch = new HeapWatch();
  await run(Number(size), watch);
  watch.measure();
  maxHeap.push(watch.maxHeap);
}
process.stdout.write(`${JSON.stringify(maxHeap)}\n`);
