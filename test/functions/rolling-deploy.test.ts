/**
 * Two releases at work on one job, as during a deployment. The next release is this one with a message version that is
 * higher by one; both run the real functions over the same memory.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { NewerVersion } from '#core/errors.ts';
import { Meter } from '#core/meter.ts';
import type { Key, Row } from '#core/ports.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { readDeadLetters } from '../../functions/read-dead-letters/read-dead-letters.ts';
import { moveJob, readJob, readStatus } from '../../functions/store/jobs.ts';
import { jobKey } from '../../functions/store/keys.ts';
import { trackResults } from '../../functions/track-results/track-results.ts';
import { aChunk, aRecord, sentMessages, workerOn } from '../support/chunks.ts';
import { anActiveJob, JOB, RUN } from '../support/jobs.ts';
import { memoryWorld } from '../support/memory/world.ts';
import { recordedOutcomes, recordLines, reportedOutcomes } from '../support/outcomes.ts';

afterEach(() => {
  vi.doUnmock('#contract/message-version.ts');
  vi.resetModules();
});

/** The same functions with the next message version. */
async function nextRelease() {
  vi.resetModules();
  vi.doMock('#contract/message-version.ts', () => ({ MESSAGE_VERSION: 2, OLDEST_MESSAGE_VERSION: 1 }));
  return {
    ...(await import('../../functions/track-results/track-results.ts')),
    ...(await import('../../functions/read-dead-letters/read-dead-letters.ts')),
    ...(await import('../support/chunks.ts')),
  };
}

const SETTINGS = { maxItems: 1_000, statusCacheMillis: 0 };
const seal = (v: number) => ({ v, kind: 'seal', ...RUN, path: '', children: 2, itemsPerTask: 1 });
const report = (v: number, index: number) => {
  const nodes = [{ path: '', d: [index], x: [] }];
  return { v, kind: 'report', ...RUN, itemsPerTask: 1, nodes };
};
const record = (id: string, message: unknown) => {
  return { id, body: JSON.stringify(message), origin: 'service' as const };
};
const aWorker = () => defineWorker({ name: 'work', parameters: z.unknown(), run: () => 1 });

describe('messages', () => {
  test('of the next release are given back by the tracker, logged once, and count once it is updated', async () => {
    const world = memoryWorld();
    await anActiveJob(world.table);
    const records = [record('s', seal(2)), record('a', report(2, 0)), record('b', report(1, 1))];

    const { failed } = await trackResults({ ...world, meter: new Meter(), ...SETTINGS })(records);
    const before = await readJob(world.table, JOB);
    const next = (await nextRelease()).trackResults({ ...world, meter: new Meter(), ...SETTINGS });
    const { failed: later } = await next(records.filter(({ id }) => failed.has(id)));

    expect([...failed]).toEqual(['s', 'a']);
    expect(world.log.messages('warn')).toEqual(['message of a later release']);
    expect(sentMessages(world, 'unroutable')).toEqual([]);
    expect(before?.status).toBe('Active');
    expect([...later]).toEqual([]);
    expect(await readJob(world.table, JOB)).toMatchObject({ status: 'Completed', totals: { items: 2 } });
  });

  test('of the next release are given back by a worker, without a mark, and run once it is updated', async () => {
    const world = memoryWorld();
    const chunks = [0, 1].map((index) => aRecord({ ...aChunk({ index }), v: 2 }));

    const { failed } = await workerOn(world, aWorker())(chunks);
    const left = world.objects.keys();
    const next = await nextRelease();
    const { failed: later } = await next.workerOn(
      world,
      aWorker(),
    )(chunks.map((chunk) => ({ ...chunk, receiveCount: 5 })));

    expect(failed.size).toBe(2);
    expect(left).toEqual([]);
    expect(world.log.messages('warn')).toEqual(['chunk of a later release']);
    expect(later.size).toBe(0);
    expect(await reportedOutcomes(world, 1)).toMatchObject([{ outcome: 'succeeded' }]);
    expect(sentMessages(world, 'reports').every(({ v }) => v === 2)).toBe(true);
  });

  test('of this release are read by the next one', async () => {
    const world = memoryWorld();
    await anActiveJob(world.table);
    const next = await nextRelease();

    const { failed } = await next.workerOn(world, aWorker())([aRecord(aChunk())]);
    const track = next.trackResults({ ...world, meter: new Meter(), ...SETTINGS });
    await track([record('s', seal(1)), record('a', report(1, 0)), record('b', report(1, 1))]);

    expect(failed.size).toBe(0);
    expect(await readJob(world.table, JOB)).toMatchObject({ status: 'Completed' });
  });

  test.each(['chunk', 'seal'] as const)(
    'of the next release stay dead letters until the reader is updated: %s',
    async (kind) => {
      const world = memoryWorld();
      await anActiveJob(world.table);
      const letter =
        kind === 'chunk'
          ? { body: JSON.stringify({ ...aChunk(), v: 2 }), origin: { queue: 'worker' } as const }
          : { body: JSON.stringify(seal(2)), origin: { queue: 'results' } as const };

      const reading = readDeadLetters({ ...world, meter: new Meter() })(letter);

      await expect(reading).rejects.toBeInstanceOf(NewerVersion);
      expect(world.objects.keys()).toEqual([]);
      for (const queue of ['unroutable', 'results', 'reports', 'worker:work'] as const)
        expect(sentMessages(world, queue)).toEqual([]);

      await (await nextRelease()).readDeadLetters({ ...world, meter: new Meter() })(letter);

      expect(sentMessages(world, kind === 'chunk' ? 'worker:work' : 'results')).toMatchObject([
        { v: 2, kind },
      ]);
    },
  );

  test.each([0, -1, 1.5, '2', null])(
    'with version %j belong to no release: they are unroutable',
    async (v) => {
      const world = memoryWorld();
      await anActiveJob(world.table);

      const track = trackResults({ ...world, meter: new Meter(), ...SETTINGS });
      const { failed } = await track([record('s', { ...seal(1), v })]);

      expect(failed.size).toBe(0);
      expect(sentMessages(world, 'unroutable')).toHaveLength(1);
    },
  );
});

describe('a job row', () => {
  async function aRowWith(attributes: object) {
    const world = memoryWorld();
    await anActiveJob(world.table);
    const { row } = await world.table.get(jobKey(JOB));
    await world.table.write({ kind: 'put', row: { ...(row as Row), ...attributes } });
    return world;
  }
  const stored = async (world: Awaited<ReturnType<typeof aRowWith>>, key: Key) =>
    (await world.table.get(key)).row;

  test('keeps attributes that this release does not know when it is written', async () => {
    const world = await aRowWith({ newFlag: { deep: [1] } });

    await moveJob(world.table, JOB, 'pause', { now: 5 });
    await moveJob(world.table, JOB, 'resume', { now: 6 });

    expect(await stored(world, jobKey(JOB))).toMatchObject({ status: 'Active', newFlag: { deep: [1] } });
  });

  test.each([
    ['a status', { status: 'Hibernating' }],
    ['a row version', { v: 2 }],
  ])(
    'with %s of the next release causes redelivery of its messages, and is not changed',
    async (_what, newer) => {
      const world = await aRowWith(newer);
      const before = await stored(world, jobKey(JOB));
      const track = trackResults({ ...world, meter: new Meter(), ...SETTINGS });

      const { failed } = await track([record('s', seal(1)), record('a', report(1, 0))]);
      const status = readStatus(world.table, JOB, { strong: true });

      expect([...failed]).toEqual(['s', 'a']);
      expect(await stored(world, jobKey(JOB))).toEqual(before);
      expect(sentMessages(world, 'unroutable')).toEqual([]);
      await expect(status).rejects.toBeInstanceOf(NewerVersion);
    },
  );
});

test('fields of outcomes that are unknown to this release are kept', async () => {
  const world = memoryWorld();
  const line = { id: 'a', path: '', outcome: 'succeeded', attempts: 1, newField: { deep: true } };
  await recordLines(world, RUN, { index: 0 }, `${JSON.stringify(line)}\n`);

  expect(await recordedOutcomes(world, RUN)).toEqual([line]);
});
