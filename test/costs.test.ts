/**
 * Compares the billed requests of a job with the numbers in the design. The metering adapters count them over memory
 * ports. M is the number of chunks. A worker receives b = 10 of them at once.
 */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { PRICES } from '#contract/prices.ts';
import type { BatchPlan } from '#core/job.ts';
import { addOperations, BILLED_OPERATIONS, type Operations } from '#core/meter.ts';
import type { Totals } from '#core/page.ts';
import { rowBytes } from '#core/units.ts';
import { deleteJob } from '../functions/store/delete-job.ts';
import { jobKey } from '../functions/store/keys.ts';
import { OBJECT_AREAS } from '../functions/store/object-keys.ts';
import { touchPage } from '../functions/store/pages.ts';
import { cascade } from '../functions/track-results/cascade.ts';
import { Ticks } from '../functions/track-results/ticks.ts';
import {
  followUp,
  invoke,
  JOB,
  meteredService,
  type Service,
  splitOnce,
  submit,
  trackOnce,
} from './simulation/metered-service.ts';
import { sendsOfChunks } from './simulation/sends-of-chunks.ts';
import { MemoryTable } from './support/memory/table.ts';

const M = 10_000;
const WORKER_BATCH = 10;
const SECOND = 1_000;
const RETENTION = 30 * 86_400 * SECOND;

interface CostOptions {
  /** Chunks come in the order of the splitter, or in any order at all. */
  readonly scattered?: boolean;
  /** Reports that the tracker is given at once. */
  readonly reportsAtOnce: number;
  readonly plan?: Partial<Pick<BatchPlan, 'itemsPerTask' | 'outcomes'>>;
}

/** The bill of a whole job: until its status is final, for what follows at once, and for its removal by retention. */
async function billOf(chunks: number, options: CostOptions) {
  return runAll(meteredService(), chunks, options);
}

async function runAll(
  service: Service,
  chunks: number,
  { scattered = false, reportsAtOnce, plan = {} }: CostOptions,
) {
  const { world, work, bill } = service;
  const pick = scattered ? (visible: number) => Math.floor(world.random.next() * visible) : undefined;
  const { signal } = new AbortController();
  await submit(service, chunks, plan);
  await followUp(service);
  await splitOnce(service);
  while (await invoke(service, 'worker:work', WORKER_BATCH, (messages) => work(messages, signal), pick)) {
    world.clock.advance(1);
  }
  while (await trackOnce(service, reportsAtOnce, pick)) world.clock.advance(SECOND);
  const running = bill.take(JOB);
  await followUp(service);
  const { row } = await world.table.get(jobKey(JOB));
  expect(row).toMatchObject({ status: 'Completed', totals: { items: chunks * (plan.itemsPerTask ?? 1) } });
  const finishing = bill.take(JOB);
  world.clock.advance(RETENTION);
  await deleteJob(service.ports.table, JOB, { now: world.clock.now() });
  await followUp(service);
  expect([...world.table.rows()].map(({ sk }) => sk)).toEqual(['JOB', 'PARTITION']);
  return { running, finishing, removing: bill.take(JOB) };
}

const perChunk = (bill: Operations, operation: keyof Operations) => (bill[operation] ?? 0) / M;

type Bill = Awaited<ReturnType<typeof billOf>>;
const whole = ({ running, finishing, removing }: Bill, operation: keyof Operations) =>
  perChunk(running, operation) + perChunk(finishing, operation) + perChunk(removing, operation);

/** One worker and one tracker; ten chunks take a millisecond, and the tracker's window is a second. */
describe('a job of 10,000 chunks, ten to a worker', () => {
  let inOrder: Bill;
  beforeAll(async () => {
    inOrder = await billOf(M, { reportsAtOnce: 100 });
  });

  test('costs at most 0.43 requests a chunk, from its first message to its last', () => {
    expect(whole(inOrder, 'queueRequests')).toBeLessThanOrEqual(0.43);
    expect(whole(inOrder, 'queueRequests')).toBeGreaterThan(0.4);
  });

  test('costs at most 0.02 write units a chunk in order, its creation and clean-up included', async () => {
    const inLargeBatches = await billOf(M, { reportsAtOnce: 1_000 });

    expect(whole(inOrder, 'writeUnits')).toBeLessThanOrEqual(0.02);
    expect(whole(inLargeBatches, 'writeUnits')).toBeLessThanOrEqual(whole(inOrder, 'writeUnits'));
  });

  // A hundred chunks over 40 pages lie as far apart as ten thousand, a full batch, over the 3,907 pages of a million.
  test('costs at most 0.40 write units a chunk when they arrive in any order, a few at a time', async () => {
    const scattered = await billOf(M, { scattered: true, reportsAtOnce: 10 });

    expect(whole(scattered, 'writeUnits')).toBeLessThanOrEqual(0.4);
    expect(whole(scattered, 'writeUnits')).toBeGreaterThan(10 * whole(inOrder, 'writeUnits'));
  });

  // Each instance reads the job every five seconds. At 0.001 reads a chunk, it must process 200 chunks a second.
  test('costs at most 0.001 read units a chunk until it ends', () => {
    expect(perChunk(inOrder.running, 'readUnits')).toBeLessThanOrEqual(0.001);
  });

  test('costs 16 read units more once it has ended, its removal included, however many chunks it had', async () => {
    const small = await billOf(10, { reportsAtOnce: 100 });

    const reads = [inOrder, small].map(({ finishing, removing }) => [
      finishing.readUnits,
      removing.readUnits,
    ]);
    expect(reads).toEqual([
      [2, 14],
      [2, 14],
    ]);
  });

  test('is removed at once, with one write for each row that it left and no second look', async () => {
    const { finishing, removing } = await billOf(10, { reportsAtOnce: 100 });

    expect(finishing.writeUnits).toBe(2);
    expect(removing.writeUnits).toBeLessThanOrEqual(15);
    expect(removing.objectLists).toBe(OBJECT_AREAS.length);
  });

  test('sends no updates and writes the same if its worker reports progress of short items', async () => {
    const talking = meteredService((context) => context.progress(0.5, 'half'));
    const sends = vi.spyOn(talking.world.queues, 'send');

    const bill = await runAll(talking, M, { reportsAtOnce: 100 });

    const sent = sends.mock.calls.flatMap(([, messages]) => messages.map(({ body }) => body));
    expect(sent.some((body) => body.includes('"kind":"report"'))).toBe(true);
    expect(sent.filter((body) => body.includes('"kind":"progress"'))).toEqual([]);
    expect(bill).toEqual(inOrder);
  });

  test('costs no transaction but those of its creation, its start, its end and its removal', async () => {
    const service = meteredService();
    const transact = vi.spyOn(service.world.table, 'transact');

    await runAll(service, M / 10, { reportsAtOnce: 100 });

    expect(transact).toHaveBeenCalledTimes(4);
  });
});

/** Dollars of a million chunks at list prices, and the puts of a chunk. */
async function priceOf(chunks: number, options: CostOptions) {
  const { running, finishing, removing } = await billOf(chunks, options);
  const bill = addOperations(addOperations(running, finishing), removing);
  const dollars = BILLED_OPERATIONS.map(
    (operation) => ((bill[operation] ?? 0) * PRICES[operation].dollarsPerMillion) / chunks,
  );
  return {
    dollars: dollars.reduce((sum, part) => sum + part, 0),
    puts: (bill.objectPuts ?? 0) / chunks,
  };
}

/** Distributed Map with Express children costs this for a million children. */
const DISTRIBUTED_MAP_DOLLARS = 26.3;

describe('a million chunks', () => {
  test.each([
    [1, 10_000],
    [25, 2_000],
    [100, 1_000],
  ])('of %i items cost at most 0.50 dollars with every outcome kept', async (itemsPerTask, chunks) => {
    const options = { reportsAtOnce: 100, plan: { itemsPerTask, outcomes: 'all' } as const };

    const { puts, dollars } = await priceOf(chunks, options);

    expect(puts).toBeLessThanOrEqual(0.12);
    expect(dollars).toBeLessThanOrEqual(0.5);
    expect(DISTRIBUTED_MAP_DOLLARS / dollars).toBeGreaterThanOrEqual(50);
  });

  test('cost at most 0.27 dollars if only failures are kept', async () => {
    const options = { reportsAtOnce: 100, plan: { outcomes: 'failures' } as const };

    const { puts, dollars } = await priceOf(M, options);

    expect(puts).toBe(0);
    expect(dollars).toBeLessThanOrEqual(0.27);
  });

  test('cost at most 0.50 dollars if the tracker receives few reports at a time', async () => {
    const options = { reportsAtOnce: 5, plan: { outcomes: 'all' } as const };

    const { puts, dollars } = await priceOf(M, options);

    expect(puts).toBeLessThanOrEqual(0.12);
    expect(dollars).toBeLessThanOrEqual(0.5);
  });
});

describe('a chunk', () => {
  // Hundreds of schedules take a minute on a loaded machine.
  test('is sent 1.10 times at most, with 20 % duplicates within 15 minutes and 5 % of invocations crashing', {
    timeout: 240_000,
  }, async () => {
    const { chunks, sends, violations } = await sendsOfChunks();

    expect(violations).toEqual([]);
    expect(chunks).toBeGreaterThan(1_000);
    expect(sends / chunks).toBeLessThanOrEqual(1.1);
  });
});

test('100 million items, 100 to a chunk, keep 5 MB of pages at most', async () => {
  const table = new MemoryTable({ streams: () => false });
  const node = { run: { ...JOB, runNumber: 1 }, path: '', itemsPerTask: 100, sources: [] };
  const full = { items: 100, failed: 0, skipped: 0 };
  const chunks = 1_000_000;
  let ended: Totals | undefined;
  const track = async (ticks: Ticks): Promise<void> => {
    const { completeJobs: complete } = await cascade(ticks, (touch) => touchPage(table, touch, 0));
    ended ??= complete[0]?.totals;
  };

  const seal = new Ticks();
  seal.seal(node, chunks);
  await track(seal);
  for (let first = 0; first < chunks; first += 10_000) {
    const ticks = new Ticks();
    for (let index = first; index < first + 10_000; index += 1) ticks.child(node, index, full, 'chunk');
    await track(ticks);
  }

  const rows = [...table.rows()];
  expect(ended).toEqual({ items: 100_000_000, failed: 0, skipped: 0 });
  expect(rows).toHaveLength(3_907 + 16 + 1);
  expect(rows.reduce((bytes, row) => bytes + rowBytes(row), 0)).toBeLessThanOrEqual(5_000_000);
});
