import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rowBytes } from '#core/units.ts';
import { applyChange } from './changes.ts';
import { type ChangeRecord, MemoryTable } from './table.ts';

const key = { pk: 'P#p', sk: 'ROW' };

describe('the stream of a table', () => {
  test('records each change once, with the row before and after it', async () => {
    const table = new MemoryTable();

    await table.write({ kind: 'put', row: { ...key, n: 1 } });
    await table.write({ kind: 'update', key, change: { add: { n: 1 } } });
    await table.transact([{ kind: 'delete', key }]);

    expect(table.takeChanges()).toEqual([
      { key, new: { ...key, n: 1 } },
      { key, old: { ...key, n: 1 }, new: { ...key, n: 2 } },
      { key, old: { ...key, n: 2 } },
    ]);
    expect(table.takeChanges()).toEqual([]);
  });

  test('is silent about writes that change nothing, as DynamoDB is', async () => {
    const table = new MemoryTable();
    const row = { ...key, n: 1, d: new Set([1n]), map: { a: [1] } };
    await table.write({ kind: 'put', row });
    table.takeChanges();

    await table.write({ kind: 'put', row: { ...row, d: new Set([1n]), map: { a: [1] } } });
    const change = { set: { n: 1 }, setOnce: { n: 5 }, add: { d: new Set([1n]) }, remove: ['x'] };
    await table.write({ kind: 'update', key, change: { ...change, setOnce: { map: 5 } } });
    await table.write({ kind: 'put', row: key, when: [{ attribute: 'pk', is: 'absent' }] });
    await table.write({ kind: 'delete', key: { ...key, sk: 'OTHER' } });

    expect(table.takeChanges()).toEqual([]);
  });

  test('is read in parts, and keeps only the selected changes', async () => {
    const streams = (change: ChangeRecord) => change.new?.['followUp'] !== undefined;
    const table = new MemoryTable({ streams });

    for (const sk of ['1', '2', '3']) await table.write({ kind: 'put', row: { ...key, sk, followUp: 'x' } });
    await table.write({ kind: 'put', row: key });

    expect(table.pendingChanges).toBe(3);
    expect(table.takeChanges(2).map((change) => change.key.sk)).toEqual(['1', '2']);
    expect(table.takeChanges(2).map((change) => change.key.sk)).toEqual(['3']);
  });
});

describe('a memory table', () => {
  test('keeps its rows unchanged when the caller changes the object it wrote', async () => {
    const table = new MemoryTable();
    const row = { ...key, d: new Set([1n]), list: [{ n: 1 }] };
    await table.write({ kind: 'put', row });
    const before = (await table.get(key)).row;

    row.d.add(2n);
    row.list.push({ n: 2 });
    await table.write({ kind: 'update', key, change: { add: { d: new Set([3n]) } } });

    expect(before).toEqual({ ...key, d: new Set([1n]), list: [{ n: 1 }] });
    expect((await table.get(key)).row?.['d']).toEqual(new Set([1n, 3n]));
  });

  test('reports every partition that is accessed, and throws if the callback throws', async () => {
    const seen: string[] = [];
    const onAccess = (pk: string) => {
      seen.push(pk);
      if (pk === 'P#foreign') throw new Error('not yours');
    };
    const table = new MemoryTable({ onAccess });

    await table.write({ kind: 'put', row: { ...key, pk: 'a' } });
    await table.get({ ...key, pk: 'b' });
    await table.query({ pk: 'c' });
    await table.query({ index: 'by-partition', pk: 'd' });
    await table.transact([{ kind: 'delete', key: { ...key, pk: 'e' } }]);

    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
    await expect(table.get({ ...key, pk: 'P#foreign' })).rejects.toThrow('not yours');
  });

  test('writes the index only if a projected value changes', async () => {
    const table = new MemoryTable({ indexAttributes: ['status'] });
    const listed = { ...key, listPk: 'L', listSk: '1', status: 'Active', n: 1 };

    const units: number[] = [];
    for (const row of [
      listed,
      { ...listed, n: 2 },
      { ...listed, status: 'Paused' },
      { ...listed, listSk: '2' },
      key,
    ]) {
      units.push((await table.write({ kind: 'put', row })).units);
    }

    expect(units).toEqual([2, 1, 2, 3, 2]);
  });

  test('returns only the projected attributes from the index', async () => {
    const table = new MemoryTable({ indexAttributes: ['status'] });
    const listed = { ...key, listPk: 'L', listSk: '1', status: 'Active' };

    await table.write({ kind: 'put', row: { ...listed, secret: 1 } });

    expect((await table.query({ index: 'by-partition', pk: 'L' })).rows).toEqual([listed]);
  });

  test('refuses keys that DynamoDB refuses', async () => {
    const table = new MemoryTable();

    await expect(table.get({ pk: '', sk: 'x' })).rejects.toThrow('1 to 2048 bytes');
    await expect(table.get({ pk: 'ä'.repeat(1025), sk: 'x' })).rejects.toThrow('1 to 2048 bytes');
    await expect(table.get({ pk: 'x', sk: 'x'.repeat(1025) })).rejects.toThrow('1 to 1024 bytes');
    expect((await table.get({ pk: 'ä'.repeat(1024), sk: 'x'.repeat(1024) })).row).toBeUndefined();
  });

  test('keeps the size of a row along with each change', () => {
    const elements = fc.array(fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }), { maxLength: 5 });
    const change = fc.record({
      set: fc.record(
        { text: fc.string(), map: fc.dictionary(fc.string(), fc.integer()) },
        { requiredKeys: [] },
      ),
      setOnce: fc.record({ once: fc.string() }, { requiredKeys: [] }),
      add: fc.record({ n: fc.integer(), d: elements.map((some) => new Set(some)) }, { requiredKeys: [] }),
      remove: fc.subarray(['gone', 'either']),
    });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let entry = applyChange(undefined, key, { set: { gone: 'x', either: [1, 'ä'] } });
        for (const next of changes) entry = applyChange(entry, key, next);

        expect(entry.bytes).toBe(rowBytes(entry.row));
      }),
    );
  });

  test('shows all its rows to assertions', async () => {
    const table = new MemoryTable();
    for (const pk of ['a', 'b']) await table.write({ kind: 'put', row: { ...key, pk } });

    expect([...table.rows()].map(({ pk }) => pk).sort()).toEqual(['a', 'b']);
  });
});
