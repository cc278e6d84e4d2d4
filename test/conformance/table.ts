import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Condition, Key, Page, Query, Row, Table } from '#core/ports.ts';

const KILOBYTE = 1024;
/** DynamoDB's largest number has 38 digits. */
const LONGEST = 10n ** 38n - 1n;

/** A partition that no other test has. */
function freshKey(sk = 'ROW'): Key {
  return { pk: `P#${randomUUID()}`, sk };
}

async function put(table: Table, row: Row): Promise<void> {
  await table.write({ kind: 'put', row });
}

async function read(table: Table, key: Key): Promise<Row | undefined> {
  return (await table.get(key, { strong: true })).row;
}

async function allPages(table: Table, query: Query): Promise<Page[]> {
  const pages: Page[] = [];
  let next: Page['next'];
  do {
    const page = await table.query(next === undefined ? query : { ...query, after: next });
    pages.push(page);
    next = page.next;
  } while (next !== undefined);
  return pages;
}

const sortKeys = (pages: readonly Page[]) => pages.flatMap(({ rows }) => rows.map(({ sk }) => sk));

/** What every `Table` does; on AWS too, where the index follows after a moment. */
export function describeTable(name: string, make: () => Promise<Table>): void {
  describe(`table: ${name}`, () => {
    let table: Table;
    beforeAll(async () => {
      table = await make();
    });

    describe('values', () => {
      test('a row comes back with the values that were put', async () => {
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

      test('a number that is too large for a number comes back as a bigint', async () => {
        const row = { ...freshKey(), large: 2n ** 53n, longest: LONGEST };

        await put(table, row);

        expect(await read(table, row)).toEqual(row);
      });

      test('what is undefined is left out', async () => {
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
      test('a missing row is no row', async () => {
        expect((await table.get(freshKey())).row).toBeUndefined();
      });

      test('some attributes come with the key and nothing else', async () => {
        const key = freshKey();
        await put(table, { ...key, status: 'Active', generation: 2, other: 'x' });

        const { row } = await table.get(key, { attributes: ['status', 'generation', 'absent', 'pk'] });

        expect(row).toEqual({ ...key, status: 'Active', generation: 2 });
      });
    });

    describe('conditions', () => {
      const cases: [Condition, { onRow: boolean; onNothing: boolean }][] = [
        [{ attribute: 'pk', is: 'absent' }, { onRow: false, onNothing: true }],
        [{ attribute: 'pk', is: 'present' }, { onRow: true, onNothing: false }],
        [{ attribute: 'other', is: 'absent' }, { onRow: true, onNothing: true }],
        [{ attribute: 'n', is: 'equal', value: 5 }, { onRow: true, onNothing: false }],
        [{ attribute: 'n', is: 'equal', value: '5' }, { onRow: false, onNothing: false }],
        [{ attribute: 'n', is: 'notEqual', value: 5 }, { onRow: false, onNothing: true }],
        [{ attribute: 'n', is: 'notEqual', value: 6 }, { onRow: true, onNothing: true }],
        [{ attribute: 'n', is: 'less', value: 5 }, { onRow: false, onNothing: false }],
        [{ attribute: 'n', is: 'less', value: 10 }, { onRow: true, onNothing: false }],
        [{ attribute: 'n', is: 'less', value: '9' }, { onRow: false, onNothing: false }],
        [{ attribute: 'n', is: 'atMost', value: 5 }, { onRow: true, onNothing: false }],
        [{ attribute: 'n', is: 'greater', value: 5 }, { onRow: false, onNothing: false }],
        [{ attribute: 'n', is: 'greater', value: -5 }, { onRow: true, onNothing: false }],
        [{ attribute: 'n', is: 'atLeast', value: 5 }, { onRow: true, onNothing: false }],
        [{ attribute: 'status', is: 'equal', value: 'Active' }, { onRow: true, onNothing: false }],
        [{ attribute: 'status', is: 'less', value: 'B' }, { onRow: true, onNothing: false }],
        [{ attribute: 'status', is: 'oneOf', value: ['Paused', 'Active'] }, { onRow: true, onNothing: false }],
        [{ attribute: 'status', is: 'oneOf', value: ['Paused'] }, { onRow: false, onNothing: false }],
        [{ attribute: 'n', is: 'oneOf', value: ['5', 5] }, { onRow: true, onNothing: false }],
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

        expect(onRow.outcome).toBe(expected.onRow ? 'written' : 'refused');
        expect(onNothing.outcome).toBe(expected.onNothing ? 'written' : 'refused');
      });

      test('all of a list must hold', async () => {
        const row = { ...freshKey(), status: 'Active', n: 5 };
        await put(table, row);
        const isActive: Condition = { attribute: 'status', is: 'equal', value: 'Active' };
        const isSix: Condition = { attribute: 'n', is: 'equal', value: 6 };

        const answer = await table.write({ kind: 'delete', key: row, when: [isActive, isSix] });

        expect(answer.outcome).toBe('refused');
        expect(await read(table, row)).toEqual(row);
      });

      test('an empty choice is a mistake of the caller', async () => {
        const key = freshKey();

        const noValue: Condition = { attribute: 'n', is: 'oneOf', value: [] };
        await expect(table.write({ kind: 'delete', key, when: [noValue] })).rejects.toThrow();
        await expect(table.write({ kind: 'delete', key, when: [{ anyOf: [] }] })).rejects.toThrow();
        await expect(table.write({ kind: 'delete', key, when: [{ anyOf: [[]] }] })).rejects.toThrow();
      });

      test.for(['put', 'update', 'delete'] as const)('a refused %s changes nothing and tells what stands there', async (kind) => {
        const row = { ...freshKey(), n: 5, set: new Set([LONGEST]), map: { a: [1] } };
        await put(table, row);
        const when: Condition[] = [{ attribute: 'pk', is: 'absent' }];
        const key = { pk: row.pk, sk: row.sk };
        const writes = {
          put: { kind: 'put', row: key, when },
          update: { kind: 'update', key, change: { add: { n: 1 } }, when },
          delete: { kind: 'delete', key, when },
        } as const;

        const answer = await table.write(writes[kind], 'old');

        expect(answer).toMatchObject({ outcome: 'refused', row });
        expect(await read(table, row)).toEqual(row);
      });

      test('a refusal for want of a row tells of none', async () => {
        const key = freshKey();

        const answer = await table.write({
          kind: 'update',
          key,
          change: { set: { n: 1 } },
          when: [{ attribute: 'pk', is: 'present' }],
        });

        expect(answer).toEqual({ outcome: 'refused', units: 1 });
        expect(await read(table, key)).toBeUndefined();
      });

      test('of many that create the same row at once exactly one does', async () => {
        const key = freshKey();
        const when: Condition[] = [{ attribute: 'pk', is: 'absent' }];

        const answers = await Promise.all(
          Array.from({ length: 12 }, (_, n) => table.write({ kind: 'put', row: { ...key, n }, when })),
        );

        const winners = answers.flatMap(({ outcome }, n) => (outcome === 'written' ? [n] : []));
        expect(winners).toHaveLength(1);
        expect((await read(table, key))?.['n']).toBe(winners[0]);
      });
    });

    describe('put and delete', () => {
      test('a put replaces the whole row', async () => {
        const key = freshKey();
        await put(table, { ...key, a: 1, b: 2 });

        await put(table, { ...key, b: 3 });

        expect(await read(table, key)).toEqual({ ...key, b: 3 });
      });

      test('a put answers the row before or after it', async () => {
        const key = freshKey();

        const first = await table.write({ kind: 'put', row: { ...key, n: 1 } }, 'old');
        const second = await table.write({ kind: 'put', row: { ...key, n: 2 } }, 'old');
        const third = await table.write({ kind: 'put', row: { ...key, n: 3 } }, 'new');
        const fourth = await table.write({ kind: 'put', row: { ...key, n: 4 } });

        expect([first, second, third, fourth].map(({ row }) => row?.['n'])).toEqual([undefined, 1, 3, undefined]);
      });

      test('a delete answers what it took away', async () => {
        const key = freshKey();
        await put(table, { ...key, n: 1 });

        const first = await table.write({ kind: 'delete', key }, 'old');
        const second = await table.write({ kind: 'delete', key }, 'old');

        expect(first).toMatchObject({ outcome: 'written', row: { ...key, n: 1 } });
        expect(second).toEqual({ outcome: 'written', units: 1 });
        expect(await read(table, key)).toBeUndefined();
      });
    });

    describe('update', () => {
      test('a missing row is made', async () => {
        const key = freshKey();

        const answer = await table.write({ kind: 'update', key, change: { set: { n: 1 } } }, 'new');

        expect(answer).toMatchObject({ outcome: 'written', row: { ...key, n: 1 } });
      });

      test('an update that changes nothing makes the bare row', async () => {
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

      test('the row before an update is answered as it was', async () => {
        const key = freshKey();
        const change = { add: { n: 1, set: new Set([1n]) } };

        const first = await table.write({ kind: 'update', key, change }, 'old');
        const second = await table.write({ kind: 'update', key, change: { add: { n: 1, set: new Set([2n]) } } }, 'old');

        expect(first.row).toBeUndefined();
        expect(second.row).toEqual({ ...key, n: 1, set: new Set([1n]) });
      });

      test('names may be reserved words or hold any character', async () => {
        const key = freshKey();
        const odd = { status: 1, path: 2, 'a.b': 3, '#n0': 4, ':v0': 5, 'größe 1': 6 };

        await table.write({ kind: 'update', key, change: { set: odd } });

        expect(await read(table, key)).toEqual({ ...key, ...odd });
      });

      test('a set grows by union, in any order and however often', async () => {
        const key = freshKey();
        const unite = (...elements: bigint[]) =>
          table.write({ kind: 'update', key, change: { add: { d: new Set(elements) } } }, 'new');

        await unite(0n, LONGEST);
        await unite(255n, 0n);
        const { row } = await unite(LONGEST, 255n);

        expect(row).toEqual({ ...key, d: new Set([0n, 255n, LONGEST]) });
      });

      test('elements that differ only in their last digit stay apart', async () => {
        const key = freshKey();
        const elements = new Set([LONGEST, LONGEST - 1n, LONGEST - 2n]);

        await table.write({ kind: 'update', key, change: { add: { d: elements } } });

        expect((await read(table, key))?.['d']).toEqual(elements);
      });

      test('what many add at once is all there', async () => {
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

      test('an attribute of the key, or one that is named twice, is refused', async () => {
        const key = freshKey();
        const update = (change: object) => table.write({ kind: 'update', key, change });

        await expect(update({ set: { sk: 'OTHER' } })).rejects.toThrow();
        await expect(update({ set: { n: 1 }, remove: ['n'] })).rejects.toThrow();
        await expect(update({ set: { n: 1 }, add: { n: 1 } })).rejects.toThrow();
      });

      test('nothing can be added to what is neither number nor set', async () => {
        const key = freshKey();
        await put(table, { ...key, text: 'x' });

        await expect(table.write({ kind: 'update', key, change: { add: { text: 1 } } })).rejects.toThrow();
        const union = { add: { text: new Set([1n]) } };
        await expect(table.write({ kind: 'update', key, change: union })).rejects.toThrow();
      });
    });

    describe('transactions', () => {
      const isMissing: Condition[] = [{ attribute: 'pk', is: 'absent' }];
      const isThere: Condition[] = [{ attribute: 'pk', is: 'present' }];

      test('all kinds of writes are done together', async () => {
        const [made, changed, deleted, checked] = ['1', '2', '3', '4'].map(freshKey) as [Key, Key, Key, Key];
        for (const key of [changed, deleted, checked]) await put(table, { ...key, n: 1 });

        const answer = await table.transact([
          { kind: 'put', row: { ...made, n: 1 }, when: isMissing },
          { kind: 'update', key: changed, change: { add: { n: 1 } }, when: isThere },
          { kind: 'delete', key: deleted },
          { kind: 'check', key: checked, when: isThere },
        ]);

        expect(answer).toEqual({ outcome: 'written', units: 8 });
        const rows = await Promise.all([made, changed, deleted, checked].map((key) => read(table, key)));
        expect(rows.map((row) => row?.['n'])).toEqual([1, 2, undefined, 1]);
      });

      test('one condition that fails refuses all, and each failure is told at its place', async () => {
        const standing = { ...freshKey(), n: 1, d: new Set([LONGEST]) };
        await put(table, standing);
        const fresh = freshKey();

        const answer = await table.transact([
          { kind: 'put', row: fresh, when: isMissing },
          { kind: 'put', row: { pk: standing.pk, sk: standing.sk }, when: isMissing },
          { kind: 'check', key: freshKey(), when: isThere },
          { kind: 'delete', key: freshKey() },
        ]);

        expect(answer).toMatchObject({
          outcome: 'refused',
          refused: [undefined, standing, 'missing', undefined],
        });
        expect(await read(table, fresh)).toBeUndefined();
        expect(await read(table, standing)).toEqual(standing);
      });

      test('of many transactions on the same row exactly one creates it', async () => {
        const key = freshKey();

        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, n) =>
            table.transact([
              { kind: 'put', row: { ...key, n }, when: isMissing },
              { kind: 'put', row: freshKey() },
            ]),
          ),
        );

        expect(answers.filter(({ outcome }) => outcome === 'written')).toHaveLength(1);
      });

      test('a hundred writes are taken, more are not', async () => {
        const { pk } = freshKey();
        const writes = Array.from({ length: 101 }, (_, i) => ({ kind: 'put', row: { pk, sk: `${i}` } }) as const);

        await expect(table.transact(writes)).rejects.toThrow();
        const answer = await table.transact(writes.slice(1));

        expect(answer).toEqual({ outcome: 'written', units: 200 });
      });

      test('none is no transaction, nor are two writes of one row', async () => {
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

    describe('queries', () => {
      /** Sorted by their UTF-8 bytes; by UTF-16 the last two would change places. */
      const SORTED = ['A', 'F#1', 'F#10', 'F#2', 'a', 'é', '\uFF5E', '😀'];

      async function partition(): Promise<string> {
        const { pk } = freshKey();
        await Promise.all([...SORTED].reverse().map((sk) => put(table, { pk, sk, length: sk.length })));
        return pk;
      }

      test('rows come in the order of their sort keys, or against it', async () => {
        const pk = await partition();

        const forward = await table.query({ pk, strong: true });
        const backward = await table.query({ pk, strong: true, reverse: true });

        expect(sortKeys([forward])).toEqual(SORTED);
        expect(sortKeys([backward])).toEqual(SORTED.toReversed());
        expect(forward.rows[1]).toEqual({ pk, sk: 'F#1', length: 3 });
        expect(forward.next).toBeUndefined();
      });

      test('only rows that begin as asked for come', async () => {
        const pk = await partition();

        const forward = await allPages(table, { pk, begins: 'F#', strong: true, limit: 2 });
        const backward = await allPages(table, { pk, begins: 'F#', strong: true, limit: 2, reverse: true });

        expect(sortKeys(forward)).toEqual(['F#1', 'F#10', 'F#2']);
        expect(sortKeys(backward)).toEqual(['F#2', 'F#10', 'F#1']);
      });

      test.for([1, 3, 8, 100])('pages of %i rows leave out and repeat nothing', async (limit) => {
        const pk = await partition();

        const forward = await allPages(table, { pk, strong: true, limit });
        const backward = await allPages(table, { pk, strong: true, limit, reverse: true });

        expect(sortKeys(forward)).toEqual(SORTED);
        expect(sortKeys(backward)).toEqual(SORTED.toReversed());
        expect(Math.max(...forward.map(({ rows }) => rows.length))).toBe(Math.min(limit, SORTED.length));
      });

      test('a page goes on behind a row that is gone', async () => {
        const pk = await partition();
        const first = await table.query({ pk, strong: true, limit: 2 });

        await table.write({ kind: 'delete', key: { pk, sk: 'F#1' } });
        const second = await table.query({ pk, strong: true, limit: 2, ...(first.next && { after: first.next }) });

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

    describe('the index by-partition', () => {
      async function listed(listPk: string): Promise<Row[]> {
        return (await table.query({ index: 'by-partition', pk: listPk })).rows as Row[];
      }

      const waitFor = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 10_000, interval: 100 });

      test('holds only rows that have its keys, sorted by them', async () => {
        const listPk = freshKey().pk;
        await put(table, { ...freshKey('a'), listPk, listSk: '2', status: 'Active' });
        await put(table, { ...freshKey('b'), listPk, listSk: '1', status: 'Paused' });
        await put(table, { ...freshKey('c'), listPk, status: 'unlisted' });

        await waitFor(async () => expect((await listed(listPk)).map(({ sk }) => sk)).toEqual(['b', 'a']));
      });

      test('follows rows that change, move and go', async () => {
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

      test('pages of rows with equal keys leave out and repeat nothing', async () => {
        const listPk = freshKey().pk;
        const keys = Array.from({ length: 5 }, (_, i) => freshKey(`${i}`));
        await Promise.all(keys.map((key) => put(table, { ...key, listPk, listSk: 'same' })));
        await waitFor(async () => expect(await listed(listPk)).toHaveLength(5));

        for (const reverse of [false, true]) {
          const pages = await allPages(table, { index: 'by-partition', pk: listPk, limit: 2, reverse });
          expect(sortKeys(pages).toSorted()).toEqual(['0', '1', '2', '3', '4']);
        }
      });

      test('cannot be read strongly', async () => {
        await expect(table.query({ index: 'by-partition', pk: 'P#p', strong: true })).rejects.toThrow();
      });
    });

    describe('units', () => {
      test('a write costs a unit for each kilobyte of the larger row', async () => {
        const key = freshKey();
        const text = 'x'.repeat(2.5 * KILOBYTE);

        const grown = await table.write({ kind: 'put', row: { ...key, text } });
        const updated = await table.write({ kind: 'update', key, change: { add: { n: 1 } } });
        const shrunk = await table.write({ kind: 'put', row: key });
        const small = await table.write({ kind: 'put', row: key });

        expect([grown, updated, shrunk, small].map(({ units }) => units)).toEqual([3, 3, 3, 1]);
      });

      test('a refused write costs as much', async () => {
        const key = freshKey();
        await put(table, { ...key, text: 'x'.repeat(2.5 * KILOBYTE) });

        const answer = await table.write({ kind: 'put', row: key, when: [{ attribute: 'pk', is: 'absent' }] });

        expect(answer.units).toBe(3);
      });

      test('a full page of the set tree still costs one unit', async () => {
        const { pk } = freshKey();
        const key = { pk: `${pk}#J#${'j'.repeat(36)}#G1#3.17#0.1000`, sk: 'P' };
        const elements = new Set(Array.from({ length: 256 }, (_, i) => BigInt(i)));
        const change = { setOnce: { ttl: 1_790_000_000, n: 256, t: true }, add: { d: elements } };

        await table.write({ kind: 'update', key, change });
        const { units } = await table.write({ kind: 'update', key, change });

        expect(units).toBe(1);
      });

      test('a read costs a unit for each 4 KB, half when it may be stale', async () => {
        const key = freshKey();
        await put(table, { ...key, text: 'x'.repeat(9 * KILOBYTE) });

        const strong = await table.get(key, { strong: true });
        const stale = await table.get(key);
        const nothing = await table.get(freshKey());

        expect([strong, stale, nothing].map(({ units }) => units)).toEqual([3, 1.5, 0.5]);
      });

      test('a query costs by the sum of its rows', async () => {
        const { pk } = freshKey();
        for (const sk of ['1', '2', '3']) await put(table, { pk, sk, text: 'x'.repeat(3 * KILOBYTE) });

        const all = await table.query({ pk, strong: true });
        const one = await table.query({ pk, strong: true, limit: 1 });

        expect([all.units, one.units]).toEqual([3, 1]);
      });
    });
  });
}
