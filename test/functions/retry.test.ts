import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { PermanentFailure } from '#core/errors.ts';
import { defineSplitter } from '#core/splitter.ts';
import { defineWorker } from '../../clients/worker/define-worker.ts';
import { deleteJob, moveJob } from '../../functions/store/jobs.ts';
import { type MemoryServiceOptions, memoryService, type PlanInput } from '../support/memory-service.ts';
import { apiWorld } from './jobs-api/api-world.ts';

const KEY = { partition: 'p1', job: 'j' };
const PATH = '/partitions/p1/jobs/j';

interface Payload {
  readonly n?: number;
  readonly fixed?: boolean;
}

/** Items whose number is in `bad` fail, until they are patched or taken out of it. */
function aService(options: Partial<MemoryServiceOptions> = {}) {
  const bad = new Map<number, string>([
    [3, 'odd'],
    [14, 'even'],
    [33, 'odd'],
  ]);
  const seen: { n: number; attempt: number }[] = [];
  const work = defineWorker({
    name: 'work',
    parameters: z.unknown(),
    run: async (item, { attempt, skip }) => {
      const payload = (typeof item.payload === 'number' ? { n: item.payload } : item.payload) as Payload;
      const n = payload.n ?? -1;
      seen.push({ n, attempt });
      const code = payload.fixed === true ? undefined : bad.get(n);
      if (code !== undefined) throw new PermanentFailure(code, `${n} is bad`);
      if (n === 7) skip();
      return { n };
    },
  });
  const service = memoryService({ workers: [work], ...options });
  const { table, objects, clock, random, log } = service;
  const api = apiWorld({ table, objects, clock, random, log });
  const list = async (path: string, query = '') => {
    const entries = [];
    let next: string | undefined = `limit=7${query}`;
    while (next !== undefined) {
      const page: Awaited<ReturnType<typeof api.call>> = await api.call('GET', `${PATH}${path}`, {
        query: next,
      });
      entries.push(...page.body);
      next = page.headers['Link']?.split(/[?>]/)[1];
    }
    return entries;
  };
  const submit = (plan: Partial<PlanInput> = {}, definition: unknown = { from: 0, to: 50 }) =>
    service.submit({ splitter: 'range', worker: 'work', itemsPerTask: 10, ...plan }, { definition }, KEY);
  const retry = (body?: unknown, headers = {}) => api.call('POST', `${PATH}/retry`, { body, headers });
  const job = async () => (await api.call('GET', PATH)).body;
  /** The first run, to its end. */
  const ran = async (...input: Parameters<typeof submit>) => {
    await submit(...input);
    await service.drain();
    seen.length = 0;
    clock.advance(60_000);
  };
  return { service, api, bad, seen, submit, ran, retry, list, job };
}

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
    const { body } = await aRequest(service);
    expect(JSON.parse(body)).toEqual({ batch: { definition: { items } } });
  });

  test('with outcomes: failures shows what was retried as it is now', async () => {
    const { service, bad, ran, retry, list, job } = aService();
    await ran({ outcomes: 'failures' }, { from: 10, to: 50 });
    bad.clear();

    await retry();
    await service.drain();

    expect((await job()).items).toMatchObject({ found: 40, succeeded: 40, failed: 0 });
    expect(await list('/items', '&outcome=failed')).toEqual([]);
  });

  test('hides nothing when it is cancelled half-way, and the job is over', async () => {
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

describe('a retry is not disturbed', () => {
  test('by messages that come twice', async () => {
    const { service, bad, ran, retry, list, job } = aService();
    const send = service.queues.send.bind(service.queues);
    await ran({}, { from: 0, to: 4_000 });
    bad.delete(3);
    service.queues.send = async (queue, messages) => {
      await send(queue, messages);
      return send(queue, messages);
    };

    await retry();
    await service.drain();

    expect((await job()).items).toMatchObject({ found: 4_000, succeeded: 3_997, failed: 2, skipped: 1 });
    expect((await list('/history')).filter(({ verb }) => verb === 'complete')).toHaveLength(2);
  });

  test('by messages of the run before, all of which come again', async () => {
    const { service, bad, seen, ran, retry, job } = aService();
    const send = service.queues.send.bind(service.queues);
    const sent: Parameters<typeof send>[] = [];
    service.queues.send = async (...message) => {
      sent.push(message);
      return send(...message);
    };
    await ran();
    bad.delete(3);
    await retry();
    for (const message of [...sent]) await send(...message);
    await service.step();
    for (const message of [...sent]) await send(...message);

    await service.drain();

    expect(seen.map(({ attempt }) => attempt).every((attempt) => attempt === 2)).toBe(true);
    expect(await job()).toMatchObject({ status: 'Completed', items: { found: 50, failed: 2, skipped: 1 } });
  });

  test('by a dispatcher or a tracker that dies between any two steps', async () => {
    for (let failAt = 1; failAt <= 40; failAt += 1) {
      const { service, bad, ran, retry, job } = aService();
      await ran();
      bad.clear();
      await retry();
      const { table } = service;
      const write = table.write.bind(table);
      let writes = 0;
      table.write = async (...given) => {
        writes += 1;
        if (writes === failAt) throw new Error('the store cannot be reached');
        return write(...given);
      };

      for (let tries = 0; tries < 3; tries += 1) {
        await service.drain().catch(() => undefined);
        service.clock.advance(20 * 60_000);
        await write({
          kind: 'update',
          key: { pk: 'P#p1#J#j', sk: 'JOB' },
          change: { add: { renewals: 1 } },
        });
      }

      expect([failAt, (await job()).items]).toMatchObject([failAt, { found: 50, succeeded: 49, failed: 0 }]);
    }
  });
});

describe('a retry has the children of the run before', () => {
  test('by its manifests, where the source has changed since', async () => {
    let listing = ['a', 'b', 'c'];
    const fickle = defineSplitter({
      name: 'fickle',
      description: 'lists what there is now',
      definition: z.unknown(),
      stable: false,
      *split() {
        for (const id of listing) yield { kind: 'item', id, payload: { n: id === 'b' ? 3 : 1 } };
      },
    });
    const { service, bad, ran, retry, list } = aService({ splitters: [fickle] });
    await ran({ splitter: 'fickle' });
    listing = ['z', 'a', 'b'];
    bad.clear();

    await retry();
    await service.drain();

    expect((await list('/items')).map(({ id, outcome }) => `${id} ${outcome}`).toSorted()).toEqual([
      'a succeeded',
      'b succeeded',
      'c succeeded',
    ]);
  });

  test('or fails, saying that the source was changed', async () => {
    let from = 0;
    const moving = defineSplitter({
      name: 'moving',
      description: 'claims to be stable and is not',
      definition: z.unknown(),
      stable: true,
      *split() {
        for (let n = from; n < from + 20; n += 1) yield { kind: 'item', id: String(n), payload: { n } };
      },
    });
    const { service, ran, retry, job } = aService({ splitters: [moving] });
    await ran({ splitter: 'moving' });
    from = 5;

    await retry();
    await service.drain();

    expect(await job()).toMatchObject({ status: 'Failed', failures: [{ code: 'source-changed' }] });
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

test('what a job costs is the cost of all its runs', async () => {
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
  const rows = [...service.table.rows()].filter(({ pk }) => pk.startsWith('P#p1#J#j'));
  await submit();

  expect(rows).toMatchObject([{ sk: 'JOB', status: 'Deleted', generation: 2 }]);
  expect([...service.objects.keys()]).toEqual([]);
  expect(await job()).toMatchObject({ generation: 3, run: 1 });
});

async function aRequest({ table }: ReturnType<typeof aService>['service']) {
  const { row } = await table.get({ pk: 'P#p1#J#j', sk: 'REQUEST#2' });
  return { body: String(row?.['body']) };
}
