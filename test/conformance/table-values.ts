import { describe, expect, test } from 'vitest';
import type { Table } from '#core/ports.ts';
import { freshKey, KILOBYTE, LONGEST, put, read } from './table-support.ts';

export function describeValues(table: Table): void {
  describe('values', () => {
    test('a row is read with the values that were put', async () => {
      const row = {
        ...freshKey(),
        text: 'größer 😀',
        empty: '',
        numbers: [0, -1.5, 1e-7, Number.MAX_SAFE_INTEGER],
        yes: true,
        no: false,
        nothing: null,
        map: { path: '3.17', list: [], deeper: { 'a.b': 1 } },
        set: new Set([0n, 255n, LONGEST, -LONGEST]),
      };

      await put(table, row);

      expect(await read(table, row)).toEqual(row);
    });

    test('a number that is too large for a number is returned as a bigint', async () => {
      const row = { ...freshKey(), large: 2n ** 53n, longest: LONGEST };

      await put(table, row);

      expect(await read(table, row)).toEqual(row);
    });

    test('undefined attributes are left out', async () => {
      const key = freshKey();

      await put(table, { ...key, gone: undefined, map: { gone: undefined } });
      await table.write({ kind: 'update', key, change: { set: { other: undefined, n: 1 } } });

      expect(await read(table, key)).toEqual({ ...key, map: {}, n: 1 });
    });

    test('an empty set is refused', async () => {
      await expect(put(table, { ...freshKey(), set: new Set() })).rejects.toThrow();
    });

    test('a row of more than 400 KB is refused', async () => {
      const key = freshKey();

      await put(table, { ...key, text: 'x'.repeat(399 * KILOBYTE) });

      await expect(put(table, { ...key, text: 'x'.repeat(400 * KILOBYTE) })).rejects.toThrow();
      const grow = { kind: 'update', key, change: { set: { more: 'x'.repeat(KILOBYTE) } } } as const;
      await expect(table.write(grow)).rejects.toThrow();
    });
  });

  describe('get', () => {
    test('a missing row is undefined', async () => {
      expect((await table.get(freshKey())).row).toBeUndefined();
    });

    test('selected attributes are returned with the key only', async () => {
      const key = freshKey();
      await put(table, { ...key, status: 'Active', runNumber: 2, other: 'x' });

      const { row } = await table.get(key, { attributes: ['status', 'runNumber', 'absent', 'pk'] });

      expect(row).toEqual({ ...key, status: 'Active', runNumber: 2 });
    });

    test('a row without the selected attributes is still returned', async () => {
      const key = freshKey();
      await put(table, { ...key, n: 1 });

      const { row } = await table.get(key, { attributes: ['absent'] });

      expect(row).toEqual(key);
    });
  });
}
