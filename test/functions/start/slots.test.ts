import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type PartitionSettings } from '#core/partition-settings.ts';
import { putSettings, readPartition } from '../../../functions/store/partitions.ts';
import { token } from '../jobs-api/tokens.ts';
import { aService, type Service } from './a-service.ts';

function put({ table, clock }: Service, settings: Partial<PartitionSettings>) {
  return putSettings(table, 'p1', { ...DEFAULT_SETTINGS, ...settings }, { now: clock.now() });
}

async function activeJobs({ table }: Service): Promise<number> {
  return (await readPartition(table, 'p1', { strong: true })).activeJobs;
}

/** A job with many chunks, which stays Active for several steps. */
async function begin(service: Service): Promise<void> {
  await service.create('running', {}, { to: 100, itemsPerTask: 1 });
  await service.step();
}

/** Returns the jobs in start order. Fails if two were Active at once. */
async function oneByOne(service: Service, jobs: readonly string[]): Promise<string[]> {
  const views = await Promise.all(jobs.map((job) => service.view(job)));
  const begun = views.toSorted((one, other) => one.startTime - other.startTime);
  for (const [i, job] of begun.entries()) {
    if (i > 0) expect(job.startTime).toBeGreaterThanOrEqual(begun[i - 1].endTime);
  }
  return begun.map(({ id }) => id);
}

describe('a partition with one slot', () => {
  test('starts the job with the highest priority first, then the oldest', async () => {
    const service = aService();
    await put(service, { maxActiveJobs: 1 });
    await begin(service);
    for (const [job, priority] of [
      ['low', 1],
      ['usual', 4],
      ['late', 9],
      ['later', 9],
    ] as const) {
      await service.create(job, { priority });
      service.clock.advance(1);
    }

    await service.drain();

    expect(await oneByOne(service, ['running', 'low', 'usual', 'late', 'later'])).toEqual([
      'running',
      'late',
      'later',
      'usual',
      'low',
    ]);
    expect(await activeJobs(service)).toBe(0);
  });

  test('applies a priority that changes while the job is on the waitlist', async () => {
    const service = aService();
    await put(service, { maxActiveJobs: 1 });
    await begin(service);
    await service.create('first', { priority: 5 });
    await service.create('second', { priority: 4 });
    await service.step();

    await service.edit('second', { priority: 6 });
    await service.drain();

    expect(await oneByOne(service, ['running', 'first', 'second'])).toEqual(['running', 'second', 'first']);
  });

  test.each(['cancel', 'delete'])('has a free slot after %s', async (verb) => {
    const service = aService();
    await put(service, { maxActiveJobs: 1 });
    await begin(service);
    await service.create('next');
    await service.step();
    const before = await service.status('next');

    await (verb === 'delete' ? service.remove('running') : service.post('running', verb));
    await service.drain();

    expect([before, await service.status('next')]).toEqual(['Waiting', 'Completed']);
    expect(await activeJobs(service)).toBe(0);
  });

  test('keeps the slot of a paused job', async () => {
    const service = aService();
    await put(service, { maxActiveJobs: 1 });
    await begin(service);
    await service.post('running', 'pause');
    await service.create('next');
    await service.drain();
    const whilePaused = [await service.status('next'), await activeJobs(service)];

    await service.post('running', 'resume');
    await service.drain();

    expect(whilePaused).toEqual(['Waiting', 1]);
    expect(await oneByOne(service, ['running', 'next'])).toEqual(['running', 'next']);
  });

  test('gives no slot to a job that leaves the waitlist', async () => {
    const service = aService();
    await put(service, { maxActiveJobs: 1 });
    await begin(service);
    for (const job of ['paused', 'cancelled', 'deleted', 'last']) await service.create(job);
    await service.step();
    await service.post('paused', 'pause');
    await service.post('cancelled', 'cancel');
    await service.remove('deleted');

    await service.drain();

    expect(await service.status('last')).toBe('Completed');
    expect(await service.status('paused')).toBe('Paused');
    await service.post('paused', 'resume');
    await service.drain();
    expect(await service.status('paused')).toBe('Completed');
    expect([...service.table.rows()].filter(({ pk }) => pk.endsWith('#Q'))).toEqual([]);
  });
});

describe('settings of a partition', () => {
  test('suspended: no job starts and Active jobs continue, then all waiting jobs start', async () => {
    const service = aService();
    await begin(service);
    await put(service, { suspended: true });
    await service.create('next');
    await service.drain();
    const suspended = [await service.status('running'), await service.status('next')];

    await put(service, { suspended: false });
    await service.drain();

    expect(suspended).toEqual(['Completed', 'Waiting']);
    expect(await service.status('next')).toBe('Completed');
  });

  test('more slots let more jobs start, over several turns', async () => {
    const service = aService();
    await put(service, { suspended: true });
    const jobs = Array.from({ length: 45 }, (_, i) => `j${i}`);
    for (const job of jobs) await service.create(job);
    await service.drain();

    await put(service, { maxActiveJobs: 100 });
    await service.drain();

    for (const job of jobs) expect(await service.status(job)).toBe('Completed');
    expect(await activeJobs(service)).toBe(0);
  });

  test('identical settings change nothing', async () => {
    const service = aService();
    const first = await put(service, { maxActiveJobs: 7 });
    service.clock.advance(1_000);

    expect(await put(service, { maxActiveJobs: 7 })).toEqual(first);
  });

  test('another partition has its own slots', async () => {
    const service = aService();
    await put(service, { suspended: true });
    await service.create('here');
    const body = { batch: { splitter: 'range', definition: { from: 0, to: 1 }, worker: 'work' } };
    const there = { token: token({ partitions: ['p2'], role: 'operator' }) };
    await service.api.call('PUT', '/partitions/p2/jobs/there', { body, ...there });

    await service.drain();

    expect(await service.status('here')).toBe('Waiting');
    expect((await service.api.call('GET', '/partitions/p2/jobs/there/status', there)).body).toBe('Completed');
  });
});

test('a retried job gets a slot even if none is free', async () => {
  const service = aService();
  await put(service, { maxActiveJobs: 1 });
  await service.create('failed', {}, { from: -1, onItemFailure: 'failAtEnd' });
  await service.drain();
  await begin(service);

  const { status } = await service.retry('failed');

  expect(status).toBe(202);
  expect(await activeJobs(service)).toBe(2);
  await service.drain();
  expect(await activeJobs(service)).toBe(0);
});
