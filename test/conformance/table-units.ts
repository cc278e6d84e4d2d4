import { describe, expect, test } from 'vitest';
import type { Table } from '#core/ports.ts';
import { freshKey, KILOBYTE, put } from './table-support.ts';

export function describeUnits(table: Table): void {
  describe('units', () => {
    test('a write costs one unit per kilobyte of the larger row', async () => {
      const key = freshKey();
      const text = 'x'.repeat(2.5 * KILOBYTE);

      const grown = await table.write({ kind: 'put', row: { ...key, text } });
      const updated = await table.write({ kind: 'update', key, change: { add: { n: 1 } } });
      const shrunk = await table.write({ kind: 'put', row: { ...key } });
      const small = await table.write({ kind: 'put', row: { ...key } });

      expect([grown, updated, shrunk, small].map(({ units }) => units)).toEqual([3, 3, 3, 1]);
    });

    test('a refused write costs as much', async () => {
      const key = freshKey();
      await put(table, { ...key, text: 'x'.repeat(2.5 * KILOBYTE) });

      const answer = await table.write({
        kind: 'put',
        row: { ...key },
        when: [{ attribute: 'pk', is: 'absent' }],
      });

      expect(answer.units).toBe(3);
    });

    test('a full page of the set tree still costs one unit', async () => {
      const { pk } = freshKey();
      const key = { pk: `${pk}#J#${'j'.repeat(36)}#R1#3.17#0.1000`, sk: 'P' };
      const elements = new Set(Array.from({ length: 256 }, (_, i) => BigInt(i)));
      const change = { setOnce: { ttl: 1_790_000_000, n: 256, t: true }, add: { d: elements } };

      await table.write({ kind: 'update', key, change });
      const { units } = await table.write({ kind: 'update', key, change });

      expect(units).toBe(1);
    });

    test('a read costs one unit per 4 KB, and half if it is eventually consistent', async () => {
      const key = freshKey();
      await put(table, { ...key, text: 'x'.repeat(9 * KILOBYTE) });

      const strong = await table.get(key, { strong: true });
      const stale = await table.get(key);
      const nothing = await table.get(freshKey());

      expect([strong, stale, nothing].map(({ units }) => units)).toEqual([3, 1.5, 0.5]);
    });

    test('a query is billed by the total size of its rows', async () => {
      const { pk } = freshKey();
      for (const sk of ['1', '2', '3']) await put(table, { pk, sk, text: 'x'.repeat(3 * KILOBYTE) });

      const all = await table.query({ pk, strong: true });
      const one = await table.query({ pk, strong: true, limit: 1 });

      expect([all.units, one.units]).toEqual([3, 1]);
    });
  });
}
