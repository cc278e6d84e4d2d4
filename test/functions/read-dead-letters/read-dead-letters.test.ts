import { describe, expect, test } from 'vitest';
import { Meter } from '#core/meter.ts';
import { MAX_REDRIVES, readDeadLetters } from '../../../functions/read-dead-letters/read-dead-letters.ts';
import { deleteJob } from '../../../functions/store/delete-job.ts';
import { moveJob } from '../../../functions/store/jobs.ts';
import { markKey, outcomeKey } from '../../../functions/store/object-keys.ts';
import { aChunk, memoryWorld, sent } from '../../support/chunks.ts';
import { anActiveJob, JOB } from '../../support/jobs.ts';

async function deadLettersOf() {
  const world = memoryWorld();
  await anActiveJob(world.table);
  return { world, read: readDeadLetters({ ...world, meter: new Meter() }) };
}

describe('a dead chunk', () => {
  test('that ended its worker fails as poison and is reported', async () => {
    const { world, read } = await deadLettersOf();
    const chunk = aChunk({
      items: [{ id: 'a' }, { id: 'b' }],
      done: [{ id: 'c', path: '', outcome: 'succeeded', attempts: 1 }],
    });
    await world.objects.put(markKey(chunk, chunk.path, chunk.index), 'x');

    await read(JSON.stringify(chunk));

    const [report] = sent(world, 'results');
    expect(report.nodes).toEqual([{ path: '', d: [], x: [[0, 3, 2, 0]] }]);
    expect(report.failures[0]).toMatchObject({
      code: 'poison',
      failureMessage: expect.stringContaining('retry the failed ones by their itemIds'),
    });
  });

  test('that never started is sent again, but not for ever', async () => {
    const { world, read } = await deadLettersOf();

    await read(JSON.stringify(aChunk()));
    await read(JSON.stringify(aChunk({ redrives: MAX_REDRIVES })));

    expect(sent(world, 'worker:work')).toMatchObject([{ redrives: 1 }]);
    expect(sent(world, 'results')[0].failures[0]).toMatchObject({ code: 'undeliverable' });
  });

  test('whose outcomes are recorded is reported as they say', async () => {
    const { world, read } = await deadLettersOf();
    const chunk = aChunk();
    await world.objects.put(
      outcomeKey(chunk, '', 0),
      `${JSON.stringify({ id: 'a', path: '', outcome: 'succeeded', attempts: 1 })}\n`,
    );
    await world.objects.put(markKey(chunk, chunk.path, chunk.index), 'x');

    await read(JSON.stringify(chunk));

    expect(sent(world, 'results')[0].nodes[0].x).toEqual([[0, 1, 0, 0]]);
  });
});

test.each(['is over', 'is deleted', 'was created again'])(
  'a dead chunk of a job that %s is dropped, and leaves no object',
  async (how) => {
    const { world, read } = await deadLettersOf();
    const now = world.clock.now();
    const chunk = aChunk({ redrives: MAX_REDRIVES });
    await world.objects.put(markKey(chunk, chunk.path, chunk.index), 'x');
    if (how === 'is over') await moveJob(world.table, JOB, 'cancel', { now });
    else await deleteJob(world.table, JOB, { now });
    if (how === 'was created again') await anActiveJob(world.table);

    await read(JSON.stringify(chunk));

    expect(world.objects.keys()).toEqual([markKey(chunk, chunk.path, chunk.index)]);
    expect(sent(world, 'results')).toEqual([]);
    expect(sent(world, 'worker:work')).toEqual([]);
  },
);

test('a dead report goes back to the results queue unchanged', async () => {
  const { world, read } = await deadLettersOf();
  const seal = {
    v: 1,
    kind: 'seal',
    partition: 'p',
    job: 'j',
    generation: 1,
    path: '',
    children: 3,
    itemsPerTask: 25,
  };

  await read(JSON.stringify(seal));

  expect(sent(world, 'results')).toEqual([seal]);
});

test('a dead letter that nobody can read is put aside', async () => {
  const { world, read } = await deadLettersOf();

  await read('not json');

  expect(sent(world, 'unroutable')).toHaveLength(1);
});

test('a dead update is forgotten: the outcome says all', async () => {
  const { world, read } = await deadLettersOf();
  const place = { partition: 'p', job: 'j', generation: 1, path: '', index: 0, items: 1 };

  await read(JSON.stringify({ v: 1, kind: 'progress', ...place, fraction: 0.5 }));

  expect(sent(world, 'results')).toEqual([]);
  expect(sent(world, 'unroutable')).toEqual([]);
});
