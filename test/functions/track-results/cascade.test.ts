import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addTotals, NO_ITEMS, type Totals } from '#core/page.ts';
import { touchPage } from '../../../functions/store/pages.ts';
import { cascade, type Touch } from '../../../functions/track-results/cascade.ts';
import { Ticks } from '../../../functions/track-results/ticks.ts';
import { RUN } from '../../support/jobs.ts';
import { MemoryTable } from '../../support/memory/table.ts';
import { SeededRandom } from '../../support/memory/world.ts';
import {
  anyTree,
  FULL,
  ITEMS_PER_TASK,
  inPieces,
  repeated,
  shuffled,
  type Told,
  type TreeNode,
  toldOf,
  totalsOfTree,
} from './any-tree.ts';

function ticksOf(told: readonly Told[]): Ticks {
  const ticks = new Ticks();
  for (const one of told) {
    const node = { run: RUN, path: one.path, itemsPerTask: ITEMS_PER_TASK, sources: [one.id] };
    if ('children' in one) ticks.seal(node, one.children);
    else ticks.child(node, one.index, one.totals, 'chunk');
  }
  return ticks;
}

function aTouch(): Touch {
  const table = new MemoryTable({ streams: () => false });
  return (touch) => touchPage(table, touch, 0);
}

const summed = (counted: readonly { totals: Totals }[]) =>
  counted.map(({ totals }) => totals).reduce(addTotals, NO_ITEMS);

function distinct(ends: readonly { totals: Totals }[]): Totals[] {
  return [...new Map(ends.map(({ totals }) => [JSON.stringify(totals), totals])).values()];
}

const chunks = (count: number): TreeNode => ({ children: Array<Totals>(count).fill(FULL) });

describe('a tree', () => {
  test('is complete with its last message and not before, in any order and batches, with duplicates', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyTree,
        fc.integer(),
        fc.integer({ min: 1, max: 100 }),
        async (tree, seed, batchSize) => {
          const random = new SeededRandom(seed);
          const all = toldOf(tree);
          const open = new Set(all.map(({ id }) => id));
          const touch = aTouch();
          let counted = NO_ITEMS;

          for (const batch of inPieces(shuffled(repeated(all, 0.3, random), random), batchSize, random)) {
            const wasOpen = open.size > 0;
            for (const { id } of batch) open.delete(id);
            const outcome = await cascade(ticksOf(batch), touch);
            counted = addTotals(counted, summed(outcome.counts));

            if (open.size > 0) expect(outcome.completeJobs).toEqual([]);
            // Messages that climb from different depths may each see the root complete.
            if (open.size === 0 && wasOpen)
              expect(distinct(outcome.completeJobs)).toEqual([totalsOfTree(tree)]);
            expect(outcome).toMatchObject({ failed: new Set(), conflictingSeals: [] });
          }

          expect(counted).toEqual(totalsOfTree(tree));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is seen complete again by any one of its messages, which heals an end that was lost', async () => {
    await fc.assert(
      fc.asyncProperty(anyTree, fc.nat(), async (tree, pick) => {
        const all = toldOf(tree);
        const touch = aTouch();
        await cascade(ticksOf(all), touch);
        const again = all.slice(pick % all.length).slice(0, 1);

        const { completeJobs: complete, counts: counted } = await cascade(ticksOf(again), touch);

        expect(distinct(complete)).toEqual([totalsOfTree(tree)]);
        expect([...(complete[0]?.sources ?? [])]).toEqual(again.map(({ id }) => id));
        expect(summed(counted)).toEqual(NO_ITEMS);
      }),
      { numRuns: 100 },
    );
  });

  test('completes despite failed writes, before or after their effect, if the messages are redelivered', async () => {
    await fc.assert(
      fc.asyncProperty(anyTree, fc.integer(), async (tree, seed) => {
        const random = new SeededRandom(seed);
        const touch = aTouch();
        const unreliable: Touch = async (one) => {
          const fate = random.next();
          if (fate < 0.15) throw new Error('throttled');
          const pages = await touch(one);
          if (fate < 0.25) throw new Error('the answer was lost');
          return pages;
        };
        const untold = new Set(toldOf(tree).map(({ id }) => id));
        const ends: { totals: Totals }[] = [];

        for (let open = toldOf(tree); open.length > 0; ) {
          const batch = shuffled(open, random).slice(0, 50);
          for (const { id } of batch) untold.delete(id);
          const { failed, completeJobs: complete } = await cascade(ticksOf(batch), unreliable);
          const done = new Set(batch.filter(({ id }) => !failed.has(id)).map(({ id }) => id));
          open = open.filter(({ id }) => !done.has(id));
          if (untold.size > 0) expect(complete).toEqual([]);
          ends.push(...complete);
        }

        expect(distinct(ends)).toEqual([totalsOfTree(tree)]);
      }),
      { numRuns: 100 },
    );
  });

  test.each([0, 1, 255, 256, 257, 65_535, 65_536, 65_537])('of %i chunks ends', async (count) => {
    const random = new SeededRandom(count);
    const all = shuffled(toldOf(chunks(count)), random);
    const touch = aTouch();
    const ends: Totals[] = [];

    for (let at = 0; at < all.length; at += 20_000) {
      const { completeJobs: complete } = await cascade(ticksOf(all.slice(at, at + 20_000)), touch);
      ends.push(...complete.map(({ totals }) => totals));
    }

    expect(ends).toEqual([{ items: count * ITEMS_PER_TASK, failed: 0, skipped: 0 }]);
  });
});

describe('a page that cannot be written', () => {
  const chunk = (index: number, id = `m${index}`): Told => ({ id, path: '', index, totals: FULL });
  const failing = (touch: Touch, level: number, page: number): Touch => {
    return (one) =>
      one.level === level && one.page === page ? Promise.reject(new Error('throttled')) : touch(one);
  };

  test('redelivers the messages behind it, and no others', async () => {
    const told = [chunk(0), chunk(300), chunk(1, 'both'), chunk(301, 'both'), chunk(600)];

    const { failed } = await cascade(ticksOf(told), failing(aTouch(), 0, 1));

    expect(failed).toEqual(new Set(['m300', 'both']));
  });

  test('above others gives back the messages that completed those', async () => {
    const touch = aTouch();
    const all = Array.from({ length: 256 }, (_, index) => chunk(index));
    await cascade(ticksOf(all.slice(0, 254)), touch);

    const { failed } = await cascade(ticksOf([...all.slice(254), chunk(256)]), failing(touch, 1, 0));

    expect(failed).toEqual(new Set(['m254', 'm255']));
  });

  test('of a parent returns the messages that completed the child', async () => {
    const seal: Told = { id: 'seal', path: '7', children: 1 };
    const last: Told = { id: 'last', path: '7', index: 0, totals: FULL };
    const neighbour: Told = { id: 'neighbour', path: '8', index: 0, totals: FULL };
    const touch = aTouch();
    const rootFails: Touch = (one) => (one.path === '' ? Promise.reject(new Error('throttled')) : touch(one));

    const { failed } = await cascade(ticksOf([seal, last, neighbour]), rootFails);

    expect(failed).toEqual(new Set(['seal', 'last']));
  });

  test('counts its contents when it is written, once', async () => {
    const touch = aTouch();
    const told = [chunk(0), chunk(256)];

    const first = await cascade(ticksOf(told), failing(touch, 0, 1));
    const second = await cascade(ticksOf(told), touch);

    expect([summed(first.counts).items, summed(second.counts).items]).toEqual([10, 10]);
  });
});

describe('a seal', () => {
  const seal = (children: number): Told => ({ id: `seal ${children}`, path: '', children });

  test('with a different number from the first is logged, and changes nothing', async () => {
    const touch = aTouch();
    await cascade(ticksOf([seal(2)]), touch);

    const other = await cascade(ticksOf([seal(3)]), touch);
    const { completeJobs: complete } = await cascade(ticksOf(toldOf(chunks(2))), touch);

    expect(other.conflictingSeals).toMatchObject([{ run: RUN, path: '' }]);
    expect(complete).toMatchObject([{ totals: { items: 20 } }]);
  });

  test.each([
    [2, 300],
    [300, 2],
    [300, 400],
    [300, 600],
    [300, 70_000],
    [70_000, 300],
    [70_000, 2],
    [0, 70_000],
  ])('of %i children is counted, and a later one of %i is logged', async (first, other) => {
    const touch = aTouch();
    const tree = toldOf(chunks(first)).filter((one) => !('children' in one));
    await cascade(ticksOf([seal(first)]), touch);

    const { conflictingSeals } = await cascade(ticksOf([seal(other)]), touch);
    const early = await cascade(ticksOf(tree.slice(1)), touch);
    const late = await cascade(ticksOf([...tree.slice(0, 1), seal(first)]), touch);

    expect(conflictingSeals.length).toBeGreaterThan(0);
    expect(conflictingSeals[0]).toMatchObject({ run: RUN, path: '' });
    expect(early.completeJobs).toEqual([]);
    expect(distinct(late.completeJobs)).toEqual([totalsOfTree(chunks(first))]);
  });

  test('is also logged if it arrives in the same batch as the first, which counts', async () => {
    const touch = aTouch();

    const { conflictingSeals } = await cascade(ticksOf([seal(300), seal(2)]), touch);
    const { completeJobs: complete } = await cascade(ticksOf(toldOf(chunks(300)).slice(1)), touch);

    expect(conflictingSeals).toMatchObject([{ run: RUN, path: '' }]);
    expect(distinct(complete)).toEqual([totalsOfTree(chunks(300))]);
  });

  test('that is delivered twice counts once', async () => {
    const touch = aTouch();
    await cascade(ticksOf([seal(2)]), touch);

    const again = await cascade(ticksOf([seal(2)]), touch);

    expect(again).toMatchObject({ conflictingSeals: [], completeJobs: [], failed: new Set() });
  });
});

test('messages that tick the same page cost one write together', async () => {
  const touch = aTouch();
  let writes = 0;
  const counting: Touch = (one) => {
    writes += 1;
    return touch(one);
  };

  await cascade(ticksOf(toldOf(chunks(200))), counting);

  expect(writes).toBe(1);
});
