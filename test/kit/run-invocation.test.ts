import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PermanentFailure } from '#core/errors.ts';
import type { JobStatus } from '#core/job-status.ts';
import { defineWorker, type WorkerOptions } from '../../functions/kit/define-worker.ts';
import { aChunk, aRecord, memoryWorld, sentMessages, workerOn } from '../support/chunks.ts';
import type { World } from '../support/memory/world.ts';
import { reportedOutcomes } from '../support/outcomes.ts';

const run = { partition: 'p', job: 'j', runNumber: 1 };

function aWorker(work: WorkerOptions<unknown>['run'], options: Partial<WorkerOptions<unknown>> = {}) {
  return defineWorker<unknown>({ name: 'work', parameters: z.unknown(), run: work, ...options });
}

const recorded = reportedOutcomes;

describe('a chunk', () => {
  test('is recorded item by item and reported once for all chunks of the invocation', async () => {
    const world = memoryWorld();
    const work = workerOn(
      world,
      aWorker((item) => ({ doubled: Number(item.payload) * 2 })),
    );

    await work([aRecord(aChunk()), aRecord(aChunk({ index: 1, items: [{ id: 'b', payload: 2 }] }))]);

    expect(await recorded(world, 1)).toEqual([
      {
        id: 'b',
        path: '',
        outcome: 'succeeded',
        attempts: 1,
        at: expect.any(Number),
        input: { json: '2' },
        output: { doubled: 4 },
      },
    ]);
    expect(sentMessages(world, 'reports')).toMatchObject([
      {
        nodes: [
          {
            path: '',
            d: [],
            x: [
              [0, 1, 0, 0],
              [1, 1, 0, 0],
            ],
          },
        ],
      },
    ]);
  });

  test('sends its retryable items again, alone, with the final outcomes', async () => {
    const world = memoryWorld();
    const work = workerOn(
      world,
      aWorker((item) => {
        if (item.id === 'bad') throw new Error('not now');
        return 'fine';
      }),
    );

    await work([aRecord(aChunk({ items: [{ id: 'good' }, { id: 'bad' }] }))]);

    expect(await recorded(world)).toBeUndefined();
    expect(sentMessages(world, 'worker:work')).toMatchObject([
      { items: [{ id: 'bad', tries: 1 }], done: [{ id: 'good', outcome: 'succeeded' }], hop: 1 },
    ]);
  });

  test('fails its items permanently when their attempts are used up', async () => {
    const world = memoryWorld();
    const work = workerOn(
      world,
      aWorker(() => Promise.reject(new Error('still not'))),
    );

    await work([aRecord(aChunk({ items: [{ id: 'bad', tries: 2 }] }))]);

    expect(await recorded(world)).toMatchObject([
      { outcome: 'failed', attempts: 3, failure: { code: 'worker-error', failureMessage: 'still not' } },
    ]);
    expect(sentMessages(world, 'reports')[0].failures).toHaveLength(1);
  });

  test('fails an item at once if the worker reports a permanent failure', async () => {
    const world = memoryWorld();
    const work = workerOn(
      world,
      aWorker(() => Promise.reject(new PermanentFailure('no-such-thing', 'gone'))),
    );

    await work([aRecord(aChunk())]);

    expect(await recorded(world)).toMatchObject([
      { outcome: 'failed', attempts: 1, failure: { code: 'no-such-thing' } },
    ]);
  });

  test('continues in a new message when the time is up, without using up attempts', async () => {
    const world = memoryWorld();
    const time = new AbortController();
    const work = workerOn(
      world,
      aWorker(() => time.abort(), { concurrency: 1 }),
    );

    await work([aRecord(aChunk({ items: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }))], time.signal);

    expect(sentMessages(world, 'worker:work')).toMatchObject([
      { items: [{ id: 'b' }, { id: 'c' }], done: [{ id: 'a' }] },
    ]);
    expect(JSON.stringify(sentMessages(world, 'worker:work'))).not.toContain('tries');
  });

  test('of a job cancelled meanwhile records nothing', async () => {
    const world = memoryWorld();
    let status: JobStatus = 'Active';
    const cancelling = aWorker(() => {
      status = 'Cancelled';
      world.clock.advance(1);
    });

    const { failed } = await workerOn(world, cancelling, () => status)([aRecord(aChunk())]);

    expect(await recorded(world)).toBeUndefined();
    expect([...failed, ...sentMessages(world, 'reports')]).toEqual([]);
  });

  test('with parameters that violate the schema fails with the violation', async () => {
    const world = memoryWorld();
    const strict = defineWorker({
      name: 'work',
      parameters: z.strictObject({ size: z.number() }),
      run: () => 1,
    });

    await workerOn(world, strict)([aRecord(aChunk({ parameters: { size: 'big' } }))]);

    expect(await recorded(world)).toMatchObject([
      { outcome: 'failed', failure: { code: 'invalid-parameters' } },
    ]);
  });

  test('goes to the next worker of its pipeline with the items that succeeded', async () => {
    const world = memoryWorld();
    const work = workerOn(
      world,
      aWorker((item) => {
        if (item.id === 'bad') throw new PermanentFailure('bad', 'bad');
        return `${item.id}!`;
      }),
    );

    await work([aRecord(aChunk({ items: [{ id: 'good' }, { id: 'bad' }], pipeline: ['next', 'last'] }))]);

    expect(await recorded(world)).toBeUndefined();
    expect(sentMessages(world, 'reports')[0].forward).toMatchObject([
      {
        worker: 'next',
        pipeline: ['last'],
        items: [{ id: 'good', payload: 'good!' }],
        done: [{ id: 'bad' }],
        hop: 0,
      },
    ]);
  });
});

describe('an output', () => {
  test('too large for the outcome becomes a file of the item', async () => {
    const world = memoryWorld();

    await workerOn(
      world,
      aWorker(() => 'x'.repeat(5_000)),
    )([aRecord(aChunk())]);

    const [outcome] = (await recorded(world)) ?? [];
    expect(outcome?.output).toBeUndefined();
    expect(outcome?.parts).toMatchObject([{ filename: 'output.json', sizeBytes: 5_002 }]);
  });

  test('that is not JSON fails the item', async () => {
    const world = memoryWorld();

    await workerOn(
      world,
      aWorker(() => 10n),
    )([aRecord(aChunk())]);

    expect(await recorded(world)).toMatchObject([{ failure: { code: 'invalid-output' } }]);
  });
});

describe('chunks that came back', () => {
  test('run alone, the suspect last, and the others are reported before it', async () => {
    const world = memoryWorld();
    const ran: string[] = [];
    const work = workerOn(
      world,
      aWorker((item) => {
        ran.push(item.id);
        return item.id;
      }),
    );
    const poison = aChunk({ index: 0, items: [{ id: 'poison' }] });
    // The mark of a running chunk still exists, because the worker ended with it.
    await world.objects.put('marks/p/j/1/root/0000000000', 'x');

    await work([aRecord(poison, 3), aRecord(aChunk({ index: 1, items: [{ id: 'fine' }] }), 3)]);

    expect(ran).toEqual(['fine', 'poison']);
    expect(sentMessages(world, 'reports').map(({ nodes }) => nodes[0].x[0][0])).toEqual([1, 0]);
  });
});

describe('a chunk that must be redelivered', () => {
  const chunk = aChunk({ path: '3', index: 7 });
  const where = { ...run, path: '3', index: 7, error: 'Error: throttled' };
  const throttled = () => Promise.reject(new Error('throttled'));

  /** Runs the chunk after one method of the ports was made to fail; returns what was logged. */
  async function loggedWhen(breakPort: (world: World) => void, receiveCount = 1) {
    const world = memoryWorld();
    breakPort(world);
    const work = workerOn(
      world,
      aWorker(() => 1),
    );
    const { failed } = await work([aRecord(chunk, receiveCount, 'm')]);
    expect([...failed]).toEqual(['m']);
    return world.log.records.map(({ level, message, fields }) => [level, message, fields]);
  }

  test('because its mark could not be read is logged with job and path', async () => {
    const logged = await loggedWhen(({ objects }) => {
      objects.describe = throttled;
    }, 2);

    expect(logged).toEqual([['warn', 'the mark of a redelivered chunk could not be read', where]]);
  });

  test('because its mark could not be written is logged with job and path', async () => {
    const logged = await loggedWhen(({ objects }) => {
      objects.put = throttled;
    }, 2);

    expect(logged).toEqual([['warn', 'redelivered chunk could not be run', where]]);
  });

  test('because its report could not be sent is logged with job and path', async () => {
    const logged = await loggedWhen(({ queues }) => {
      queues.send = throttled;
    });

    const { path, index, ...job } = where;
    expect(logged).toContainEqual([
      'warn',
      'chunks could not be reported',
      { ...job, chunks: [{ path, index }] },
    ]);
  });
});

test('a message that is not a chunk is returned, because only the dead-letter reader may send to unroutable', async () => {
  const world = memoryWorld();

  const { failed } = await workerOn(
    world,
    aWorker(() => 1),
  )([{ id: 'm', body: '{"v":1}', receiveCount: 1 }]);

  expect([...failed]).toEqual(['m']);
  expect(sentMessages(world, 'unroutable')).toEqual([]);
  expect(world.log.messages('warn')).toEqual(['chunk could not be accepted']);
});
