/** The last error of what a worker tries again, where users see it. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { Meter } from '#core/meter.ts';
import { defineWorker, type WorkerOptions } from '../../functions/kit/define-worker.ts';
import { MAX_CHUNK_HOPS } from '../../functions/kit/settle-chunk.ts';
import { MAX_REDRIVES, readDeadLetters } from '../../functions/read-dead-letters/read-dead-letters.ts';
import { aChunk, aRecord, memoryWorld, sentMessages, workerOn } from '../support/chunks.ts';
import { anActiveJob } from '../support/jobs.ts';
import type { World } from '../support/memory/world.ts';
import { reportedOutcomes } from '../support/outcomes.ts';

afterEach(() => vi.restoreAllMocks());

const _run = { partition: 'p', job: 'j', runNumber: 1 };

function aWorker(work: WorkerOptions<unknown>['run']) {
  return defineWorker<unknown>({ name: 'work', parameters: z.unknown(), run: work });
}

async function failureOf(world: World) {
  return (await reportedOutcomes(world))?.[0]?.failure;
}

function sdkError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

describe('an item', () => {
  test('that is retried shows its error in the note of the job', async () => {
    const world = memoryWorld();
    const work = workerOn(
      world,
      aWorker(() => {
        throw sdkError('SlowDown', 'Please reduce your request rate.');
      }),
    );

    await work([aRecord(aChunk())]);

    expect(sentMessages(world, 'reports')).toMatchObject([
      {
        kind: 'progress',
        fraction: 0,
        note: 'item a is retried, 1 of 3 attempts failed: Please reduce your request rate.',
      },
    ]);
  });

  test('writes the note once in five seconds for each job, for any number of failed items', async () => {
    const world = memoryWorld();
    const work = workerOn(
      world,
      aWorker(() => {
        throw new Error('no');
      }),
    );
    const records = Array.from({ length: 10 }, (_, index) => aRecord(aChunk({ index })));

    await work(records);
    await work(records);
    world.clock.advance(5_000);
    await work(records);

    expect(sentMessages(world, 'reports')).toHaveLength(2);
  });

  test.each([
    ['AccessDenied', 'source-forbidden'],
    ['NoSuchKey', 'source-missing'],
    ['NoSuchBucket', 'source-missing'],
  ])('that meets %s fails at its first try', async (name, code) => {
    const world = memoryWorld();
    const work = workerOn(
      world,
      aWorker(() => {
        throw sdkError(name, 'S3 said no');
      }),
    );

    await work([aRecord(aChunk())]);

    expect(await failureOf(world)).toMatchObject({
      code,
      attempts: 1,
      failureMessage: expect.stringMatching(/S3 said no/),
    });
  });

  test('that times out in the end reports its last error', async () => {
    const world = memoryWorld();
    const work = workerOn(
      world,
      aWorker(() => {
        throw new Error('the server is busy');
      }),
    );

    await work([aRecord(aChunk({ hop: MAX_CHUNK_HOPS, maxAttempts: 100 }))]);

    expect(await failureOf(world)).toMatchObject({
      code: 'too-slow',
      failureMessage: expect.stringMatching(/the last error: the server is busy/),
    });
  });
});

describe('a chunk that cannot be reported', () => {
  test('shows the reason in the note, and in its failure when it becomes a dead letter', async () => {
    const world = memoryWorld();
    await anActiveJob(world.table);
    const read = readDeadLetters({ ...world, meter: new Meter() });
    vi.spyOn(world.queues, 'send').mockRejectedValueOnce(sdkError('InternalError', 'SQS is ill'));
    const chunk = aChunk();

    const { failed } = await workerOn(
      world,
      aWorker(() => 'fine'),
    )([aRecord(chunk)]);
    const notes = sentMessages(world, 'reports');
    await read({
      body: JSON.stringify({ ...chunk, redrives: MAX_REDRIVES }),
      origin: { queue: 'worker', worker: 'work' },
    });

    expect([...failed]).toEqual(['/0']);
    expect(notes).toMatchObject([{ kind: 'progress', note: 'chunk 0 of batch root is retried: SQS is ill' }]);
    expect(await failureOf(world)).toMatchObject({
      code: 'undeliverable',
      failureMessage: expect.stringMatching(
        /could not start or finish this chunk; its last error: SQS is ill/,
      ),
    });
  });
});
