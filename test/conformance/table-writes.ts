import { describe, expect, test } from 'vitest';
import type { Change, Table } from '#core/ports.ts';
import type { Deviations } from './table.ts';
import { freshKey, LONGEST, put, read } from './table-support.ts';

export function describeWrites(table: Table, deviations: Deviations): void {
  describe('put and delete', () => {
    test('a put replaces the whole row', async () => {
      const key = freshKey();
      await put(table, { ...key, a: 1, b: 2 });

      await put(table, { ...key, b: 3 });

      expect(await read(table, key)).toEqual({ ...key, b: 3 });
    });

    test('a put returns the row before or after it', async () => {
      const key = freshKey();

      const first = await table.write({ kind: 'put', row: { ...key, n: 1 } }, 'old');
      const second = await table.write({ kind: 'put', row: { ...key, n: 2 } }, 'old');
      const third = await table.write({ kind: 'put', row: { ...key, n: 3 } }, 'new');
      const fourth = await table.write({ kind: 'put', row: { ...key, n: 4 } });

      expect([first, second, third, fourth].map(({ row }) => row?.['n'])).toEqual([
        undefined,
        1,
        3,
        undefined,
      ]);
    });

    test('a delete returns the deleted row', async () => {
      const key = freshKey();
      await put(table, { ...key, n: 1 });

      const first = await table.write({ kind: 'delete', key }, 'old');
      const second = await table.write({ kind: 'delete', key }, 'old');

      expect(first).toMatchObject({ kind: 'written', row: { ...key, n: 1 } });
      expect(second).toEqual({ kind: 'written', units: 1 });
      expect(await read(table, key)).toBeUndefined();
    });
  });

  describe('update', () => {
    test('an update creates a missing row', async () => {
      const key = freshKey();

      const answer = await table.write({ kind: 'update', key, change: { set: { n: 1 } } }, 'new');

      expect(answer).toMatchObject({ kind: 'written', row: { ...key, n: 1 } });
    });

    test('an update without changes creates a row with only its key', async () => {
      const key = freshKey();

      await table.write({ kind: 'update', key, change: { add: { set: new Set<bigint>() } } });

      expect(await read(table, key)).toEqual(key);
    });

    test('set, set once, add and remove work in one update', async () => {
      const key = freshKey();
      await put(table, { ...key, a: 1, kept: 'first', n: 40, gone: true });

      const answer = await table.write(
        {
          kind: 'update',
          key,
          change: {
            set: { a: 2 },
            setOnce: { kept: 'second', fresh: 'new' },
            add: { n: 2, m: -1 },
            remove: ['gone', 'never there'],
          },
        },
        'new',
      );

      expect(answer.row).toEqual({ ...key, a: 2, kept: 'first', fresh: 'new', n: 42, m: -1 });
    });

    test('the row before an update is returned unchanged', async () => {
      const key = freshKey();
      const change = { add: { n: 1, set: new Set([1n]) } };

      const first = await table.write({ kind: 'update', key, change }, 'old');
      const second = await table.write(
        { kind: 'update', key, change: { add: { n: 1, set: new Set([2n]) } } },
        'old',
      );

      expect(first.row).toBeUndefined();
      expect(second.row).toEqual({ ...key, n: 1, set: new Set([1n]) });
    });

    test('names may be reserved words or contain any character', async () => {
      const key = freshKey();
      const odd = { status: 1, path: 2, 'a.b': 3, '#n0': 4, ':v0': 5, 'größe 1': 6 };

      await table.write({ kind: 'update', key, change: { set: odd } });

      expect(await read(table, key)).toEqual({ ...key, ...odd });
    });

    test('a set grows by union, in any order and with repetitions', async () => {
      const key = freshKey();
      const unite = (...elements: bigint[]) =>
        table.write({ kind: 'update', key, change: { add: { d: new Set(elements) } } }, 'new');

      await unite(0n, LONGEST);
      await unite(255n, 0n);
      const { row } = await unite(LONGEST, 255n);

      expect(row).toEqual({ ...key, d: new Set([0n, 255n, LONGEST]) });
    });

    test('a list grows at its end, in the order of the writes', async () => {
      const key = freshKey();
      const append = (...values: string[]) =>
        table.write({ kind: 'update', key, change: { append: { o: values } } }, 'old');

      await append('b', 'a');
      await append('a');
      const { row } = await append('c');

      expect(row).toEqual({ ...key, o: ['b', 'a', 'a'] });
      expect(await read(table, key)).toEqual({ ...key, o: ['b', 'a', 'a', 'c'] });
    });

    test('elements that differ only in their last digit stay distinct', async () => {
      const key = freshKey();
      const elements = new Set([LONGEST, LONGEST - 1n, LONGEST - 2n]);

      await table.write({ kind: 'update', key, change: { add: { d: elements } } });

      expect((await read(table, key))?.['d']).toEqual(elements);
    });

    test('concurrent additions are all kept', async () => {
      const key = freshKey();

      await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          table.write({ kind: 'update', key, change: { add: { n: 1, d: new Set([BigInt(i)]) } } }),
        ),
      );

      const row = await read(table, key);
      expect(row?.['n']).toBe(20);
      expect(row?.['d']).toEqual(new Set(Array.from({ length: 20 }, (_, i) => BigInt(i))));
    });

    test('changing an attribute of the key is refused', async () => {
      const key = freshKey();

      await expect(table.write({ kind: 'update', key, change: { set: { sk: 'OTHER' } } })).rejects.toThrow();
    });

    const twice = 'an attribute that is named twice is refused';
    const testTwice = deviations[twice] === undefined ? test : test.fails;
    testTwice(
      `${twice}${deviations[twice] === undefined ? '' : ` (not here: ${deviations[twice]})`}`,
      async () => {
        const key = freshKey();
        const update = (change: Change) => table.write({ kind: 'update', key, change });

        await expect(update({ set: { n: 1 }, remove: ['n'] })).rejects.toThrow();
        await expect(update({ set: { n: 1 }, add: { n: 1 } })).rejects.toThrow();
      },
    );

    test('adding to a value that is neither number nor set is refused', async () => {
      const key = freshKey();
      await put(table, { ...key, text: 'x' });

      await expect(table.write({ kind: 'update', key, change: { add: { text: 1 } } })).rejects.toThrow();
      const union = { add: { text: new Set([1n]) } };
      await expect(table.write({ kind: 'update', key, change: union })).rejects.toThrow();
    });
  });
}
