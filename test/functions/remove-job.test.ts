import { expect, test } from 'vitest';
import { Meter } from '#core/meter.ts';
import { dispatchJobs } from '../../functions/dispatch-jobs/dispatch-jobs.ts';
import { deleteJob } from '../../functions/store/delete-job.ts';
import { insertJob } from '../../functions/store/insert-job.ts';
import { moveJob } from '../../functions/store/jobs.ts';
import { failureKey } from '../../functions/store/keys.ts';
import { requestObjectKey } from '../../functions/store/object-keys.ts';
import { memoryWorld } from '../support/memory/world.ts';

const key = { partition: 'p', job: 'j' };

async function aHeldJob() {
  const world = memoryWorld();
  const reads = { lists: 0, queries: 0 };
  const { list } = world.objects;
  world.objects.list = (...given) => {
    reads.lists += 1;
    return list.apply(world.objects, given);
  };
  const { query } = world.table;
  world.table.query = (...given) => {
    reads.queries += 1;
    return query.apply(world.table, given);
  };
  const request = requestObjectKey(key, 'r');
  await world.objects.put(request, '{}');
  const plan = {
    splitter: 'range',
    worker: 'work',
    pipeline: [],
    itemsPerTask: 1,
    onItemFailure: 'continue',
    maxAttempts: 1,
    outcomes: 'all',
  } as const;
  const rest = { labels: {}, priority: 4, createdBy: 'test', requestHash: 'x', plan };
  await insertJob(world.table, { ...key, createTime: 1, hold: true, ...rest }, { key: request });
  const dispatch = dispatchJobs({ ...world, meter: new Meter() });
  const drain = async () => {
    for (let changes = world.table.takeChanges(); changes.length > 0; changes = world.table.takeChanges())
      for (const { new: row } of changes) if (row?.['followUp']) await dispatch(row, () => false);
  };
  return { world, reads, drain };
}

test('a job that never started is removed with all its data, without reading data it cannot have', async () => {
  const { world, reads, drain } = await aHeldJob();
  const failure = {
    failureId: 'f',
    failureTime: 1,
    failureSource: 'job',
    failureMessage: 'm',
    code: 'c',
    attempts: 1,
  };
  await world.table.write({
    kind: 'put',
    row: { ...failureKey({ ...key, runNumber: 1 }, 'f'), ...failure },
  });

  await deleteJob(world.table, key, { now: 1 });
  await drain();

  expect([...world.table.rows()].map(({ sk, ...row }) => [sk, row['status']])).toEqual([['JOB', 'Deleted']]);
  expect((await world.objects.list('')).objects).toEqual([]);
  expect(reads).toEqual({ lists: 1, queries: 3 });
});

test('a job that ends before it began has nothing to clear, and only its dependents to look for', async () => {
  const { world, reads, drain } = await aHeldJob();

  const moved = await moveJob(world.table, key, 'cancel', { now: 1 });
  await drain();

  expect(moved).toMatchObject({ job: { followUp: 'finish' } });
  expect([...world.table.rows()].filter((row) => row['followUp'] !== undefined)).toEqual([]);
  expect(reads).toEqual({ lists: 0, queries: 1 });
});
