import { describe, expect, test } from 'vitest';
import type { Table } from '#core/ports.ts';
import { continueBulk } from '../../../functions/store/bulk.ts';
import { endJob, moveJob, readJob } from '../../../functions/store/jobs.ts';
import { aService } from '../a-retried-job.ts';
import { type ApiWorld, apiWorld, JOBS } from './api-world.ts';
import { queryOf } from './lists.ts';
import { drainBulk, manyJobs } from './many-jobs.ts';

const retryJobs = (api: ApiWorld, parameters: Record<string, string> = {}) =>
  api.call('POST', `${JOBS}:retry`, { query: queryOf(parameters) });

/** One job for each state of a job; items 3, 14 and 33 fail. */
async function someJobs() {
  const { service, bad, seen, api } = aService();
  const submit = (job: string, plan: object = {}, definition = { from: 0, to: 50 }) =>
    service.submit({ splitter: 'range', worker: 'work', ...plan }, { definition }, { partition: 'p1', job });
  const move = (job: string, verb: 'cancel' | 'fail' | 'pause') =>
    moveJob(service.table, { partition: 'p1', job }, verb, { now: service.clock.now() });
  await submit('completed');
  await submit('failed', { onItemFailure: 'failAtEnd' });
  await submit('clean', {}, { from: 40, to: 50 });
  await submit('cancelled');
  await move('cancelled', 'cancel');
  await submit('failed-early');
  await move('failed-early', 'fail');
  await submit('paused');
  await move('paused', 'pause');
  await service.drain();
  seen.length = 0;
  service.clock.advance(60_000);
  const jobs = async (): Promise<Record<string, string>> => {
    const { body } = await api.call('GET', JOBS);
    return Object.fromEntries(
      body.map((job: { id: string; status: string; run: number }) => [job.id, `${job.status} ${job.run}`]),
    );
  };
  return { service, bad, seen, api, jobs };
}

const BEFORE = {
  completed: 'Completed 1',
  failed: 'Failed 1',
  clean: 'Completed 1',
  cancelled: 'Cancelled 1',
  'failed-early': 'Failed 1',
  paused: 'Paused 1',
};

describe('a retry of all jobs', () => {
  test('does the failed items of every job again that can be retried, and passes over the others', async () => {
    const { service, bad, seen, api, jobs } = await someJobs();
    const dry = await retryJobs(api, { dryRun: 'true' });
    const untouched = await jobs();
    bad.delete(3);

    const { status, body } = await retryJobs(api);
    const running = await jobs();
    const again = await retryJobs(api);
    await service.drain();

    expect([dry.status, dry.body, untouched]).toEqual([200, { jobsRetried: 2, dryRun: true }, BEFORE]);
    expect([status, body, again.body]).toEqual([200, { jobsRetried: 2 }, { jobsRetried: 0 }]);
    expect(running).toEqual({ ...BEFORE, completed: 'Active 2', failed: 'Active 2' });
    expect(await jobs()).toEqual({ ...BEFORE, completed: 'Completed 2', failed: 'Failed 2' });
    expect(seen.map(({ n }) => n).toSorted((a, b) => a - b)).toEqual([3, 3, 14, 14, 33, 33]);
  });

  test('accepts criteria, and records the caller in the history', async () => {
    const { api, jobs } = await someJobs();

    const none = await retryJobs(api, { filter: 'status==Cancelled' });
    const one = await retryJobs(api, { filter: 'status==Failed', jobIdStartsWith: 'fail' });

    expect([none.body, one.body]).toEqual([{ jobsRetried: 0 }, { jobsRetried: 1 }]);
    expect(await jobs()).toEqual({ ...BEFORE, failed: 'Active 2' });
    const { body: history } = await api.call('GET', `${JOBS}/failed/history`);
    expect(history.at(-1)).toMatchObject({ verb: 'retry', actor: 'alice', reason: '3 failed items' });
  });

  test('skips a job that another caller retried in the meantime', async () => {
    const { service, api, jobs } = await someJobs();
    const query = service.table.query.bind(service.table);
    service.table.query = async (asked) => {
      const page = await query(asked);
      if (asked.index !== undefined) await api.call('POST', `${JOBS}/completed/retry`);
      return page;
    };

    const { body } = await retryJobs(api);

    expect(body).toEqual({ jobsRetried: 1 });
    expect(await jobs()).toMatchObject({ completed: 'Active 2', failed: 'Active 2' });
  });
});

const TOTALS = { items: 10, failed: 2, skipped: 0 };

/** Ends the run of a job as one in which items failed. */
async function end({ table, clock }: ApiWorld, key: { partition: string; job: string }): Promise<void> {
  const { runNumber = 1 } = (await readJob(table, key)) ?? {};
  await endJob(table, { ...key, runNumber }, { status: 'Completed', totals: TOTALS, now: clock.now() });
}

/** Creates jobs that are final, with failed items. */
async function endedJobs(world: ApiWorld, count: number): Promise<void> {
  await manyJobs(world, count);
  for (let i = 0; i < count; i += 1) {
    const key = { partition: 'p1', job: `m-${i}` };
    await moveJob(world.table, key, 'dispatch', { now: world.clock.now() });
    await end(world, key);
  }
  world.clock.advance(1_000);
}

function runsOf({ table }: ApiWorld): number[] {
  return [...table.rows()].filter(({ sk }) => sk === 'JOB').map((row) => Number(row['runNumber']));
}

describe('a retry of more than 1,000 jobs', () => {
  test('continues in the background and starts one run of each job, even if slices are repeated', async () => {
    const world = apiWorld();
    await endedJobs(world, 1_300);

    const { status, body } = await retryJobs(world);
    const { id } = body.bulkOperation;
    let saves = 0;
    const table = new Proxy(world.table, {
      get(target, name) {
        const method = Reflect.get(target, name);
        if (name !== 'write') return typeof method === 'function' ? method.bind(target) : method;
        return async (...given: Parameters<Table['write']>) => {
          saves += 1;
          if (saves <= 3) throw new Error('simulated: not saved');
          return target.write(...given);
        };
      },
    });
    for (let running = true; running; ) {
      world.clock.advance(1_000);
      const limits = { now: () => world.clock.now(), isTimeUp: () => false };
      const operation = await continueBulk(table, { partition: 'p1', id }, limits).catch(() => 'again');
      running = operation !== undefined;
      // Every run ends at once, with failed items as before.
      world.clock.advance(1_000);
      for (let i = 0; i < 1_300; i += 1) await end(world, { partition: 'p1', job: `m-${i}` });
    }

    expect([status, body.jobsRetried, body.bulkOperation.verb]).toEqual([202, 1_000, 'retry']);
    expect(saves).toBeGreaterThan(3);
    expect(new Set(runsOf(world))).toEqual(new Set([2]));
    const { body: operation } = await world.call('GET', `/partitions/p1/bulkOperations/${id}`);
    expect(operation).toMatchObject({ status: 'Completed', verb: 'retry' });
    expect(operation.jobsRetried).toBeGreaterThanOrEqual(1_000);
    expect(operation.jobsRetried).toBeLessThanOrEqual(1_300);
  });

  test('counts all of them where nothing fails', async () => {
    const world = apiWorld();
    await endedJobs(world, 1_250);
    const { body } = await retryJobs(world);

    await drainBulk(world);

    const { id } = body.bulkOperation;
    const { body: operation } = await world.call('GET', `/partitions/p1/bulkOperations/${id}`);
    expect(operation).toMatchObject({ status: 'Completed', jobsRetried: 1_250 });
    expect(runsOf(world).every((run) => run === 2)).toBe(true);
  });
});
