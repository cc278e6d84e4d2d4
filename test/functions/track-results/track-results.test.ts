import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Table } from '#core/ports.ts';
import { jobKey, pageKey } from '../../../functions/store/keys.ts';
import { JOB, RUN } from '../../support/jobs.ts';
import { SeededRandom } from '../../support/memory/world.ts';
import { aTracker, chunk, failed, recordsOf, STATUS_CACHE_MILLIS } from './a-tracker.ts';
import {
  anyTree,
  inPieces,
  messagesOf,
  repeated,
  reportOf,
  sealOf,
  shuffled,
  toldOf,
  totalsOfTree,
} from './any-tree.ts';

describe('a job', () => {
  test('ends exactly once with exact totals, however its results are ordered, batched and repeated', async () => {
    await fc.assert(
      fc.asyncProperty(anyTree, fc.integer(), fc.integer({ min: 1, max: 50 }), async (tree, seed, most) => {
        const random = new SeededRandom(seed);
        const tracker = await aTracker();
        const instances = [tracker.anInstance(), tracker.anInstance(), tracker.anInstance()];
        const messages = messagesOf(toldOf(tree), random);

        for (const batch of inPieces(shuffled(repeated(messages, 0.2, random), random), most, random)) {
          const track = instances[Math.floor(random.next() * 3)] ?? tracker.anInstance();
          expect(await track(recordsOf(batch))).toEqual({ failed: new Set() });
          tracker.clock.advance(Math.floor(random.next() * 3_000));
        }

        expect(await tracker.job()).toMatchObject({
          status: 'Completed',
          totals: totalsOfTree(tree),
          version: 3,
          followUp: 'finish',
        });
        expect(tracker.ended()).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  test('ends so though any write may fail, before or after its effect', async () => {
    await fc.assert(
      fc.asyncProperty(anyTree, fc.integer(), async (tree, seed) => {
        const random = new SeededRandom(seed);
        let isReliable = true;
        const tracker = await aTracker({}, () => {
          if (!isReliable && random.next() < 0.15) throw new Error('throttled');
        });
        const lossy =
          (write: Table['write']): Table['write'] =>
          async (...args) => {
            const answer = await write(...args);
            if (!isReliable && random.next() < 0.1) throw new Error('the answer was lost');
            return answer;
          };
        tracker.table.write = lossy(tracker.table.write.bind(tracker.table));
        isReliable = false;

        for (let open = recordsOf(messagesOf(toldOf(tree), random)); open.length > 0; ) {
          const batch = shuffled(open, random).slice(0, 40);
          const answer = await tracker.anInstance()(batch);
          const ids = new Set(batch.filter(({ id }) => !answer.failed.has(id)).map(({ id }) => id));
          open = open.filter(({ id }) => !ids.has(id));
        }

        expect(await tracker.job()).toMatchObject({
          status: 'Completed',
          totals: totalsOfTree(tree),
          version: 3,
        });
      }),
      { numRuns: 60 },
    );
  });

  test('that has ended is not changed by all its results coming again', async () => {
    await fc.assert(
      fc.asyncProperty(anyTree, fc.integer(), async (tree, seed) => {
        const random = new SeededRandom(seed);
        const tracker = await aTracker();
        const messages = messagesOf(toldOf(tree), random);
        await tracker.track(...messages);
        tracker.clock.advance(STATUS_CACHE_MILLIS + 1);
        const before = tracker.rows();

        const again = await tracker.track(...shuffled(messages, random));

        expect(again).toEqual({ failed: new Set() });
        expect(tracker.rows()).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });

  test('that has ended keeps its row and its pages while an instance still believes it runs', async () => {
    const tracker = await aTracker();
    const messages = [sealOf('', 2), reportOf([chunk(0), failed(1)])];
    await tracker.track(...messages);
    const before = tracker.rows().filter(({ sk }) => !sk.startsWith('JOB#PROGRESS'));

    await tracker.track(...messages);

    expect(tracker.rows().filter(({ sk }) => !sk.startsWith('JOB#PROGRESS'))).toEqual(before);
    expect(tracker.ended()).toBe(1);
  });

  test('without any chunk completes by its seal', async () => {
    const tracker = await aTracker();

    await tracker.track(sealOf('', 0));

    expect(await tracker.job()).toMatchObject({ status: 'Completed', totals: { items: 0 } });
  });

  test('is not ended by the results of its previous run', async () => {
    const tracker = await aTracker();

    await tracker.track({ ...sealOf('', 1), runNumber: 2 }, { ...reportOf([chunk(0)]), runNumber: 2 });

    expect(await tracker.job()).toMatchObject({ status: 'Active' });
    const rows = tracker
      .rows()
      .map(({ sk }) => sk)
      .filter((sk) => sk !== 'PARTITION');
    expect(rows).toHaveLength(4);
    expect(rows.filter((sk) => !sk.startsWith('H#'))).toHaveLength(2);
  });

  test.each([
    ['continue', 'Completed'],
    ['failAtEnd', 'Failed'],
  ] as const)('whose items failed ends under %s as %s', async (onItemFailure, status) => {
    const tracker = await aTracker({ onItemFailure });

    await tracker.track(sealOf('', 2), reportOf([chunk(0), failed(1, 3)]));

    expect(await tracker.job()).toMatchObject({ status, totals: { items: 20, failed: 3, skipped: 0 } });
  });
});

describe('a job of which no item succeeded', () => {
  const skipped = { items: 10, failed: 0, skipped: 10 };

  test.each([
    [[failed(0, 10)], 'none of 10 items succeeded: 10 failed'],
    [[failed(0, 9), failed(1, 10)], undefined],
    [[failed(0, 10), chunk(1, skipped)], 'none of 20 items succeeded: 10 failed and 10 were skipped'],
    [[chunk(0, skipped)], undefined],
  ])('fails by default, and states why: %#', async (chunks, message) => {
    const tracker = await aTracker({ onItemFailure: 'failIfNoneSucceed' });

    await tracker.track(sealOf('', chunks.length), reportOf(chunks));

    const rows = tracker.rows();
    const failures = rows.filter(({ sk }) => sk.startsWith('F#'));
    expect((await tracker.job())?.status).toBe(message === undefined ? 'Completed' : 'Failed');
    expect(failures).toMatchObject(
      message === undefined
        ? []
        : [
            {
              code: 'all-items-failed',
              failureSource: 'job',
              failureMessage: expect.stringContaining(message),
            },
          ],
    );
    const end = rows.findLast(({ sk }) => sk.startsWith('H#'));
    if (message !== undefined) expect(end?.['reason']).toBe(failures[0]?.['failureMessage']);
  });
});

describe('a write that fails', () => {
  test('redelivers only the messages behind it', async () => {
    const pageOne = pageKey(RUN, '', { level: 0, page: 1 }).pk;
    const tracker = await aTracker({}, ({ pk }) => {
      if (pk === pageOne) throw new Error('throttled');
    });

    const answer = await tracker.track(
      reportOf([chunk(0)]),
      reportOf([chunk(1), chunk(256)]),
      reportOf([chunk(600)]),
      reportOf([chunk(257)]),
    );

    expect(answer.failed).toEqual(new Set(['m1', 'm3']));
  });

  test('of a page is logged with the job, the page and the error', async () => {
    const pageOne = pageKey(RUN, '', { level: 0, page: 1 }).pk;
    const tracker = await aTracker({}, ({ pk }) => {
      if (pk === pageOne) throw new Error('throttled');
    });

    await tracker.track(reportOf([chunk(0)]), reportOf([chunk(256)]));

    expect(tracker.log.records).toContainEqual({
      level: 'warn',
      message: 'page could not be written',
      fields: { ...RUN, path: '', level: 0, page: 1, error: 'Error: throttled' },
    });
  });

  test('of the end returns the messages that completed the job, and they end it on redelivery', async () => {
    let fails = true;
    const { sk } = jobKey(JOB);
    const tracker = await aTracker({}, (key) => {
      if (fails && key.sk === sk) throw new Error('throttled');
    });
    const messages = [sealOf('', 300), reportOf([chunk(0)]), reportOf([chunk(299)])];
    const others = Array.from({ length: 298 }, (_, i) => chunk(i + 1));
    await tracker.tell(reportOf(others));

    const first = await tracker.track(...messages);
    fails = false;
    await tracker.track(...messages.filter((_, i) => first.failed.has(`m${i}`)));

    expect(first.failed.size).toBeGreaterThan(0);
    expect(await tracker.job()).toMatchObject({ status: 'Completed', totals: { items: 3_000 } });
  });

  test('of progress gives nothing back', async () => {
    const tracker = await aTracker({}, ({ sk }) => {
      if (sk.startsWith('JOB#PROGRESS')) throw new Error('throttled');
    });

    expect(await tracker.track(reportOf([chunk(0)]))).toEqual({ failed: new Set() });
    expect(tracker.log.messages('warn')).toContain('progress could not be written');
  });
});

describe('messages that are wrong', () => {
  test('in their form are unroutable, with the reason, and are not redelivered', async () => {
    const tracker = await aTracker();
    const bodies = ['not json', '{"v":1}', JSON.stringify({ ...sealOf('', 1), children: -1 })];

    const answer = await tracker.track(...bodies, sealOf('', 0));

    const aside = tracker.queues.receive('unroutable').map(({ body }) => JSON.parse(body));
    expect(answer.failed).toEqual(new Set());
    expect(aside.map(({ body }) => body)).toEqual(bodies);
    for (const { reason } of aside) expect(reason).not.toBe('');
    expect(tracker.log.messages('alarm')).toHaveLength(3);
    expect(await tracker.job()).toMatchObject({ status: 'Completed' });
  });

  test('seal a node twice with another size: the first counts, and an operator is called', async () => {
    const tracker = await aTracker();

    await tracker.tell(sealOf('', 2));
    await tracker.tell(sealOf('', 3));
    await tracker.tell(reportOf([chunk(0), chunk(1)]));

    expect(tracker.log.messages('alarm')).toEqual(['node sealed twice with another size']);
    expect(await tracker.job()).toMatchObject({ status: 'Completed', totals: { items: 20 } });
  });
});
