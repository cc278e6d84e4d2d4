import { describe, expect, test } from 'vitest';
import { call, finished, freshPartition, jobPath, pages, until } from './rest.ts';

const range = (to: number, parameters: object = {}) => ({
  batch: { splitter: 'range', definition: { from: 0, to }, worker: 'rehearse', itemsPerTask: 5, parameters },
});
const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };

describe('PATCH', () => {
  test('edits a held job, by a merge patch and against its version, and its end keeps the edit', async () => {
    const path = jobPath(freshPartition(), 'job');
    await call('PUT', path, { body: { ...range(10), name: 'old', labels: { a: '1', b: '2' }, hold: true } });

    const edited = await call('PATCH', path, {
      body: { name: null, labels: { a: null, c: '3' }, priority: 8, hidden: true },
      headers: { ...MERGE_PATCH, 'if-match': '"1.0"' },
    });
    const stale = await call('PATCH', path, { body: { name: 'x' }, headers: { 'if-match': '"1.0"' } });
    const unknown = await call('PATCH', path, { body: { status: 'Completed' } });
    await call('POST', `${path}/resume`);
    const job = await finished(path);
    const late = await call('PATCH', path, { body: { priority: 1 } });
    const note = await call('PATCH', path, { body: { description: 'done' } });

    expect(edited.status, JSON.stringify(edited.body)).toBe(200);
    expect(edited.body).toMatchObject({ labels: { b: '2', c: '3' }, priority: 8, hidden: true, version: 2 });
    expect(edited.headers.get('etag')).toMatch(/^"2\./);
    expect([stale.status, unknown.status, late.status]).toEqual([412, 400, 409]);
    expect(job).toMatchObject({ status: 'Completed', labels: { b: '2', c: '3' }, priority: 8 });
    expect(job).not.toHaveProperty('name');
    expect(job.itemsPerMinute).toBeGreaterThan(0);
    expect([note.status, note.body.description, note.body.status]).toEqual([200, 'done', 'Completed']);
  });
});

describe('history', () => {
  test('records every change, has pages, and is deleted with its job', async () => {
    const partition = freshPartition();
    const path = jobPath(partition, 'job');
    await call('PUT', path, { body: { ...range(10, { failEvery: 5 }), hold: true } });
    await call('PATCH', path, { body: { name: 'n' } });
    await call('POST', `${path}/resume`);
    const job = await finished(path);

    const entries = await pages(`${path}/history?limit=2`);
    await call('DELETE', path);
    const gone = await call('GET', `${path}/history`);
    await call('PUT', path, { body: { ...range(1), hold: true } });
    const anew = await pages(`${path}/history`);

    expect(entries.map(({ verb, from, to }) => [verb, from, to])).toEqual([
      ['create', undefined, 'Paused'],
      ['edit', undefined, undefined],
      ['resume', 'Paused', 'Waiting'],
      ['dispatch', 'Waiting', 'Active'],
      ['complete', 'Active', 'Completed'],
    ]);
    expect(entries[3].actor).toBe('system');
    expect(entries[1].actor).toBe(entries[0].actor);
    expect(entries[0].actor).toBe(job.createdBy);
    expect(entries[4]).toMatchObject({
      time: job.endTime,
      reason: expect.stringMatching(/of 10 items failed/),
    });
    expect([gone.status, anew.length]).toEqual([404, 1]);
  });

  test('of a job that many trackers finish has one end', async () => {
    const path = jobPath(freshPartition(), 'job');
    await call('PUT', path, { body: range(1_000) });
    await finished(path);

    const entries = await pages(`${path}/history`);

    expect(entries.map(({ verb }) => verb)).toEqual(['create', 'dispatch', 'complete']);
  });
});

describe('resubmit', () => {
  test('runs the captured request again as another job; not before the end', async () => {
    const partition = freshPartition();
    const path = jobPath(partition, 'job');
    await call('PUT', path, { body: { ...range(20), name: 'n', hold: true } });
    const early = await call('POST', `${path}/resubmit`);
    await call('POST', `${path}/cancel`);

    const named = await call('POST', `${path}/resubmit`, { body: { id: 'second' } });
    const again = await call('POST', `${path}/resubmit`, { body: { id: 'second' } });
    const fresh = await call('POST', `${path}/resubmit`);
    const second = jobPath(partition, 'second');
    await call('POST', `${second}/resume`);
    const job = await finished(second);

    expect([early.status, named.status, again.status, fresh.status]).toEqual([409, 201, 204, 201]);
    expect(job).toMatchObject({ name: 'n', status: 'Completed', items: { succeeded: 20 } });
    const location = new URL(fresh.headers.get('location') ?? '', `http://service/v1${path}/resubmit`);
    expect(location.pathname.endsWith(jobPath(partition, fresh.body.id))).toBe(true);
  });
});

describe('retry', () => {
  test('does only the failed items again, in a new run of the same job', async () => {
    const path = jobPath(freshPartition(), 'job');
    await call('PUT', path, {
      body: { ...range(60, { failEvery: 10, failTimes: 1 }), name: 'n' },
    });
    const first = await finished(path);

    const refused = await call('POST', `${path}/retry`, { body: { filter: { codes: ['unknown'] } } });
    const some = await call('POST', `${path}/retry`, { body: { filter: { itemIds: ['10', '20'] } } });
    const second = await finished(path);
    const stale = await call('POST', `${path}/retry`, { headers: { 'if-match': `"${first.version}.0"` } });
    const rest = await call('POST', `${path}/retry`);
    const third = await finished(path);
    const items = await pages(`${path}/items?limit=7`);
    const again = await call('POST', `${path}/retry`);
    const { body: cost } = await call('GET', `${path}/cost`);
    const history = await pages(`${path}/history`);
    const deleted = await call('DELETE', path);

    expect(first).toMatchObject({ run: 1, items: { found: 60, failed: 6 } });
    expect(refused.status, JSON.stringify(refused.body)).toBe(409);
    expect([some.status, some.body]).toEqual([202, { itemsRetried: 2 }]);
    expect(second).toMatchObject({
      status: 'Completed',
      run: 2,
      items: { found: 60, failed: 4, succeeded: 56 },
    });
    expect([stale.status, rest.status, rest.body]).toEqual([412, 202, { itemsRetried: 4 }]);
    expect(third).toMatchObject({ run: 3, generation: 1, items: { found: 60, failed: 0 }, failures: [] });
    expect(items).toHaveLength(60);
    expect(new Set(items.map(({ id }) => id)).size).toBe(60);
    expect(items.filter(({ attempts }) => attempts === 2)).toHaveLength(6);
    expect(again.status).toBe(409);
    expect(cost.dollars).toBeGreaterThan(0);
    expect(history.filter(({ verb }) => verb === 'retry')).toHaveLength(2);
    expect(deleted.status).toBe(204);
  });
});

test('failures by fingerprint are one group for one cause', async () => {
  const path = jobPath(freshPartition(), 'job');
  await call('PUT', path, { body: range(100, { failEvery: 10 }) });
  const job = await finished(path);

  const { status, body } = await call('GET', `${path}/failures?groupBy=fingerprint`);

  expect(status).toBe(200);
  expect(body).toHaveLength(1);
  expect(body[0]).toMatchObject({ count: job.items.failed, isAtLeast: false });
  expect(body[0].example.failureMessage).not.toBe('');
});

test('a paused job keeps its rate and has no estimated end', async () => {
  const path = jobPath(freshPartition(), 'job');
  await call('PUT', path, { body: range(2_000, { millisPerItem: 20 }) });
  await until('some items are done', async () => (await call('GET', path)).body.items.succeeded > 0);

  await call('POST', `${path}/pause`);
  const { body: paused } = await call('GET', path);
  await call('POST', `${path}/cancel`);
  const { body: cancelled } = await call('GET', path);

  expect(paused.itemsPerMinute).toBeGreaterThan(0);
  expect(paused).not.toHaveProperty('estimatedEndTime');
  expect(cancelled).toMatchObject({
    status: 'Cancelled',
    startTime: paused.startTime,
    endTime: expect.any(Number),
  });
});
