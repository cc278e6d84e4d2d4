import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PAGE_SIZE } from '#core/page.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { memoryService } from '../support/memory-service.ts';

const idle = defineWorker({ name: 'idle', parameters: z.unknown(), run: () => undefined });

/** Runs a job of one node with this number of one-item chunks, without faults. */
async function runJob(chunks: number) {
  const service = memoryService({ workers: [idle] });
  const pages = { perLevel: new Map<number, Set<string>>(), tops: new Set<string>() };
  const { table } = service;
  const write = table.write.bind(table);
  table.write = (change, returns) => {
    if (change.kind === 'update' && change.key.sk === 'P') {
      const pagePosition = change.key.pk.split('#').at(-1) ?? '';
      const level = Number(pagePosition.split('.')[0]);
      const positions = pages.perLevel.get(level) ?? new Set();
      pages.perLevel.set(level, positions.add(pagePosition));
      if (change.change.setOnce?.['t'] === true) pages.tops.add(pagePosition);
    }
    return write(change, returns);
  };
  await service.submit(
    { splitter: 'range', worker: 'idle', itemsPerTask: 1, outcomes: 'failures' },
    { definition: { from: 0, to: chunks } },
  );
  await service.drain();
  const view = await service.view();
  return { job: view?.job, progress: view?.progress, pages };
}

describe('a job of one node', () => {
  test.each([0, 1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE, 2 * PAGE_SIZE + 1])(
    'ends exactly when its %i chunks are recorded',
    async (chunks) => {
      const { job, pages } = await runJob(chunks);

      expect(job).toMatchObject({ status: 'Completed', totals: { items: chunks, failed: 0, skipped: 0 } });
      expect([...pages.tops]).toEqual([chunks <= PAGE_SIZE ? '0.0' : '1.0']);
    },
  );

  test('with more than 65,536 chunks has three complete levels of pages', async () => {
    const chunks = PAGE_SIZE * PAGE_SIZE + PAGE_SIZE + 1;

    const { job, progress, pages } = await runJob(chunks);

    expect(job).toMatchObject({ status: 'Completed', totals: { items: chunks, failed: 0, skipped: 0 } });
    expect(progress?.found).toBe(chunks);
    expect([...pages.perLevel].map(([level, { size }]) => [level, size]).sort()).toEqual([
      [0, PAGE_SIZE + 2],
      [1, 2],
      [2, 1],
    ]);
    expect([...pages.tops]).toEqual(['2.0']);
  });
});
