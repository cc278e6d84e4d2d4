import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { STRAGGLER_MILLIS } from '#core/stragglers.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { deleteJob } from '../../functions/store/delete-job.ts';
import { moveJob } from '../../functions/store/jobs.ts';
import { aService, KEY } from './a-retried-job.ts';

const PATH = '/partitions/p1/jobs/j';

describe('retry', () => {
  test('does the failed items again, takes over the rest, and ends with the totals of the whole job', async () => {
    const { service, bad, seen, ran, retry, list, job } = aService();
    await ran();
    const first = await job();
    bad.delete(3);
    bad.delete(14);

    const { status, body } = await retry();
    const running = await job();
    await service.drain();

    expect([status, body]).toEqual([202, { itemsRetried: 3 }]);
    expect(first).toMatchObject({ run: 1, generation: 1, items: { succeeded: 46, failed: 3, skipped: 1 } });
    expect(running).toMatchObject({ status: 'Active', run: 2, generation: 1, percentageComplete: 94 });
    expect(running).not.toHaveProperty('endTime');
    expect(seen.toSorted((a, b) => a.n - b.n)).toEqual([
      { n: 3, attempt: 2 },
      { n: 14, attempt: 2 },
      { n: 33, attempt: 2 },
    ]);
    expect(await job()).toMatchObject({
      status: 'Completed',
      startTime: first.startTime,
      items: { found: 50, succeeded: 48, failed: 1, skipped: 1 },
      failures: [{ code: 'odd', failureMessage: '33 is bad' }],
    });
    const items = await list('/items');
    expect(items).toHaveLength(50);
    expect(new Set(items.map(({ id }) => id)).size).toBe(50);
    expect(items.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)).toEqual(['33']);
    expect(items.find(({ id }) => id === '3')).toMatchObject({ outcome: 'succeeded', attempts: 2 });
    expect((await list('/history')).map(({ verb, to }) => `${verb} ${to}`)).toEqual([
      'create Waiting',
      'dispatch Active',
      'complete Completed',
      'retry Active',
      'complete Completed',
    ]);
  });

  test('of a job of which no item succeeded makes a Completed one', async () => {
    const { service, bad, ran, retry, job } = aService();
    await ran({ onItemFailure: 'failIfNoneSucceed' }, { from: 33, to: 34 });
    const first = await job();
    bad.clear();

    const { body } = await retry();
    await service.drain();

    expect(first).toMatchObject({
      status: 'Failed',
      failures: [{ code: 'all-items-failed', failureSource: 'job' }, { code: 'odd' }],
    });
    expect(first.failures[0].failureMessage).toMatch(/^the only item failed\. Correct the cause/);
    expect(body).toEqual({ itemsRetried: 1 });
    expect(await job()).toMatchObject({ status: 'Completed', failures: [], items: { succeeded: 1 } });
  });

  test('makes of a Failed job a Completed one, run after run', async () => {
    const { service, bad, ran, retry, list, job } = aService();
    await ran({ onItemFailure: 'failAtEnd' });

    for (const [n] of [...bad]) {
      bad.delete(n);
      expect((await retry()).status).toBe(202);
      await service.drain();
    }

    expect(await job()).toMatchObject({ status: 'Completed', run: 4, items: { succeeded: 49, failed: 0 } });
    expect(await list('/items', '&outcome=failed')).toEqual([]);
    expect((await list('/items')).length).toBe(50);
    expect((await retry()).body).toMatchObject({ code: 'invalid-transition' });
  });

  test('keeps items that completed the whole pipeline: no worker runs them again', async () => {
    const seenLater: string[] = [];
    const later = defineWorker({
      name: 'later',
      parameters: z.unknown(),
      run: (item) => {
        seenLater.push(item.id);
        return { later: true };
      },
    });
    const { service, bad, ran, retry, list } = aService({}, [later]);
    await ran({ pipeline: ['later'] });
    seenLater.length = 0;
    bad.delete(14);

    await retry();
    await service.drain();

    expect(seenLater).toEqual(['14']);
    const items = await list('/items');
    const outcomes = Object.groupBy(items, ({ outcome }) => outcome);
    expect(outcomes).toMatchObject({ failed: { length: 2 }, skipped: { length: 1 } });
    expect(outcomes['succeeded']?.map(({ output }) => output)).toEqual(Array(47).fill({ later: true }));
  });

  test('repeats the items of unroutable chunks, with any choice of kept outcomes', async () => {
    const { service, seen, ran, retry, list, job } = aService();
    await ran({ pipeline: ['nobody'], outcomes: 'failures', itemsPerTask: 5 }, { from: 20, to: 30 });

    const { body } = await retry({ filter: { codes: ['unroutable'], itemIds: ['20', '21', '29'] } });
    await service.drain();

    expect(body).toEqual({ itemsRetried: 3 });
    expect(seen.map(({ n }) => n).toSorted()).toEqual([20, 21, 29]);
    expect(await job()).toMatchObject({ run: 2, items: { found: 10, succeeded: 0, failed: 10 } });
    expect(await list('/items', '&outcome=failed')).toHaveLength(10);
  });

  test.each([
    [{ codes: ['odd'] }, 2, [14]],
    [{ itemIds: ['14', 'unknown'] }, 1, [3, 33]],
    [{ codes: ['odd'], itemIds: ['14', '33'] }, 1, [3, 14]],
  ])('of those that fit %j leaves the others as they are', async (filter, itemsRetried, left) => {
    const { service, bad, seen, ran, retry, list, job } = aService();
    await ran();
    bad.clear();

    const { body } = await retry({ filter });
    await service.drain();

    expect(body).toEqual({ itemsRetried });
    expect(seen).toHaveLength(itemsRetried);
    const failed = (await list('/items', '&outcome=failed')).map(({ id }) => Number(id));
    expect(failed.toSorted((a, b) => a - b)).toEqual(left);
    expect((await job()).items).toMatchObject({ found: 50, failed: left.length });
    expect(await list('/failures')).toHaveLength(left.length);
  });

  test('patches the payload that the splitter found, of these items only', async () => {
    const { service, ran, retry, job } = aService();
    const items = Array.from({ length: 50 }, (_, n) => ({ id: `i${n}`, n }));
    await ran({ splitter: 'items' }, { items });

    await retry({ filter: { codes: ['odd'] }, patch: { fixed: true } });
    await service.drain();

    expect((await job()).items).toMatchObject({ found: 50, succeeded: 48, failed: 1 });
    const { row } = await service.table.get({ pk: 'P#p1#J#j', sk: 'REQUEST#2' });
    expect(JSON.parse(String(row?.['body']))).toEqual({ batch: { definition: { items } } });
  });

  test('begun at once owes nothing to the run before it, and leaves nothing of that when it is deleted', async () => {
    const { service, submit, retry, job } = aService();
    await submit();
    while ((await job()).status !== 'Completed') await service.step();

    const { status } = await retry();
    await service.drain();

    expect(status).toBe(202);
    expect(await job()).toMatchObject({ status: 'Completed', run: 2 });
    expect((await service.view(KEY))?.job).not.toHaveProperty('unclearedFrom');
    await service.pass(31 * 86_400_000);
    const tracking = [...service.table.rows()].filter(({ sk }) => sk === 'P' || sk.startsWith('N#'));
    expect(tracking).toEqual([]);
  });

  test('with outcomes: failures shows the current outcomes of retried items', async () => {
    const { service, bad, ran, retry, list, job } = aService();
    await ran({ outcomes: 'failures' }, { from: 10, to: 50 });
    bad.clear();

    await retry();
    await service.drain();

    expect((await job()).items).toMatchObject({ found: 40, succeeded: 40, failed: 0 });
    expect(await list('/items', '&outcome=failed')).toEqual([]);
  });

  test('hides nothing when it is cancelled half-way, and the job has ended', async () => {
    const { service, bad, ran, retry, list } = aService();
    await ran();
    bad.clear();
    await retry();
    await moveJob(service.table, KEY, 'cancel', { now: service.clock.now() });
    await service.drain();

    expect(await list('/items')).toHaveLength(50);
    expect(await list('/items', '&outcome=failed')).toHaveLength(3);
  });

  test.each([0, 1, 2, 3])('can be paused after %i steps and resumed', async (steps) => {
    const { service, bad, ran, retry, job } = aService();
    await ran();
    bad.clear();
    await retry();
    for (let step = 0; step < steps; step += 1) await service.step();
    await moveJob(service.table, KEY, 'pause', { now: service.clock.now() });
    service.clock.advance(6_000);
    await service.drain();
    await moveJob(service.table, KEY, 'resume', { now: service.clock.now() });

    await service.drain();

    expect((await job()).items).toMatchObject({ found: 50, succeeded: 49, failed: 0, sealed: true });
  });
});

describe('retry is refused', () => {
  test('while the job runs, and a repeat of a retry that is on changes nothing', async () => {
    const { ran, retry, job } = aService();
    await ran();
    await retry();
    const before = await job();

    const repeated = await retry();

    expect([repeated.status, repeated.body.code]).toEqual([409, 'invalid-transition']);
    expect(repeated.body.detail).toMatch(/is Active; only a job that is Failed or Completed can be retried/);
    expect(await job()).toEqual(before);
  });

  test('for a cancelled job, one without failed items, one that failed early, and a filter that fits none', async () => {
    const cancelled = aService();
    await cancelled.submit();
    await moveJob(cancelled.service.table, KEY, 'cancel', { now: 1 });
    const good = aService();
    good.bad.clear();
    await good.ran();
    const early = aService();
    await early.submit();
    await moveJob(early.service.table, KEY, 'fail', { now: 1 });
    const fitsNone = aService();
    await fitsNone.ran();

    for (const [service, body] of [
      [cancelled, {}],
      [good, {}],
      [early, {}],
      [fitsNone, { filter: { codes: ['unknown'] } }],
    ] as const) {
      const answer = await service.retry(body);
      expect([answer.status, answer.body.code]).toEqual([409, 'invalid-transition']);
    }
  });

  test('for another version than If-Match names', async () => {
    const { ran, retry } = aService();
    await ran();

    expect((await retry({}, { 'If-Match': '"1.0"' })).status).toBe(412);
  });

  test.each([{ filter: { code: 'x' } }, { filter: { codes: [] } }, { patch: 7 }, { all: true }])(
    'with the body %j',
    async (body) => {
      const { ran, retry } = aService();
      await ran();

      expect((await retry(body)).status).toBe(400);
    },
  );
});

test('the cost of a job is the cost of all its runs', async () => {
  const { service, api, ran, retry } = aService();
  await ran();
  const { body: before } = await api.call('GET', `${PATH}/cost`);
  await retry();
  await service.drain();

  const { body: after } = await api.call('GET', `${PATH}/cost`);

  expect(after.dollars).toBeGreaterThan(before.dollars);
});

test('deleting a retried job leaves nothing of any run, and its id is free', async () => {
  const { service, ran, retry, submit, job } = aService();
  await ran();
  await retry();
  await service.drain();

  await deleteJob(service.table, KEY, { now: service.clock.now() });
  await service.drain();
  await service.pass(STRAGGLER_MILLIS);
  const rows = [...service.table.rows()].filter(({ pk }) => pk.startsWith('P#p1#J#j'));
  await submit();

  expect(rows).toMatchObject([{ sk: 'JOB', status: 'Deleted', runNumber: 2 }]);
  expect([...service.objects.keys()]).toEqual([]);
  expect(await job()).toMatchObject({ generation: 3, run: 1 });
});
