import { describe, expect, test } from 'vitest';
import { Meter } from '#core/meter.ts';
import { type LetterOrigin, letterOrigin } from '../../../functions/read-dead-letters/letter-origin.ts';
import { MAX_REDRIVES, readDeadLetters } from '../../../functions/read-dead-letters/read-dead-letters.ts';
import { deleteJob } from '../../../functions/store/delete-job.ts';
import { moveJob } from '../../../functions/store/jobs.ts';
import { markKey } from '../../../functions/store/object-keys.ts';
import { aChunk, memoryWorld, sentMessages } from '../../support/chunks.ts';
import { anActiveJob, JOB } from '../../support/jobs.ts';
import { recordLines } from '../../support/outcomes.ts';

async function deadLettersOf() {
  const world = memoryWorld();
  await anActiveJob(world.table);
  const readLetter = readDeadLetters({ ...world, meter: new Meter() });
  const read = (body: string, origin: LetterOrigin = { queue: 'worker' }) => readLetter({ body, origin });
  return { world, read };
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

    const [report] = sentMessages(world, 'results');
    expect(report.nodes).toEqual([{ path: '', d: [], x: [[0, 3, 2, 0]] }]);
    expect(report.failures[0]).toMatchObject({
      code: 'poison',
      failureMessage: expect.stringContaining('retry the failed ones by their itemIds'),
    });
  });

  test('that never started is sent again a few times only', async () => {
    const { world, read } = await deadLettersOf();

    await read(JSON.stringify(aChunk()));
    await read(JSON.stringify(aChunk({ redrives: MAX_REDRIVES })));

    expect(sentMessages(world, 'worker:work')).toMatchObject([{ redrives: 1 }]);
    expect(sentMessages(world, 'results')[0].failures[0]).toMatchObject({ code: 'undeliverable' });
  });

  test('that is recorded is dropped', async () => {
    const { world, read } = await deadLettersOf();
    const chunk = aChunk();
    await recordLines(
      world,
      chunk,
      { index: 0 },
      `${JSON.stringify({ id: 'a', path: '', outcome: 'succeeded', attempts: 1 })}\n`,
    );
    await world.objects.put(markKey(chunk, chunk.path, chunk.index), 'x');

    await read(JSON.stringify(chunk));

    expect(sentMessages(world, 'results')).toEqual([]);
    expect(sentMessages(world, 'worker:work')).toEqual([]);
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
    expect(sentMessages(world, 'results')).toEqual([]);
    expect(sentMessages(world, 'worker:work')).toEqual([]);
  },
);

test('a dead report goes back to the results queue unchanged', async () => {
  const { world, read } = await deadLettersOf();
  const seal = {
    v: 1,
    kind: 'seal',
    partition: 'p',
    job: 'j',
    runNumber: 1,
    path: '',
    children: 3,
    itemsPerTask: 25,
  };

  await read(JSON.stringify(seal), { queue: 'results' });

  expect(sentMessages(world, 'results')).toEqual([seal]);
});

test('a dead letter that cannot be parsed is unroutable', async () => {
  const { world, read } = await deadLettersOf();

  await read('not json');

  expect(sentMessages(world, 'unroutable')).toHaveLength(1);
});

test('a dead progress update is dropped, because the outcome replaces it', async () => {
  const { world, read } = await deadLettersOf();
  const place = { partition: 'p', job: 'j', runNumber: 1, path: '', index: 0, items: 1 };

  await read(JSON.stringify({ v: 1, kind: 'progress', ...place, fraction: 0.5 }), {
    queue: 'reports',
  });

  expect(sentMessages(world, 'results')).toEqual([]);
  expect(sentMessages(world, 'unroutable')).toEqual([]);
});

describe('a dead letter is accepted only from a queue that takes its kind', () => {
  const run = { v: 1, partition: 'p', job: 'j', runNumber: 1 };
  const seal = { ...run, kind: 'seal', path: '', children: 0, itemsPerTask: 25 };
  const flow = { ...run, kind: 'flow', outcome: 'failed' };
  const split = { ...run, kind: 'split', path: '', splitter: 'range', from: 0, hop: 0 };
  const step = { ...run, kind: 'step', step: 's', inputs: [], token: 't', tokenNumber: 1 };

  test.each([
    ['a seal', seal, 'worker'],
    ['the end of a flow', flow, 'worker'],
    ['a batch', split, 'worker'],
    ['a step', step, 'worker'],
    ['a report', { ...run, kind: 'report', itemsPerTask: 25, nodes: [] }, 'worker'],
    ['a seal', seal, 'reports'],
    ['a wake-up', { ...run, kind: 'wake' }, 'reports'],
    ['a chunk', aChunk(), 'reports'],
    ['a batch', split, 'results'],
    ['a seal', seal, 'split'],
  ] as const)('%s %o of a %s queue is unroutable', async (_what, message, queue) => {
    const { world, read } = await deadLettersOf();

    await read(JSON.stringify(message), { queue });

    const sentOn = (['split', 'results', 'reports', 'worker:work'] as const).flatMap((to) =>
      sentMessages(world, to),
    );
    expect(sentOn).toEqual([]);
    expect(sentMessages(world, 'unroutable')).toMatchObject([
      { reason: expect.stringContaining(`a ${queue} queue`) },
    ]);
  });

  test('a chunk for another worker is unroutable', async () => {
    const { world, read } = await deadLettersOf();

    await read(JSON.stringify(aChunk({ worker: 'work' })), { queue: 'worker', worker: 'other' });

    expect(sentMessages(world, 'worker:work')).toEqual([]);
    expect(sentMessages(world, 'unroutable')).toHaveLength(1);
  });

  test('a report goes back to the reports queue, not to the one of the service', async () => {
    const { world, read } = await deadLettersOf();
    const report = { ...run, kind: 'report', itemsPerTask: 25, nodes: [] };

    await read(JSON.stringify(report), { queue: 'reports' });

    expect(sentMessages(world, 'reports')).toEqual([report]);
    expect(sentMessages(world, 'results')).toEqual([]);
  });
});

describe('the origin of a dead letter', () => {
  const queues = {
    split: 'S-dead',
    results: 'R-dead',
    reports: 'P-dead',
    workers: { work: 'W', http: 'H' },
  };

  test.each([
    [{ queue: 'S-dead' }, { queue: 'split' }],
    [{ queue: 'R-dead', deadFrom: 'W' }, { queue: 'results' }],
    [{ queue: 'P-dead' }, { queue: 'reports' }],
    [
      { queue: 'H-dead', deadFrom: 'H' },
      { queue: 'worker', worker: 'http' },
    ],
    [{ queue: 'H-dead' }, { queue: 'worker' }],
    [{ queue: 'whatever', deadFrom: 'R' }, { queue: 'worker' }],
  ])('of %o is %o', (received, origin) => {
    expect(letterOrigin(received, queues)).toEqual(origin);
  });
});
