import { describe, expect, test, vi } from 'vitest';
import { moveJob } from '../../../functions/store/jobs.ts';
import { recordLines } from '../../support/outcomes.ts';
import { aFlakyService, KEY, named, PLAN, stepUntilRetried } from './a-flaky-service.ts';
import { type ApiWorld, apiWorld, BATCH, createdJob, eventOf, JOBS } from './api-world.ts';

const RUN = { partition: 'p1', job: 'j1', runNumber: 1 };
const ITEMS = `${JOBS}/j1/items`;

function anItem(id: string, more: object = {}) {
  return { id, path: '', outcome: 'succeeded', attempts: 1, ...more };
}

async function putChunk(world: ApiWorld, index: number, items: readonly object[]): Promise<void> {
  const lines = items.map((item) => `${JSON.stringify(item)}\n`).join('');
  await recordLines(world, RUN, { index }, lines);
}

async function aWorld(): Promise<ApiWorld> {
  const world = apiWorld();
  await createdJob(world, 'j1', { batch: { ...BATCH, itemsPerTask: 3 } });
  await moveJob(world.table, RUN, 'dispatch', { now: 1 });
  return world;
}

describe('an item', () => {
  test.each(['plain', 'a/b c', '0:98', 'ü%2F"q"', '.'])('is found by its id %j', async (id) => {
    const world = await aWorld();
    await putChunk(world, 0, [anItem('x'), anItem(`${id}x`)]);
    await putChunk(world, 1, [anItem(id, { output: { n: 1 } })]);

    const { status, body } = await world.call('GET', `${ITEMS}/${encodeURIComponent(id)}`);

    expect(status).toBe(200);
    expect(body).toEqual({ id, path: '', outcome: 'succeeded', attempts: [{}], output: { n: 1 } });
  });

  test('whose id contains a slash is found behind a gateway that decodes the path', async () => {
    const world = await aWorld();
    await putChunk(world, 0, [anItem('a/b')]);

    const { body } = await world.sendUnchecked({
      ...eventOf('GET', `${ITEMS}/x`),
      version: '1.0',
      resource: '/{route+}',
      path: `${ITEMS}/a/b`,
      pathParameters: { route: `${ITEMS}/a/b`.slice(1) },
    });

    expect(body).toMatchObject({ id: 'a/b', outcome: 'succeeded' });
  });

  test('has links only to files of its partition', async () => {
    const world = await aWorld();
    const part = { type: 'BASE_PART', filename: 'f', mimeType: 'text/plain' };
    const parts = [
      { ...part, key: 'outputs/p1/f' },
      { ...part, key: 'outputs/p2/f' },
      { ...part, url: 'https://example.com/f' },
    ];
    await putChunk(world, 0, [anItem('a', { parts })]);

    const { body, headers } = await world.call('GET', `${ITEMS}/a`);

    expect(body.parts).toEqual([
      { ...part, url: 'https://bucket.test/outputs/p1/f?get', expiresAt: expect.any(Number) },
      { ...part, note: expect.stringContaining('has no link') },
      { ...part, url: 'https://example.com/f' },
    ]);
    expect(headers['Cache-Control']).toBe('no-store');
  });

  test('without an outcome is not found, and the problem counts the outcomes that were read', async () => {
    const world = await aWorld();
    await putChunk(world, 0, [anItem('a'), anItem('b')]);

    const { status, body } = await world.call('GET', `${ITEMS}/c`);

    expect(status).toBe(404);
    expect(body.detail).toBe(
      "job 'j1' has no outcome of item 'c' among 2 outcomes; the job is not final yet, so try again later",
    );
  });

  test('behind more chunks than one request reads is found by the cursor', async () => {
    const world = await aWorld();
    for (let index = 0; index < 1_100; index += 1) await putChunk(world, index, [anItem(String(index))]);

    const first = await world.call('GET', `${ITEMS}/1099`);
    const second = await world.call('GET', `${ITEMS}/1099`, { query: `cursor=${first.body.cursor}` });

    expect(first.body).toEqual({
      id: '1099',
      attempts: [],
      lookedAt: expect.any(Number),
      cursor: expect.any(String),
    });
    expect(first.body.lookedAt).toBeGreaterThan(900);
    expect(first.headers['Link']).toContain(first.body.cursor);
    expect(second.body).toMatchObject({ id: '1099', outcome: 'succeeded' });
  });
});

describe('the attempts of an item', () => {
  test('have a time each, and the error of those that failed', async () => {
    const { service, api } = aFlakyService();
    await service.submit(PLAN, named({ a: {}, b: { until: 3 }, c: { until: 9 } }), KEY);
    await service.drain();

    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((id) => api.call('GET', `${ITEMS}/${id}`)));

    const at = expect.any(Number);
    expect(a?.body).toMatchObject({ outcome: 'succeeded', attempts: [{ at }], payload: {} });
    expect(b?.body.attempts).toEqual([
      { at, error: 'attempt 1 was busy' },
      { at, error: 'attempt 2 was busy' },
      { at },
    ]);
    expect(c?.body.outcome).toBe('failed');
    expect(c?.body.attempts.map(({ error }: { error: string }) => error)).toEqual(
      [1, 2, 3, 4].map((attempt) => `attempt ${attempt} was busy`),
    );
    const times = b?.body.attempts.map((attempt: { at: number }) => attempt.at);
    expect(times).toEqual(times.toSorted());
  });

  test('are shown with the time of the next one while the item is tried again', async () => {
    const { service, api } = aFlakyService();
    await service.submit(PLAN, named({ a: {}, b: { until: 3 } }), KEY);
    await stepUntilRetried(service);

    const { body } = await api.call('GET', `${ITEMS}/b`);

    expect(body).toEqual({
      id: 'b',
      path: '',
      attempts: [{ at: expect.any(Number), error: 'attempt 1 was busy' }],
      nextAttemptAt: service.queues.nextDue(),
    });
  });

  test('include those of earlier runs', async () => {
    const { service, api } = aFlakyService();
    await service.submit({ ...PLAN, maxAttempts: 2 }, named({ a: {}, b: { until: 9 } }), KEY);
    await service.drain();
    await api.call('POST', `${JOBS}/j1/retry`);
    await service.drain();

    const { body } = await api.call('GET', `${ITEMS}/b`);

    expect(body.attempts.map(({ error }: { error: string }) => error)).toEqual(
      [1, 2, 3, 4].map((attempt) => `attempt ${attempt} was busy`),
    );
  });
});

describe('the payload of an item', () => {
  const long = { until: 1, text: 'ä'.repeat(4_000) };

  test('is shown whole up to 4 KB, and as an excerpt beyond', async () => {
    const { service, api } = aFlakyService();
    await service.submit(PLAN, named({ short: { n: 1 }, long }), KEY);
    await service.drain();

    const short = await api.call('GET', `${ITEMS}/short`);
    const { body } = await api.call('GET', `${ITEMS}/long`);

    expect(short.body.payload).toEqual({ n: 1 });
    expect(body).not.toHaveProperty('payload');
    expect(JSON.stringify(long).startsWith(body.payloadExcerpt)).toBe(true);
    expect(Buffer.byteLength(body.payloadExcerpt)).toBeLessThanOrEqual(4_096);
  });

  test('that is long can be downloaded if the item failed', async () => {
    const { service, api } = aFlakyService();
    const payload = { ...long, permanent: true };
    await service.submit(PLAN, named({ a: payload }), KEY);
    await service.drain();

    const { body } = await api.call('GET', `${ITEMS}/a`);
    const key = body.payloadUrl.replace('https://bucket.test/', '').replace('?get', '');

    expect(key).toMatch(/^outputs\/p1\/j1\//);
    const bytes = await service.objects.get({ key });
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(payload);
  });

  test('has no link if its record names an object of another partition', async () => {
    const world = await aWorld();
    const input = { json: '"a', isExcerpt: true, key: 'outputs/p2/j/secret.json' };
    await putChunk(world, 0, [anItem('a', { input })]);

    const { body } = await world.call('GET', `${ITEMS}/a`);

    expect(body.payloadExcerpt).toBe('"a');
    expect(body).not.toHaveProperty('payloadUrl');
  });

  test('is an excerpt in the failures of the job and in the examples of their groups', async () => {
    const { service, api } = aFlakyService();
    await service.submit({ ...PLAN, itemsPerTask: 1 }, named({ a: { permanent: true, n: 1 }, b: {} }), KEY);
    await service.drain();

    const failures = await api.call('GET', `${JOBS}/j1/failures`);
    const groups = await api.call('GET', `${JOBS}/j1/failures`, { query: 'groupBy=fingerprint' });

    expect(failures.body).toMatchObject([{ payloadExcerpt: '{"permanent":true,"n":1}' }]);
    expect(groups.body).toMatchObject([{ example: { payloadExcerpt: '{"permanent":true,"n":1}' } }]);
  });
});

describe('a failed item of a large job', () => {
  test('is found by its failure, without a scan', async () => {
    const { service, api } = aFlakyService();
    const payloads = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`i${i}`, { n: i }]));
    await service.submit({ ...PLAN, itemsPerTask: 1 }, named({ ...payloads, i49: { permanent: true } }), KEY);
    await service.drain();
    const gets = vi.spyOn(service.objects, 'get');

    const { body } = await api.call('GET', `${ITEMS}/i49`);

    expect(body.outcome).toBe('failed');
    expect(gets).toHaveBeenCalledTimes(1);
  });
});
