import {
  ConflictError,
  type Jobtree,
  jobsChanged,
  type List,
  NotAllowedError,
  NotFoundError,
} from 'jobtree/client';
import { describe, expect, test } from 'vitest';
import { sendToUnroutable } from '../../../functions/store/unroutable.ts';
import { token } from '../../functions/jobs-api/tokens.ts';
import { aService } from './a-service.ts';

const REQUEST = {
  batch: { splitter: 'range', definition: { from: 0, to: 3 }, worker: 'rehearse' },
};
const ADMIN = token({ partitions: ['*'], role: 'admin' });

const ids = async (list: List<{ id: string }>) => (await list.toArray()).map(({ id }) => id).sort();
const error = (promise: Promise<unknown>) => promise.then(JSON.stringify, (caught: unknown) => caught);

async function withJobs(jobtree: Jobtree, ...names: readonly string[]) {
  for (const id of names) await jobtree.createJob({ ...REQUEST, labels: { first: id.slice(0, 1) } }, { id });
}

test('the activity of a partition has the items of its last hours', async () => {
  const service = aService();
  const jobtree = service.client();
  await withJobs(jobtree, 'a1', 'a2');
  await service.drain();

  const { jobsRead, intervals, intervalMillis } = await jobtree.activity({ hours: 1 });

  expect([jobsRead, intervalMillis]).toEqual([2, 60_000]);
  expect(Math.round(intervals.reduce((sum, { items }) => sum + items, 0))).toBe(6);
});

describe('a bulk action', () => {
  test.each([
    ['cancelJobs', 'Cancelled'],
    ['pauseJobs', 'Paused'],
  ] as const)('%s changes the jobs that match, and counts them', async (action, status) => {
    const jobtree = aService().client();
    await withJobs(jobtree, 'a1', 'a2', 'b1');

    const dry = await jobtree[action]({ labels: { first: 'a' } }, { dryRun: true });
    const done = await jobtree[action]({ jobIdStartsWith: 'a' });

    expect(dry).toEqual({ jobs: 2, isDryRun: true });
    expect(done).toEqual({ jobs: 2, isDryRun: false });
    expect(await ids(jobtree.jobs({ status }))).toEqual(['a1', 'a2']);
  });

  test('resumes, retries and deletes jobs', async () => {
    const service = aService();
    const jobtree = service.client();
    await jobtree.createJob(
      { batch: { ...REQUEST.batch, parameters: { failItems: ['1'], failTimes: 1 } } },
      { id: 'failing' },
    );
    await jobtree.job('failing').pause();

    const resumed = await jobtree.resumeJobs({ filter: 'id==failing' });
    await service.drain();
    const retried = await jobtree.retryJobs({ filter: 'items.failed>0' });
    await service.drain();
    const deleted = await jobtree.deleteJobs({ all: true });

    expect([resumed.jobs, retried.jobs, deleted.jobs]).toEqual([1, 1, 1]);
    expect(await ids(jobtree.jobs())).toEqual([]);
  });

  test('without criteria is refused before it is sent', async () => {
    const service = aService();
    const jobtree = service.client();

    for (const criteria of [
      {},
      { filter: undefined },
      { filter: '' },
      { labels: {} },
      { includeHidden: true },
    ])
      expect(await error(jobtree.deleteJobs(criteria))).toMatchObject({
        message: expect.stringContaining('{ all: true }'),
      });
    expect(String(await error(jobtree.deleteJobs({ all: true, filter: 'id==a' })))).toMatch(/combined/);
    expect(service.sent).toEqual([]);
  });

  test('over many jobs continues in the background, and its operation can be followed', async () => {
    const service = aService();
    const jobtree = service.client();
    await withJobs(jobtree, ...Array.from({ length: 1_001 }, (_, n) => `j${n}`));

    const { jobs, operation } = await jobtree.cancelJobs({ jobIdStartsWith: 'j' });
    await service.drain();
    const final = await operation?.done({ minInterval: 1 });

    expect(jobs).toBeGreaterThan(0);
    expect(jobs).toBeLessThan(1_001);
    expect(final).toMatchObject({ status: 'Completed', verb: 'cancel' });
    expect(final && jobsChanged(final)).toBe(1_001);
    expect(await jobtree.bulkOperation(operation?.id ?? '').get()).toEqual(final);
  }, 60_000);
});

describe('job types and templates', () => {
  test('are put, read, listed and deleted, in a partition and globally', async () => {
    const jobtree = aService().client({ token: ADMIN });
    const mapping =
      '{"batch": {"splitter": "range", "definition": {"from": 0, "to": 1}, "worker": "rehearse"}}';

    const created = await jobtree.jobTypes.put('numbers', { mapping });
    const read = await jobtree.jobTypes.getChanged('numbers');
    const same = await jobtree.jobTypes.getChanged('numbers', read?.etag);
    await jobtree.jobTypes.put('numbers', { mapping, description: 'second' }, { ifMatch: read?.etag });
    const outdated = await error(jobtree.jobTypes.put('numbers', { mapping }, { ifMatch: read?.etag }));
    await jobtree.globalJobTypes.put('everywhere', { mapping });
    const listed = await jobtree.jobTypes.list();
    const versions = await jobtree.jobTypes.versions('numbers').toArray();
    await jobtree.jobTypes.delete('numbers');

    expect(created).toMatchObject({ name: 'numbers', scope: 'partition' });
    expect([read?.value, same]).toEqual([created, undefined]);
    expect(outdated).toBeInstanceOf(ConflictError);
    expect(listed.map(({ name, scope }) => [name, scope]).sort()).toEqual([
      ['everywhere', 'global'],
      ['numbers', 'partition'],
    ]);
    expect(versions.map(({ description }) => description)).toEqual(['second', '']);
    expect(await error(jobtree.jobTypes.get('numbers'))).toBeInstanceOf(NotFoundError);
    expect(await jobtree.templates.list()).toEqual([]);
    expect(await jobtree.globalTemplates.list()).toEqual([]);
  });
});

test('queues are read, and unroutable messages are sent again and deleted', async () => {
  const service = aService();
  const jobtree = service.client();
  const admin = service.client({ token: ADMIN });
  const refused = { body: '{"kind":"split"}', reason: 'no version', queue: 'split' as const };
  await sendToUnroutable(service.api, 'test', refused);
  await sendToUnroutable(service.api, 'test', refused);

  const queues = await jobtree.queues();
  expect(await jobtree.alarms()).toEqual([]);
  const [first, second] = await admin.unroutableMessages();
  const redriven = await admin.redriveUnroutable([first?.id ?? '']);
  const deleted = await admin.deleteUnroutable([second?.id ?? '']);

  expect(queues.find(({ name }) => name === 'unroutable')?.waiting).toBe(2);
  expect(first?.reason).toBe('no version');
  expect([redriven.done, deleted.done]).toEqual([[first?.id], [second?.id]]);
  await expect(jobtree.unroutableMessages()).rejects.toThrow(NotAllowedError);
});

test('settings, splitters, workers, health and the API document are read', async () => {
  const jobtree = aService().client({ token: ADMIN });

  const changed = await jobtree.putSettings({ maxActiveJobs: 3 });

  expect(changed).toMatchObject({ maxActiveJobs: 3, suspended: false });
  expect(await jobtree.settings()).toEqual(changed);
  expect(await jobtree.partition('other').settings()).toMatchObject({ maxActiveJobs: 100 });
  expect((await jobtree.splitters()).map(({ name }) => name)).toContain('range');
  expect((await jobtree.workers()).map(({ name }) => name)).toContain('rehearse');
  expect(await jobtree.health()).toMatchObject({ status: 'ok' });
  expect(await jobtree.openApi()).toMatchObject({ openapi: '3.1.0' });
});
