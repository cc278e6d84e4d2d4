import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { splitMessage } from '#contract/messages.ts';
import { PAGE_SIZE } from '#core/page.ts';
import { batch, defineSplitter, numbers } from '#core/splitter.ts';
import { splitBatch } from '../functions/split-batch/split-batch.ts';
import { moveJob } from '../functions/store/jobs.ts';
import { progressKey } from '../functions/store/keys.ts';
import { readProgress } from '../functions/store/progress.ts';
import { trackResults } from '../functions/track-results/track-results.ts';
import { countWrites, JOB, meteredService, submit } from './simulation/metered-service.ts';

const M = 10_000;
const SECOND = 1_000;

describe('at 100,000 chunks a second', () => {
  /** Ten trackers, each given a second's window of reports of ten chunks each. */
  const TRACKERS = 10;
  const REPORTS = 1_000;

  test.each(['in order', 'in any order'])(
    'no key is written 100 times by the trackers, %s',
    async (order) => {
      const service = meteredService();
      const { world, ports } = service;
      await submit(service, 10);
      await moveJob(ports.table, JOB, 'dispatch', { now: 0 });
      const trackers = Array.from({ length: TRACKERS }, () => trackResults(ports));
      const writes = countWrites(service);

      for (let second = 0; second < 3; second += 1) {
        writes.clear();
        const reports = reportsOfSecond(second, order === 'in order' ? undefined : () => world.random.next());
        for (const [position, track] of trackers.entries()) {
          await track(reports.slice(position * REPORTS, (position + 1) * REPORTS));
        }
        world.clock.advance(SECOND);

        expect(Math.max(...writes.values())).toBeLessThanOrEqual(100);
        expect(writes.size).toBeGreaterThan(100_000 / PAGE_SIZE);
      }
    },
  );

  test.each([10_000, 1_000, 10])(
    'no key is written 100 times by splitters of batches of %i chunks',
    async (size) => {
      const service = meteredService();
      const { world, ports } = service;
      const split = splitBatch({ ...ports, splitters: [batchesOf(size)], maxItems: M });
      await submit(service, M);
      await moveJob(ports.table, JOB, 'dispatch', { now: 0 });
      const root = {
        v: 1,
        kind: 'split',
        ...JOB,
        runNumber: 1,
        path: '',
        splitter: 'batches',
        from: 0,
        hop: 0,
      };
      const writes = countWrites(service);

      await ports.queues.send('split', [
        { body: JSON.stringify({ ...root, definition: M / size }), group: 'p' },
      ]);
      for (let [next] = world.queues.receive('split', 1); next; [next] = world.queues.receive('split', 1)) {
        await split(v.parse(splitMessage, JSON.parse(next.body)), () => false);
      }

      const { sk } = progressKey({ ...JOB, runNumber: 1 });
      const perSecond = ([key, count]: [string, number]) =>
        (count / M) * 100_000 + (key.endsWith(sk) ? 2 * TRACKERS : 0);
      expect(world.queues.depth('worker:work').visible).toBe(M);
      expect(Math.max(...[...writes].map(perSecond))).toBeLessThanOrEqual(100);
    },
  );

  test('no key is written 100 times by the trackers of 10,000 batches that are found in a second', async () => {
    const service = meteredService();
    const { world, ports } = service;
    await submit(service, 10);
    await moveJob(ports.table, JOB, 'dispatch', { now: 0 });
    const writes = countWrites(service);

    for (let second = 0; second < 3; second += 1) {
      writes.clear();
      for (let tracker = 0; tracker < TRACKERS; tracker += 1) {
        await trackResults(ports)(sealsOf(second * 10_000 + tracker * REPORTS));
      }
      world.clock.advance(SECOND);

      expect(Math.max(...writes.values())).toBeLessThanOrEqual(2 * TRACKERS);
    }
    const progress = await readProgress(world.table, { ...JOB, runNumber: 1 });
    expect(progress.found).toBe(300_000);
  });

  const sealsOf = (first: number) =>
    Array.from({ length: REPORTS }, (_, i) => {
      const place = { ...JOB, runNumber: 1, path: String(first + i), children: 10, itemsPerTask: 1 };
      const seal = { v: 1, kind: 'seal', ...place, found: { items: 10, batches: 0 } };
      return { id: `s${i}`, body: JSON.stringify(seal), origin: 'service' as const };
    });

  const batchesOf = (size: number) =>
    defineSplitter({
      name: 'batches',
      description: 'So many batches of so many chunks.',
      definition: z.number(),
      stable: true,
      *split(batches) {
        if (batches === 0) yield numbers({ from: 0, step: 1, count: size });
        for (let i = 0; i < batches; i += 1) yield batch(0);
      },
    });

  function reportsOfSecond(second: number, random?: () => number) {
    const indexes = Array.from({ length: 100_000 }, (_, i) => second * 100_000 + i);
    if (random !== undefined) shuffle(indexes, random);
    return Array.from({ length: TRACKERS * REPORTS }, (_, i) => {
      const nodes = [{ path: '', d: indexes.slice(i * 10, i * 10 + 10), x: [] }];
      const report = { v: 1, kind: 'report', ...JOB, runNumber: 1, itemsPerTask: 1, nodes };
      return { id: `r${i}`, body: JSON.stringify(report), origin: 'workers' as const };
    });
  }
});

function shuffle(numbers: number[], random: () => number): void {
  for (let i = numbers.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [numbers[i], numbers[j]] = [numbers[j] ?? 0, numbers[i] ?? 0];
  }
}
