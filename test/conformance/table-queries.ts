import { describe, expect, test, vi } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Key, Row, Table } from '#core/ports.ts';
import { allPages, freshKey, KILOBYTE, put, sortKeys } from './table-support.ts';

export function describeQueries(table: Table): void {
  describe('queries', () => {
    /** Sorted by UTF-8 bytes. UTF-16 order would swap the last two. */
    const SORTED = ['A', 'F#1', 'F#10', 'F#2', 'a', 'é', '\uFF5E', '😀'];

    async function partition(): Promise<string> {
      const { pk } = freshKey();
      await Promise.all([...SORTED].reverse().map((sk) => put(table, { pk, sk, length: sk.length })));
      return pk;
    }

    test('rows are returned in the order of their sort keys, or in reverse', async () => {
      const pk = await partition();

      const forward = await table.query({ pk, strong: true });
      const backward = await table.query({ pk, strong: true, reverse: true });

      expect(sortKeys([forward])).toEqual(SORTED);
      expect(sortKeys([backward])).toEqual(SORTED.toReversed());
      expect(forward.rows[1]).toEqual({ pk, sk: 'F#1', length: 3 });
      expect(forward.next).toBeUndefined();
    });

    test('only rows with the requested prefix are returned', async () => {
      const pk = await partition();

      const forward = await allPages(table, { pk, begins: 'F#', strong: true, limit: 2 });
      const backward = await allPages(table, { pk, begins: 'F#', strong: true, limit: 2, reverse: true });

      expect(sortKeys(forward)).toEqual(['F#1', 'F#10', 'F#2']);
      expect(sortKeys(backward)).toEqual(['F#2', 'F#10', 'F#1']);
    });

    test.for([1, 3, 8, 100])('pages of %i rows neither skip nor repeat a row', async (limit) => {
      const pk = await partition();

      const forward = await allPages(table, { pk, strong: true, limit });
      const backward = await allPages(table, { pk, strong: true, limit, reverse: true });

      expect(sortKeys(forward)).toEqual(SORTED);
      expect(sortKeys(backward)).toEqual(SORTED.toReversed());
      expect(Math.max(...forward.map(({ rows }) => rows.length))).toBe(Math.min(limit, SORTED.length));
    });

    test('a page continues after a deleted row', async () => {
      const pk = await partition();
      const first = await table.query({ pk, strong: true, limit: 2 });

      await table.write({ kind: 'delete', key: { pk, sk: 'F#1' } });
      const second = await table.query({
        pk,
        strong: true,
        limit: 2,
        ...omitUndefined({ after: first.next }),
      });

      expect(sortKeys([second])).toEqual(['F#10', 'F#2']);
    });

    test('a page ends at one megabyte', async () => {
      const { pk } = freshKey();
      const text = 'x'.repeat(390 * KILOBYTE);
      await Promise.all(['1', '2', '3'].map((sk) => put(table, { pk, sk, text })));

      const pages = await allPages(table, { pk, strong: true });

      expect(pages.map(({ rows }) => rows.length)).toEqual([2, 1]);
    });

    test('an unknown partition is an empty page', async () => {
      const page = await table.query({ pk: freshKey().pk });

      expect(page).toEqual({ rows: [], units: 0.5 });
    });

    test('a page cannot begin in another partition', async () => {
      const pk = await partition();

      await expect(table.query({ pk, after: { pk: freshKey().pk, sk: 'A' } })).rejects.toThrow();
    });
  });

  test('up to a sort key, inclusive', async () => {
    const { pk } = freshKey();
    for (const sk of ['1', '2', '2#a', '3']) await put(table, { pk, sk });

    const { rows } = await table.query({ pk, upTo: '2', strong: true });
    const reversed = await table.query({ pk, upTo: '2#a', reverse: true, limit: 2 });

    expect(rows.map(({ sk }) => sk)).toEqual(['1', '2']);
    expect(reversed.rows.map(({ sk }) => sk)).toEqual(['2#a', '2']);
  });

  describe('the index due', () => {
    test('returns only the keys of rows that have its keys, in their order', async () => {
      const duePk = freshKey().pk;
      await put(table, { ...freshKey('a'), duePk, dueSk: '2', status: 'Active' });
      await put(table, { ...freshKey('b'), duePk, dueSk: '1', status: 'Paused' });
      await put(table, { ...freshKey('c'), duePk, dueSk: '3', status: 'Paused' });
      await put(table, { ...freshKey('d'), duePk });

      const check = async () => {
        const { rows } = await table.query({ index: 'due', pk: duePk, upTo: '2' });
        expect(rows.map(({ sk, dueSk, status }) => ({ sk, dueSk, status }))).toEqual([
          { sk: 'b', dueSk: '1', status: undefined },
          { sk: 'a', dueSk: '2', status: undefined },
        ]);
      };
      await vi.waitFor(check, { timeout: 10_000, interval: 100 });
    });
  });

  describe('the index by-partition', () => {
    async function listed(listPk: string): Promise<Row[]> {
      return (await table.query({ index: 'by-partition', pk: listPk })).rows as Row[];
    }

    const waitFor = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 10_000, interval: 100 });

    test('contains only rows that have its keys, sorted by them', async () => {
      const listPk = freshKey().pk;
      await put(table, { ...freshKey('a'), listPk, listSk: '2', status: 'Active' });
      await put(table, { ...freshKey('b'), listPk, listSk: '1', status: 'Paused' });
      await put(table, { ...freshKey('c'), listPk, status: 'unlisted' });

      await waitFor(async () => expect((await listed(listPk)).map(({ sk }) => sk)).toEqual(['b', 'a']));
    });

    test('follows rows that are changed, moved and deleted', async () => {
      const listPk = freshKey().pk;
      const [changed, moved, unlisted, deleted] = ['1', '2', '3', '4'].map(freshKey) as [Key, Key, Key, Key];
      for (const key of [changed, moved, unlisted, deleted]) {
        await put(table, { ...key, listPk, listSk: key.sk, n: 1 });
      }

      await table.write({ kind: 'update', key: changed, change: { set: { n: 2 } } });
      await table.write({ kind: 'update', key: moved, change: { set: { listSk: '0' } } });
      await table.write({ kind: 'update', key: unlisted, change: { remove: ['listPk'] } });
      await table.write({ kind: 'delete', key: deleted });

      await waitFor(async () => {
        const rows = (await listed(listPk)).map(({ sk, n }) => ({ sk, n }));
        expect(rows).toEqual([
          { sk: '2', n: 1 },
          { sk: '1', n: 2 },
        ]);
      });
    });

    test('pages of rows with equal keys neither skip nor repeat a row', async () => {
      const listPk = freshKey().pk;
      const keys = Array.from({ length: 5 }, () => freshKey());
      await Promise.all(keys.map((key) => put(table, { ...key, listPk, listSk: 'same' })));
      await waitFor(async () => expect(await listed(listPk)).toHaveLength(5));

      for (const reverse of [false, true]) {
        const pages = await allPages(table, { index: 'by-partition', pk: listPk, limit: 2, reverse });
        const seen = pages.flatMap(({ rows }) => rows.map(({ pk }) => pk));
        expect(seen.toSorted()).toEqual(keys.map(({ pk }) => pk).toSorted());
      }
    });

    test('refuses strongly consistent reads', async () => {
      await expect(table.query({ index: 'by-partition', pk: 'P#p', strong: true })).rejects.toThrow();
    });
  });
}
