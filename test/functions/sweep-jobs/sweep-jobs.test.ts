import { describe, expect, test } from 'vitest';
import { Meter } from '#core/meter.ts';
import type { Table } from '#core/ports.ts';
import { insertJob } from '../../../functions/store/insert-job.ts';
import { moveJob, readJob } from '../../../functions/store/jobs.ts';
import { duePk, jobKey } from '../../../functions/store/keys.ts';
import { type SweepJobsPorts, sweepJobs } from '../../../functions/sweep-jobs/sweep-jobs.ts';
import { aDraft } from '../../support/jobs.ts';
import { memoryWorld } from '../../support/memory/world.ts';

const PAST = { paused: { expiryTime: '2020-01-01T00:00:00Z' } };
const never = () => false;
const keyOf = (job: string) => ({ partition: 'p', job });

/** Jobs that expired long ago. */
async function aWorld(jobs: number) {
  const world = memoryWorld();
  const ids = Array.from({ length: jobs }, (_, i) => `job ${i}`);
  for (const job of ids) {
    await insertJob(world.table, aDraft({ job, hold: true, expiry: PAST }), { body: '{}' });
  }
  const statuses = async () =>
    Promise.all(ids.map(async (job) => (await readJob(world.table, keyOf(job)))?.status));
  const ports: SweepJobsPorts = { ...world, meter: new Meter() };
  return { ...world, ports, statuses };
}

/** The table with one method that fails if `isFaulty` returns true. */
function failing(table: Table, method: 'get' | 'query', isFaulty: (pk: string) => boolean): Table {
  return new Proxy(table, {
    get(target, name: keyof Table) {
      if (name !== method) return target[name].bind(target);
      return async (asked: { pk: string }, ...more: never[]) => {
        if (isFaulty(asked.pk)) throw new Error('throttled');
        return (target[name] as (...given: unknown[]) => unknown)(asked, ...more);
      };
    },
  });
}

describe('a sweep', () => {
  test('finds all that is due, on however many pages', async () => {
    const { ports, statuses } = await aWorld(2_000);

    const swept = await sweepJobs(ports, never);

    expect(swept).toEqual({ called: 0, expired: 2_000, failed: 0 });
    expect(new Set(await statuses())).toEqual(new Set(['Expired']));
    expect(await sweepJobs(ports, never)).toEqual({ called: 0, expired: 0, failed: 0 });
  });

  test('ignores rows that the index still shows after they changed', async () => {
    const { ports, table } = await aWorld(0);
    const { job } = await insertJob(table, aDraft({ hold: true }), { body: '{}' });
    const due = { duePk: duePk(3), dueSk: '0000000000000001#x' };
    await table.write({ kind: 'update', key: jobKey(job), change: { set: due } });
    await table.write({ kind: 'update', key: jobKey(keyOf('gone')), change: { set: due } });
    const before = [...table.rows()];

    const swept = await sweepJobs(ports, never);

    expect(swept).toEqual({ called: 0, expired: 0, failed: 1 });
    expect([...table.rows()]).toEqual(before);
  });

  test('does the rest where one job fails, and that one the next time', async () => {
    const { ports, table, log, statuses } = await aWorld(30);
    const { pk } = jobKey(keyOf('job 7'));

    const first = await sweepJobs({ ...ports, table: failing(table, 'get', (asked) => asked === pk) }, never);
    const between = await statuses();
    const second = await sweepJobs(ports, never);

    expect([first, second]).toEqual([
      { called: 0, expired: 29, failed: 1 },
      { called: 0, expired: 1, failed: 0 },
    ]);
    expect(between.filter((status) => status === 'Paused')).toHaveLength(1);
    expect(between[7]).toBe('Paused');
    expect(log.messages('warn')).toEqual(['job could not be swept']);
  });

  test('does the other shards where one cannot be read', async () => {
    const { ports, table, log, statuses } = await aWorld(100);

    const swept = await sweepJobs(
      { ...ports, table: failing(table, 'query', (asked) => asked === duePk(2)) },
      never,
    );

    const left = (await statuses()).filter((status) => status === 'Paused').length;
    expect(left).toBeGreaterThan(0);
    expect(swept).toEqual({ called: 0, expired: 100 - left, failed: 1 });
    expect(log.messages('warn')).toEqual(['shard could not be swept']);
  });

  test('that ends early each time starves no shard', async () => {
    const { ports, statuses } = await aWorld(200);

    for (let sweeps = 0; sweeps < 60; sweeps += 1) {
      let looks = 0;
      await sweepJobs(ports, () => {
        looks += 1;
        return looks > 1;
      });
    }

    expect(new Set(await statuses())).toEqual(new Set(['Expired']));
  });

  test('at the same time as another one does everything once', async () => {
    const { ports, table } = await aWorld(50);

    const both = await Promise.all([sweepJobs(ports, never), sweepJobs(ports, never)]);

    expect(both[0].expired + both[1].expired).toBe(50);
    expect(both[0].failed + both[1].failed).toBe(0);
    const entries = [...table.rows()].filter(({ verb }) => verb === 'expire');
    expect(entries).toHaveLength(50);
  });

  test('keeps no counts of jobs', async () => {
    const { ports } = await aWorld(1);
    ports.meter.count(keyOf('job 0'), { readUnits: 1 });

    await sweepJobs(ports, never);

    expect(ports.meter.take(keyOf('job 0'))).toEqual({});
  });
});

describe('a job whose delay has passed', () => {
  const START = 1_767_225_600_000 + 3_600_000;

  async function aDelayedJob() {
    const world = await aWorld(0);
    const { table } = world;
    const { job } = await insertJob(table, aDraft({ startDue: START, notBefore: START }), { body: '{}' });
    await table.write({ kind: 'update', key: jobKey(job), change: { remove: ['followUp'] } });
    const read = () => readJob(table, job);
    return { ...world, job, read };
  }

  test('is called to look whether it may start, not before', async () => {
    const { ports, clock, read } = await aDelayedJob();

    clock.advanceTo(START - 1);
    const early = await sweepJobs(ports, never);
    const before = await read();
    clock.advanceTo(START);
    const late = await sweepJobs(ports, never);

    expect([early.called, late.called]).toEqual([0, 1]);
    expect(before).not.toHaveProperty('followUp');
    expect(await read()).toMatchObject({ status: 'Waiting', followUp: 'dispatch' });
  });

  test('is not, once it is cancelled', async () => {
    const { ports, table, clock, job, read } = await aDelayedJob();
    await moveJob(table, job, 'cancel', { now: clock.now() });
    clock.advanceTo(START);

    await sweepJobs(ports, never);

    expect(await read()).toMatchObject({ status: 'Cancelled', followUp: 'finish' });
  });
});
