/** Invocations that still run when their job ends keep writing. The second pass deletes everything they wrote. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PermanentFailure } from '#core/errors.ts';
import { Meter } from '#core/meter.ts';
import type { Row } from '#core/ports.ts';
import { STRAGGLER_MILLIS } from '#core/stragglers.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { runInvocation } from '../../functions/kit/run-invocation.ts';
import { deleteJob } from '../../functions/store/delete-job.ts';
import { storeHeld } from '../../functions/store/held.ts';
import { moveJob, readJob, readStatus } from '../../functions/store/jobs.ts';
import { jobKey } from '../../functions/store/keys.ts';
import type { ReceivedRecord } from '../../functions/track-results/accept-records.ts';
import { trackResults } from '../../functions/track-results/track-results.ts';
import { JOB, RUN } from '../support/jobs.ts';
import { memoryService } from '../support/memory-service.ts';

/** A worker that stores an output for each number and fails odd ones. It waits for `open` before each item. */
function aWorker(open: Promise<unknown> = Promise.resolve()) {
  return defineWorker({
    name: 'work',
    parameters: z.unknown(),
    async run({ payload }, { putPart }) {
      await open;
      await putPart({ filename: 'a.txt', mimeType: 'text/plain', body: 'x' });
      if (Number(payload) % 2 === 1) throw new PermanentFailure('odd', 'it is odd');
    },
  });
}

/** A job of 40 numbers in ten chunks, all of them sent, none of them worked on. */
async function aService() {
  const service = memoryService({ workers: [aWorker()] });
  const ports = {
    ...service,
    meter: new Meter(),
    maxItems: 1_000,
    statusCacheMillis: 5_000,
  };
  const { table, queues, clock } = service;
  await service.submit(
    { splitter: 'range', worker: 'work', itemsPerTask: 4 },
    { definition: { from: 0, to: 40 } },
  );
  // The service does all that there is to do in one step; here its worker is to wait.
  const receive = queues.receive.bind(queues);
  let isWaiting = true;
  queues.receive = (queue, ...rest) => (isWaiting && queue === 'worker:work' ? [] : receive(queue, ...rest));
  const letWork = <A extends unknown[], T>(call: (...given: A) => T) => {
    return (...given: A) => {
      isWaiting = false;
      return call(...given);
    };
  };
  const take = (queue: 'worker:work' | 'reports') => {
    const messages = receive(queue, 100);
    for (const { receipt } of messages) queues.acknowledge(queue, receipt);
    return messages;
  };
  /** Runs every step that needs no time to pass. */
  const follow = async () => {
    while (await service.step());
  };
  const work = (open?: Promise<unknown>) =>
    runInvocation(aWorker(open), { ...ports, readStatus: (job) => readStatus(table, job, { strong: true }) });
  return {
    ...service,
    ports,
    follow,
    work,
    drain: letWork(service.drain),
    pass: letWork(service.pass),
    chunks: () => take('worker:work'),
    reports: () => take('reports').map((message) => ({ ...message, origin: 'workers' as const })),
    now: () => clock.now(),
  };
}
type Service = Awaited<ReturnType<typeof aService>>;

const signal = new AbortController().signal;

/** Rows by which pages and splitting are tracked. */
const tracking = ({ table }: Service) =>
  [...table.rows()].filter(({ sk }) => sk === 'P' || sk.startsWith('N#')).map(({ pk, sk }) => `${pk} ${sk}`);

const left = ({ table, objects }: Service) => ({
  rows: [...table.rows()].map((row: Row) => [row.sk, row['status'] ?? row['activeJobs']]),
  objects: objects.keys(),
});
const NOTHING = {
  rows: [
    ['JOB', 'Deleted'],
    ['PARTITION', 0],
  ],
  objects: [],
};

/** A tracker that has just read the status Active, and receives most of the reports after the job has ended. */
async function aLateTracker(service: Service, end: () => Promise<unknown>) {
  const track = trackResults(service.ports);
  const chunks = service.chunks();
  await service.work()(chunks.slice(0, 3), signal);
  await track(service.reports());
  await service.work()(chunks.slice(3), signal);
  const late = service.reports();
  await end();
  await service.follow();
  return (more: ReceivedRecord[] = []) => track([...late, ...more]);
}

describe('a job that is deleted while it runs', () => {
  test('leaves nothing, though a tracker that believes it Active ticks, fails and counts for it again', async () => {
    const service = await aService();
    await service.follow();
    const ticks = await aLateTracker(service, () => deleteJob(service.table, JOB, { now: service.now() }));
    const seals = { ...RUN, v: 1, kind: 'seal', path: '', children: 10, itemsPerTask: 4 };
    const update = { v: 1, kind: 'progress', ...RUN, path: '', index: 1, items: 4, fraction: 0.5 };
    const report = {
      v: 1,
      kind: 'report',
      ...RUN,
      itemsPerTask: 4,
      nodes: [{ path: '', d: [1], x: [] }],
    };

    await ticks(
      [seals, update, report].map((body, i) => ({
        id: `${i}`,
        body: JSON.stringify(body),
        origin: 'service',
      })),
    );
    const first = left(service);
    const early = await service.pass(STRAGGLER_MILLIS - 1_000);
    const between = left(service);
    const late = await service.pass(1_000);

    expect(first.rows.length).toBeGreaterThan(NOTHING.rows.length);
    expect(between.rows.map(([sk]) => sk)).toContain('GONE#1');
    expect([early.called, late.called]).toEqual([0, 1]);
    expect(left(service)).toEqual(NOTHING);
  });

  test('leaves no object of a worker that was processing an item', async () => {
    const service = await aService();
    await service.follow();
    let finish: (value?: unknown) => void = () => undefined;
    const working = service.work(new Promise((resolve) => (finish = resolve)))(service.chunks(), signal);
    await new Promise((resolve) => setImmediate(resolve));
    await deleteJob(service.table, JOB, { now: service.now() });
    await service.follow();
    const before = service.objects.keys();

    service.clock.advance(14 * 60_000);
    finish();
    await working;
    await storeHeld(service.objects, RUN, 'late', [{ queue: 'split', body: '{}' }]);
    const written = new Set(service.objects.keys().map((key) => key.split('/')[0]));
    await service.pass(STRAGGLER_MILLIS);

    expect(before).toEqual([]);
    expect(written).toEqual(new Set(['held', 'outputs']));
    expect(left(service)).toEqual(NOTHING);
  });

  test('frees its ID and slot at once, and the second pass does not affect the next job with the ID', async () => {
    const service = await aService();
    await service.follow();
    await deleteJob(service.table, JOB, { now: service.now() });
    await service.submit(
      { splitter: 'range', worker: 'work', itemsPerTask: 4 },
      { definition: { from: 0, to: 8 } },
    );
    await service.drain();
    const before = await service.outcomes();

    await service.pass(STRAGGLER_MILLIS);

    expect(before).toHaveLength(8);
    expect(await service.outcomes()).toEqual(before);
    expect((await service.view())?.job).toMatchObject({ status: 'Completed', runNumber: 2 });
    expect([...service.table.rows()].filter(({ pk }) => pk.includes('#R1'))).toEqual([]);
  });
});

test('a tracker that stalled for long writes its counts, except those of a job that was deleted meanwhile', async () => {
  const service = await aService();
  await service.follow();
  const track = trackResults(service.ports);
  const tell = (job: string, index: number) =>
    track([
      {
        id: '1',
        origin: 'workers',
        body: JSON.stringify({
          v: 1,
          kind: 'report',
          ...RUN,
          job,
          itemsPerTask: 4,
          nodes: [{ path: '', d: [index], x: [] }],
        }),
      },
    ]);
  const other = { ...JOB, job: 'other' };
  await service.submit(
    { splitter: 'range', worker: 'work', itemsPerTask: 4 },
    { definition: { from: 0, to: 40 } },
    other,
  );
  await service.follow();
  for (const job of ['j', 'other']) for (const index of [0, 1]) await tell(job, index);

  await deleteJob(service.table, JOB, { now: service.now() });
  await service.follow();
  service.clock.advance(STRAGGLER_MILLIS);
  await service.sweep();
  await service.follow();
  await tell('other', 2);

  expect([...service.table.rows()].filter(({ pk }) => pk === jobKey(JOB).pk).map(({ sk }) => sk)).toEqual([
    'JOB',
  ]);
  expect((await service.view(other))?.progress).toMatchObject({ done: 12 });
});

describe('a job that ends while it runs', () => {
  const ends: [string, (service: Service) => Promise<unknown>][] = [
    ['is cancelled', ({ table, now }) => moveJob(table, JOB, 'cancel', { now: now() })],
    ['fails by a limit', ({ table, now }) => moveJob(table, JOB, 'fail', { now: now() })],
    [
      'expires',
      async ({ table, now }) => {
        return moveJob(table, JOB, 'expire', { now: now() });
      },
    ],
  ];

  test.each(ends)(
    'and %s keeps its tracking, which refers to its outcomes, until it is deleted',
    async (_, end) => {
      const service = await aService();
      await service.follow();
      const ticks = await aLateTracker(service, () => end(service));

      await ticks();
      const first = tracking(service);
      const job = await readJob(service.table, JOB);
      await service.pass(STRAGGLER_MILLIS - 1_000);
      const between = tracking(service);
      await service.pass(1_000);

      expect(first.length).toBeGreaterThan(1);
      expect(between).toEqual(first);
      expect(tracking(service)).toEqual(first);
      const { followUp: _followUp, clearDue: _clearDue, ...kept } = job ?? {};
      expect(await readJob(service.table, JOB)).toEqual(kept);
      expect(await service.sweep()).toEqual({ called: 0, expired: 0, failed: 0 });
      await deleteJob(service.table, JOB, { now: service.now() });
      await service.drain();
      expect(left(service)).toEqual(NOTHING);
    },
  );

  test('is still deleted by its retention, with all its data', async () => {
    const service = await aService();
    await service.follow();
    const ticks = await aLateTracker(service, () =>
      moveJob(service.table, JOB, 'cancel', { now: service.now() }),
    );
    await ticks();
    await service.pass(STRAGGLER_MILLIS);

    await service.pass(31 * 86_400_000);

    expect(left(service)).toEqual(NOTHING);
  });
});

describe('a job that did all its work', () => {
  test('is not checked again, and is deleted in one pass once no invocation can run', async () => {
    const service = await aService();
    await service.drain();

    const swept = await service.pass(STRAGGLER_MILLIS);
    await deleteJob(service.table, JOB, { now: service.now() });
    await service.drain();

    expect(swept.called).toBe(0);
    expect(left(service)).toEqual(NOTHING);
  });

  test('leaves nothing if a tracker with an old status receives a report twice', async () => {
    const service = await aService();
    await service.follow();
    const chunks = service.chunks();
    await service.work()(chunks, signal);
    const reports = service.reports();
    const late = trackResults(service.ports);
    await late(reports.slice(0, 1));
    await trackResults(service.ports)(reports);
    await service.drain();
    const { percent: before } = (await service.view())?.progress ?? {};

    await late(reports);
    const { percent: after } = (await service.view())?.progress ?? {};
    await service.pass(31 * 86_400_000);

    expect(after).toBe(before);
    expect(left(service)).toEqual(NOTHING);
  });
});
