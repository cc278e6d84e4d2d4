import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { batch, defineSplitter } from '#core/splitter.ts';
import { moveJob } from '../../../functions/store/jobs.ts';
import { retryNoteKey } from '../../../functions/store/object-keys.ts';
import { memoryService } from '../../support/memory-service.ts';
import { aFlakyService, KEY, named, PLAN, stepUntilRetried } from './a-flaky-service.ts';
import { apiWorld, createdJob, JOBS } from './api-world.ts';
import { token } from './tokens.ts';

const JOB = `${JOBS}/j1`;
const MANY = { ...PLAN, splitter: 'many' };
const NONE = { retrying: 0, held: 0, waitingForSlot: 0, waitingForPrerequisite: 0 };

describe('a job whose items are tried again', () => {
  test('shows the chunks, and since when they are tried', async () => {
    const { service, api } = aFlakyService();
    const plan = { ...PLAN, itemsPerTask: 2 };
    await service.submit(plan, named({ a: {}, b: {}, c: {}, d: { until: 3 }, e: { until: 3 } }), KEY);
    await stepUntilRetried(service);

    const { body } = await api.call('GET', JOB);
    const tasks = await api.call('GET', `${JOB}/tasks`);

    const since = body.attention.longestSince;
    expect(body.attention).toEqual({ ...NONE, retrying: 2, longestSince: since });
    expect(tasks.body.map(({ state }: { state: string }) => state)).toEqual([
      'complete',
      'retrying',
      'retrying',
    ]);
    expect(tasks.body[1]).toEqual({
      path: '1',
      kind: 'chunk',
      state: 'retrying',
      attempt: 1,
      lastError: 'attempt 1 was busy',
      nextAttemptAt: expect.any(Number),
      since,
    });
  });

  test('counts further attempts and keeps the time of the first failure', async () => {
    const { service, api } = aFlakyService();
    await service.submit(PLAN, named({ a: { until: 4 } }), KEY);
    await stepUntilRetried(service);
    const first = await api.call('GET', `${JOB}/tasks`);
    service.clock.advanceTo(service.queues.nextDue() ?? 0);
    await stepUntilRetried(service);

    const { body } = await api.call('GET', `${JOB}/tasks`);

    expect(body).toMatchObject([{ attempt: 2, lastError: 'attempt 2 was busy', since: first.body[0].since }]);
    expect(body[0].nextAttemptAt).toBe(service.queues.nextDue());
  });

  test('shows nothing once they are done, and leaves no note', async () => {
    const { service, api } = aFlakyService();
    await service.submit(PLAN, named({ a: { until: 3 } }), KEY);
    await service.drain();

    const { body } = await api.call('GET', JOB);
    const tasks = await api.call('GET', `${JOB}/tasks`);

    expect(body.status).toBe('Completed');
    expect(body).not.toHaveProperty('attention');
    expect(tasks.body).toEqual([
      { path: '0', kind: 'chunk', state: 'complete', items: { succeeded: 1, failed: 0, skipped: 0 } },
    ]);
    expect(service.objects.keys().filter((key) => key.startsWith('marks/'))).toEqual([]);
  });

  test('ignores the note of a chunk that is recorded', async () => {
    const { service, api } = aFlakyService();
    await service.submit({ ...PLAN, itemsPerTask: 1 }, named({ a: {}, b: { until: 3 } }), KEY);
    await stepUntilRetried(service);
    const note = { stage: 0, attempt: 1, lastError: 'old', since: 1, nextAttemptAt: 2, items: [] };
    await service.objects.put(retryNoteKey({ ...KEY, runNumber: 1 }, '', 0), JSON.stringify(note));

    const { body } = await api.call('GET', JOB);
    const tasks = await api.call('GET', `${JOB}/tasks`);

    expect(body.attention).toMatchObject({ retrying: 1 });
    expect(body.attention.longestSince).toBeGreaterThan(1);
    expect(tasks.body[0].state).toBe('complete');
  });
});

test('a job whose batch cannot be split shows the attempts and the last error of the splitter', async () => {
  const broken = defineSplitter({
    name: 'broken',
    description: '',
    definition: z.unknown(),
    split() {
      throw new Error('no answer');
    },
  });
  const nested = defineSplitter({
    name: 'nested',
    description: '',
    definition: z.unknown(),
    *split() {
      yield batch({}, 'broken');
    },
  });
  const service = memoryService({ workers: [], splitters: [broken, nested] });
  const { table, objects, clock, random, log } = service;
  const api = apiWorld({ table, objects, clock, random, log });
  await service.submit({ splitter: 'nested', worker: 'none' }, { definition: {} }, KEY);
  for (let steps = 0; steps < 6; steps += 1) await service.step();

  const { body } = await api.call('GET', `${JOB}/tasks`);

  expect(body).toMatchObject([
    { path: '0', kind: 'batch', state: 'retrying', attempt: 1, lastError: /no answer/ },
  ]);
});

test('a paused job counts its held messages', async () => {
  const { service, api } = aFlakyService();
  await service.submit({ ...MANY, itemsPerTask: 1 }, { definition: { count: 25, payload: {} } }, KEY);
  while ((await service.view(KEY))?.progress.found !== 25) await service.step();
  await moveJob(service.table, KEY, 'pause', { now: service.clock.now() });
  service.clock.advance(10_000);
  await service.drain();

  const { body } = await api.call('GET', JOB);

  expect(body.status).toBe('Paused');
  expect(body.attention.held).toBe(25 - body.items.succeeded);
  expect(body.attention.held).toBeGreaterThan(0);
  expect(body.attention.longestSince).toBe(body.lastUpdateTime);
});

test('a job that waits for a slot says so', async () => {
  const { service, api } = aFlakyService();
  const admin = token({ role: 'admin' });
  const { status } = await api.call('PUT', '/partitions/p1', { body: { maxActiveJobs: 1 }, token: admin });
  expect(status).toBe(200);
  await service.submit(PLAN, named({ a: { until: 3 } }), { ...KEY, job: 'first' });
  await stepUntilRetried(service);
  await createdJob(api, 'j1');
  while (await service.step());

  const { body } = await api.call('GET', JOB);

  expect(body.attention).toEqual({ ...NONE, waitingForSlot: 1, longestSince: body.createTime });
});

describe('the view of a job with 100,000 items', () => {
  const MAX_READS = 110;

  /** Counts the reads of a request. */
  async function readsOf({ service, api }: ReturnType<typeof aFlakyService>, path: string) {
    const spies = [
      vi.spyOn(service.table, 'get'),
      vi.spyOn(service.table, 'query'),
      vi.spyOn(service.objects, 'get'),
      vi.spyOn(service.objects, 'list'),
      vi.spyOn(service.objects, 'describe'),
    ];
    const { body } = await api.call('GET', path);
    const reads = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
    for (const spy of spies) spy.mockRestore();
    return { body, reads };
  }

  test('takes few reads while all goes well, and after its end', async () => {
    const world = aFlakyService();
    const { service } = world;
    await service.submit(MANY, { definition: { count: 100_000, payload: {} } }, KEY);
    while (((await service.view(KEY))?.progress.done ?? 0) < 50_000) {
      await service.step();
      service.clock.advance(100);
    }

    const running = await readsOf(world, JOB);
    await service.drain();
    const final = await readsOf(world, JOB);

    expect(running.body).toMatchObject({ status: 'Active', attention: NONE });
    expect(running.reads).toBeLessThanOrEqual(4);
    expect(final.body).toMatchObject({ status: 'Completed', items: { succeeded: 100_000 } });
    expect(final.reads).toBeLessThanOrEqual(4);
  });

  test('takes a limited number of reads while each chunk is tried again', async () => {
    const world = aFlakyService();
    const { service } = world;
    await service.submit(MANY, { definition: { count: 100_000, payload: { until: 2 } } }, KEY);
    await stepUntilRetried(service);

    const { body, reads } = await readsOf(world, JOB);

    expect(body.items.found).toBe(100_000);
    expect(body.attention.retrying).toBe(1_000);
    expect(body.attention.longestSince).toBeGreaterThanOrEqual(body.startTime);
    expect(reads).toBeLessThanOrEqual(MAX_READS);
  });
});
