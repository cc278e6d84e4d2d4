import { describe, expect, test } from 'vitest';
import type { Condition, Key, Table } from '#core/ports.ts';
import { freshKey, LONGEST, put, read } from './table-support.ts';

export function describeTransactions(table: Table): void {
  describe('transactions', () => {
    const isMissing: Condition[] = [{ attribute: 'pk', is: 'absent' }];
    const isThere: Condition[] = [{ attribute: 'pk', is: 'present' }];

    test('all kinds of writes are applied together', async () => {
      const [made, changed, deleted, checked] = ['1', '2', '3', '4'].map(freshKey) as [Key, Key, Key, Key];
      for (const key of [changed, deleted, checked]) await put(table, { ...key, n: 1 });

      const answer = await table.transact([
        { kind: 'put', row: { ...made, n: 1 }, when: isMissing },
        { kind: 'update', key: changed, change: { add: { n: 1 } }, when: isThere },
        { kind: 'delete', key: deleted },
        { kind: 'check', key: checked, when: isThere },
      ]);

      expect(answer).toEqual({ kind: 'written', units: 8 });
      const rows = await Promise.all([made, changed, deleted, checked].map((key) => read(table, key)));
      expect(rows.map((row) => row?.['n'])).toEqual([1, 2, undefined, 1]);
    });

    test('one failed condition refuses all writes, and each failure is reported at its position', async () => {
      const standing = { ...freshKey(), n: 1, d: new Set([LONGEST]) };
      await put(table, standing);
      const fresh = freshKey();

      const answer = await table.transact([
        { kind: 'put', row: { ...fresh }, when: isMissing },
        { kind: 'put', row: { pk: standing.pk, sk: standing.sk }, when: isMissing },
        { kind: 'check', key: freshKey(), when: isThere },
        { kind: 'delete', key: freshKey() },
      ]);

      expect(answer).toMatchObject({
        kind: 'refused',
        refused: [undefined, standing, 'missing', undefined],
      });
      expect(await read(table, fresh)).toBeUndefined();
      expect(await read(table, standing)).toEqual(standing);
    });

    test('exactly one of many transactions creates a row', async () => {
      const key = freshKey();

      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          table.transact([
            { kind: 'put', row: { ...key, n }, when: isMissing },
            { kind: 'put', row: { ...freshKey() } },
          ]),
        ),
      );

      expect(answers.filter(({ kind }) => kind === 'written')).toHaveLength(1);
    });

    test('a hundred writes are accepted, more are refused', async () => {
      const { pk } = freshKey();
      const writes = Array.from(
        { length: 101 },
        (_, i) => ({ kind: 'put', row: { pk, sk: `${i}` } }) as const,
      );

      await expect(table.transact(writes)).rejects.toThrow();
      const answer = await table.transact(writes.slice(1));

      expect(answer).toEqual({ kind: 'written', units: 200 });
    });

    test('a transaction without writes, or with two writes of one row, is refused', async () => {
      const key = freshKey();

      await expect(table.transact([])).rejects.toThrow();
      await expect(
        table.transact([
          { kind: 'put', row: { ...key, n: 1 } },
          { kind: 'delete', key },
        ]),
      ).rejects.toThrow();
    });
  });
}
