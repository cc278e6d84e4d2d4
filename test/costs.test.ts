/**
 * What a job is billed, counted by the metering adapters over memory ports, against the numbers that the design
 * promises. M is the number of chunks; a worker is given b = 10 of them at once.
 */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseMessage, splitMessage } from '#contract/messages.ts';
import { Meter, type Operations } from '#core/meter.ts';
import { meteredObjects, meteredQueues, meteredTable } from '#core/metered.ts';
import type { Key } from '#core/ports.ts';
import { receivedRequests, rowBytes } from '#core/units.ts';
import { defineWorker } from '../clients/worker/define-worker.ts';
import { runChunks } from '../clients/worker/run-chunks.ts';
import { dispatchJobs } from '../functions/dispatch-jobs/dispatch-jobs.ts';
import { splitBatch } from '../functions/split-batch/split-batch.ts';
import { range } from '../functions/split-batch/splitters/range.ts';
import { createJob, readStatus } from '../functions/store/jobs.ts';
import { jobOfKey, jobOfObject } from '../functions/store/keys.ts';
import { touchPage } from '../functions/store/pages.ts';
import { cascade, Ticks } from '../functions/track-results/cascade.ts';
import { trackResults } from '../functions/track-results/track-results.ts';
import { MemoryTable } from './support/memory/table.ts';
import { memoryWorld } from './support/memory/world.ts';

const M = 10_000;
const WORKER_BATCH = 10;
const JOB = { partition: 'p', job: 'j' };
const SECOND = 1_000;

const idle = defineWorker({ name: 'work', parameters: z.unknown(), run: () => undefined });

interface CostOptions {
  /** Chunks come in the order of the splitter, or in any order at all. */
  readonly scattered?: boolean;
  /** Reports that the tracker is given at once. */
  readonly reportsAtOnce: number;
}

/** The service with everything metered, also what only Lambda's poller does. */
function meteredService() {
  const world = memoryWorld();
  const bill = new Meter();
  const ports = {
    ...world,
    table: meteredTable(world.table, bill, jobOfKey),
    queues: meteredQueues(world.queues, bill),
    objects: meteredObjects(world.objects, bill, jobOfObject),
    // The functions take from a meter of their own; the bill is only read at the end.
    meter: new Meter(),
    bucket: 'jobtree',
    statusCacheMillis: 5 * SECOND,
  };
  return {
    world,
    ports,
    bill,
    split: splitBatch({ ...ports, splitters: [range], maxItems: 100_000_000 }),
    work: runChunks(idle, { ...ports, readStatus: (job) => readStatus(ports.table, job, { strong: true }) }),
    track: trackResults(ports),
    dispatch: dispatchJobs(ports),
  };
}
type Service = ReturnType<typeof meteredService>;

async function submit({ ports, world }: Service, chunks: number): Promise<void> {
  await createJob(
    ports.table,
    {
      ...JOB,
      createTime: world.clock.now(),
      labels: {},
      priority: 4,
      createdBy: 'tester',
      requestHash: 'x',
      plan: {
        splitter: 'range',
        worker: 'work',
        pipeline: [],
        itemsPerTask: 1,
        onItemFailure: 'continue',
        maxAttempts: 3,
        outcomes: 'failures',
      },
    },
    { body: JSON.stringify({ batch: { definition: { from: 0, to: chunks } } }) },
  );
}

async function followUp({ world, dispatch }: Service): Promise<void> {
  for (let changes = world.table.takeChanges(); changes.length > 0; changes = world.table.takeChanges()) {
    for (const { new: row } of changes) if (row?.['followUp'] !== undefined) await dispatch(row, () => false);
  }
}

type QueueOf = 'split' | 'results' | 'worker:work';

/** One invocation: up to so many messages, received, worked on and deleted, all of it on the bill. */
async function invoke(
  { world, bill }: Service,
  queue: QueueOf,
  max: number,
  work: (messages: ReturnType<typeof world.queues.receive>) => Promise<unknown>,
  pick?: (visible: number) => number,
): Promise<boolean> {
  const messages = world.queues.receive(queue, max, pick);
  if (messages.length === 0) return false;
  bill.count(JOB, { queueRequests: receivedRequests(messages.length), invocations: 1 });
  await work(messages);
  for (const { receipt } of messages) world.queues.acknowledge(queue, receipt);
  return true;
}

async function billOf(chunks: number, { scattered = false, reportsAtOnce }: CostOptions) {
  const service = meteredService();
  const { world, split, work, track } = service;
  const pick = scattered ? (visible: number) => Math.floor(world.random.next() * visible) : undefined;
  await submit(service, chunks);
  await followUp(service);
  await invoke(service, 'split', 10, async (messages) => {
    for (const { body } of messages) {
      const parsed = parseMessage(splitMessage, body);
      if (parsed.ok) await split(parsed.message, () => false);
    }
  });
  const { signal } = new AbortController();
  while (await invoke(service, 'worker:work', WORKER_BATCH, (messages) => work(messages, signal), pick)) {
    world.clock.advance(1);
  }
  const beforeEnd = service.bill;
  while (await invoke(service, 'results', reportsAtOnce, track, pick)) world.clock.advance(SECOND);
  const running = beforeEnd.take(JOB);
  await followUp(service);
  const { row } = await world.table.get({ pk: 'P#p#J#j', sk: 'JOB' });
  return { running, finishing: service.bill.take(JOB), status: row?.['status'] };
}

describe('figures', () => {
  test('print', async () => {
    for (const o of [{ reportsAtOnce: 1000 }, { reportsAtOnce: 100 }, { reportsAtOnce: 10 }, { scattered: true, reportsAtOnce: 1000 }, { scattered: true, reportsAtOnce: 100 }, { scattered: true, reportsAtOnce: 10 }]) {
      const b = await billOf(M, o);
      console.log(JSON.stringify(o), JSON.stringify(b));
    }
  });
});
