import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clearContinuation,
  type Fence,
  listFences,
  NEW_FENCE,
  readFence,
  saveFence,
} from '../../functions/store/fences.ts';
import { FENCE_SHARDS, fenceKey } from '../../functions/store/keys.ts';
import { RUN } from '../support/jobs.ts';
import { MemoryTable } from '../support/memory/table.ts';

const at = (next: number, fields: Partial<Fence> = {}): Fence => ({ ...NEW_FENCE, next, ...fields });

describe('a fence', () => {
  test('is read as it was saved', async () => {
    const table = new MemoryTable();
    const fence = at(7, { from: 3, cursor: { line: 2, etag: 'x' }, slices: 2, items: 60, batches: 1 });

    await saveFence(table, RUN, '3.17', fence, 0);

    expect(await readFence(table, RUN, '3.17')).toEqual(fence);
    expect(await readFence(table, RUN, '3')).toBeUndefined();
    expect(await readFence(table, { ...RUN, runNumber: 2 }, '3.17')).toBeUndefined();
  });

  test('returns its previous position when it moves, and none the first time', async () => {
    const table = new MemoryTable();

    const first = await saveFence(table, RUN, '', at(2, { items: 20 }), 0);
    const second = await saveFence(table, RUN, '', at(5, { items: 50 }), 0);

    expect(first).toEqual({ kind: 'saved', before: undefined });
    expect(second).toEqual({ kind: 'saved', before: at(2, { items: 20 }) });
  });

  test.each<[string, Fence, Fence]>([
    ['fewer children', at(5), at(4)],
    ['an older message', at(5, { from: 5 }), at(6, { from: 0 })],
    ['anything once it is sealed', at(5, { sealed: true }), at(6)],
    ['another seal', at(5, { sealed: true }), at(5, { sealed: true })],
  ])('is not replaced by %s', async (_, stands, comes) => {
    const table = new MemoryTable();
    await saveFence(table, RUN, '', stands, 0);

    const answer = await saveFence(table, RUN, '', comes, 0);

    expect(answer).toEqual({ kind: 'stale' });
    expect(await readFence(table, RUN, '')).toEqual(stands);
  });

  test('only moves forward, for any saves in any order', async () => {
    const fence = fc
      .record({ next: fc.nat(5), from: fc.nat(5), sealed: fc.boolean() })
      .map((fields) => ({ ...NEW_FENCE, ...fields }));
    await fc.assert(
      fc.asyncProperty(fc.array(fence, { maxLength: 12 }), async (saves) => {
        const table = new MemoryTable();
        let stands = NEW_FENCE;

        for (const save of saves) {
          const { kind } = await saveFence(table, RUN, '', save, 0);
          const after = (await readFence(table, RUN, '')) ?? NEW_FENCE;
          expect(after).toEqual(kind === 'saved' ? save : stands);
          expect(after.next).toBeGreaterThanOrEqual(stands.next);
          expect(after.from).toBeGreaterThanOrEqual(stands.from);
          expect(stands.sealed && !after.sealed).toBe(false);
          stands = after;
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a continuation', () => {
  const waiting = at(7, { from: 7, continuation: '{"kind":"split"}' });

  test('stays the follow-up of the row until it was sent', async () => {
    const table = new MemoryTable();
    await saveFence(table, RUN, '', waiting, 0);
    const owed = (await table.get(fenceKey(RUN, ''))).row;

    await clearContinuation(table, RUN, '', 7);

    expect(owed).toMatchObject({ followUp: 'continue', continuation: '{"kind":"split"}' });
    expect((await table.get(fenceKey(RUN, ''))).row).not.toHaveProperty('followUp');
    expect(await readFence(table, RUN, '')).toEqual(at(7, { from: 7 }));
  });

  test('is not cleared together with an older message', async () => {
    const table = new MemoryTable();
    await saveFence(table, RUN, '', waiting, 0);

    await clearContinuation(table, RUN, '', 3);

    expect(await readFence(table, RUN, '')).toEqual(waiting);
  });

  test('of a deleted node does not create its row again', async () => {
    const table = new MemoryTable();

    await clearContinuation(table, RUN, '', 0);

    expect([...table.rows()]).toEqual([]);
  });
});

describe('the nodes of a job', () => {
  test('are listed shard by shard, each once, and none of another run', async () => {
    const table = new MemoryTable();
    const paths = ['', ...Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? `${i}` : `${i % 7}.${i}`))];
    for (const path of paths) await saveFence(table, RUN, path, at(1), 0);
    await saveFence(table, { ...RUN, runNumber: 2 }, 'other', at(1), 0);

    const found: string[] = [];
    for (let shard = 0; shard < FENCE_SHARDS; shard += 1) {
      const { nodes } = await listFences(table, RUN, shard);
      found.push(...nodes.map(({ path }) => path));
    }

    expect(found.toSorted()).toEqual(paths.toSorted());
  });

  test('are spread over the shards', async () => {
    const table = new MemoryTable();
    for (let i = 0; i < 1_600; i += 1) await saveFence(table, RUN, `0.${i}`, at(1), 0);

    const sizes: number[] = [];
    for (let shard = 0; shard < FENCE_SHARDS; shard += 1) {
      sizes.push((await listFences(table, RUN, shard)).nodes.length);
    }

    expect(Math.max(...sizes)).toBeLessThan(200);
  });

  test('are listed page by page if there are many', async () => {
    const table = new MemoryTable();
    const cursor = 'x'.repeat(20_000);
    for (let i = 0; i < 1_600; i += 1) await saveFence(table, RUN, `${i}`, at(1, { cursor }), 0);

    const pages: number[] = [];
    let after: Readonly<Record<string, unknown>> | undefined;
    do {
      const page = await listFences(table, RUN, 0, after);
      pages.push(page.nodes.length);
      after = page.next;
    } while (after !== undefined);

    expect(pages.length).toBeGreaterThan(1);
    expect(pages.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(50);
  });
});
