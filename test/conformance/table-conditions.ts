import { describe, expect, test } from 'vitest';
import type { Condition, Table } from '#core/ports.ts';
import { freshKey, LONGEST, put, read } from './table-support.ts';

export function describeConditions(table: Table): void {
  describe('conditions', () => {
    const cases: [Condition, { onRow: boolean; onNothing: boolean }][] = [
      [
        { attribute: 'pk', is: 'absent' },
        { onRow: false, onNothing: true },
      ],
      [
        { attribute: 'pk', is: 'present' },
        { onRow: true, onNothing: false },
      ],
      [
        { attribute: 'other', is: 'absent' },
        { onRow: true, onNothing: true },
      ],
      [
        { attribute: 'n', is: 'equal', value: 5 },
        { onRow: true, onNothing: false },
      ],
      [
        { attribute: 'n', is: 'equal', value: '5' },
        { onRow: false, onNothing: false },
      ],
      [
        { attribute: 'n', is: 'notEqual', value: 5 },
        { onRow: false, onNothing: true },
      ],
      [
        { attribute: 'n', is: 'notEqual', value: 6 },
        { onRow: true, onNothing: true },
      ],
      [
        { attribute: 'n', is: 'less', value: 5 },
        { onRow: false, onNothing: false },
      ],
      [
        { attribute: 'n', is: 'less', value: 10 },
        { onRow: true, onNothing: false },
      ],
      [
        { attribute: 'n', is: 'less', value: '9' },
        { onRow: false, onNothing: false },
      ],
      [
        { attribute: 'n', is: 'atMost', value: 5 },
        { onRow: true, onNothing: false },
      ],
      [
        { attribute: 'n', is: 'greater', value: 5 },
        { onRow: false, onNothing: false },
      ],
      [
        { attribute: 'n', is: 'greater', value: -5 },
        { onRow: true, onNothing: false },
      ],
      [
        { attribute: 'n', is: 'atLeast', value: 5 },
        { onRow: true, onNothing: false },
      ],
      [
        { attribute: 'status', is: 'equal', value: 'Active' },
        { onRow: true, onNothing: false },
      ],
      [
        { attribute: 'status', is: 'less', value: 'B' },
        { onRow: true, onNothing: false },
      ],
      [
        { attribute: 'status', is: 'oneOf', value: ['Paused', 'Active'] },
        { onRow: true, onNothing: false },
      ],
      [
        { attribute: 'status', is: 'oneOf', value: ['Paused'] },
        { onRow: false, onNothing: false },
      ],
      [
        { attribute: 'n', is: 'oneOf', value: ['5', 5] },
        { onRow: true, onNothing: false },
      ],
      [
        {
          anyOf: [
            [{ attribute: 'pk', is: 'absent' }],
            [
              { attribute: 'status', is: 'equal', value: 'Active' },
              { attribute: 'n', is: 'equal', value: 5 },
            ],
          ],
        },
        { onRow: true, onNothing: true },
      ],
      [
        {
          anyOf: [
            [
              { attribute: 'status', is: 'equal', value: 'Active' },
              { attribute: 'n', is: 'equal', value: 6 },
            ],
          ],
        },
        { onRow: false, onNothing: false },
      ],
    ];

    test.for(cases)('%j', async ([condition, expected]) => {
      const row = { ...freshKey(), status: 'Active', n: 5 };
      await put(table, row);

      const onRow = await table.write({ kind: 'check', key: row, when: [condition] });
      const onNothing = await table.write({ kind: 'check', key: freshKey(), when: [condition] });

      expect(onRow.kind).toBe(expected.onRow ? 'written' : 'refused');
      expect(onNothing.kind).toBe(expected.onNothing ? 'written' : 'refused');
    });

    test('all conditions of a list must be met', async () => {
      const row = { ...freshKey(), status: 'Active', n: 5 };
      await put(table, row);
      const isActive: Condition = { attribute: 'status', is: 'equal', value: 'Active' };
      const isSix: Condition = { attribute: 'n', is: 'equal', value: 6 };

      const answer = await table.write({ kind: 'delete', key: row, when: [isActive, isSix] });

      expect(answer.kind).toBe('refused');
      expect(await read(table, row)).toEqual(row);
    });

    test('an empty choice is an error of the caller', async () => {
      const key = freshKey();

      const noValue: Condition = { attribute: 'n', is: 'oneOf', value: [] };
      await expect(table.write({ kind: 'delete', key, when: [noValue] })).rejects.toThrow();
      await expect(table.write({ kind: 'delete', key, when: [{ anyOf: [] }] })).rejects.toThrow();
      await expect(table.write({ kind: 'delete', key, when: [{ anyOf: [[]] }] })).rejects.toThrow();
    });

    test.for(['put', 'update', 'delete'] as const)(
      'a refused %s changes nothing and returns the stored row',
      async (kind) => {
        const row = { ...freshKey(), n: 5, set: new Set([LONGEST]), map: { a: [1] } };
        await put(table, row);
        const when: Condition[] = [{ attribute: 'pk', is: 'absent' }];
        const key = { pk: row.pk, sk: row.sk };
        const writes = {
          put: { kind: 'put', row: { ...key }, when },
          update: { kind: 'update', key, change: { add: { n: 1 } }, when },
          delete: { kind: 'delete', key, when },
        } as const;

        const answer = await table.write(writes[kind], 'old');

        expect(answer).toMatchObject({ kind: 'refused', row });
        expect(await read(table, row)).toEqual(row);
      },
    );

    test('a refusal of a missing row returns no row', async () => {
      const key = freshKey();

      const answer = await table.write({
        kind: 'update',
        key,
        change: { set: { n: 1 } },
        when: [{ attribute: 'pk', is: 'present' }],
      });

      expect(answer).toEqual({ kind: 'refused', units: 1 });
      expect(await read(table, key)).toBeUndefined();
    });

    test('exactly one of many concurrent writes creates a row', async () => {
      const key = freshKey();
      const when: Condition[] = [{ attribute: 'pk', is: 'absent' }];

      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, n) => table.write({ kind: 'put', row: { ...key, n }, when })),
      );

      const winners = answers.flatMap(({ kind }, n) => (kind === 'written' ? [n] : []));
      expect(winners).toHaveLength(1);
      expect((await read(table, key))?.['n']).toBe(winners[0]);
    });
  });
}
