import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Change, Condition, Table, Write } from '#core/ports.ts';

const ATTRIBUTES = ['n', 'm', 's', 'd'] as const;
const value = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constantFrom('', 'a', 'b', 'ä'.repeat(600)));

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    attribute: fc.constantFrom(...ATTRIBUTES, 'pk'),
    is: fc.constantFrom('absent' as const, 'present' as const),
  }),
  fc.record({
    attribute: fc.constantFrom(...ATTRIBUTES),
    is: fc.constantFrom('equal', 'notEqual', 'less', 'atMost', 'greater', 'atLeast'),
    value,
  }),
  fc.record({
    attribute: fc.constantFrom(...ATTRIBUTES),
    is: fc.constant('oneOf' as const),
    value: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
) as fc.Arbitrary<Condition>;

const conditions: fc.Arbitrary<Condition[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Condition[]>([]) },
  { weight: 2, arbitrary: fc.array(condition, { minLength: 1, maxLength: 2 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.array(condition, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 })
      .map((anyOf) => [{ anyOf }]),
  },
);

const elements = fc.uniqueArray(
  fc.oneof(fc.bigInt({ min: 0n, max: 999n }), fc.bigInt({ min: 0n, max: 10n ** 38n - 1n })),
  { minLength: 1, maxLength: 40 },
);

/** Each attribute has one kind of value and one kind of change, so that no update is refused as invalid. */
const change: fc.Arbitrary<Change> = fc
  .record(
    {
      n: fc.integer({ min: -3, max: 3 }),
      m: value,
      s: value,
      d: elements,
      listSk: fc.constantFrom('1', '2'),
      remove: fc.constantFrom('listPk', 'ttl', 'never'),
    },
    { requiredKeys: [] },
  )
  .map(({ n, m, s, d, listSk, remove }) => ({
    set: { ...omitUndefined({ m }), ...(listSk === undefined ? {} : { listSk, listPk: 'list' }) },
    setOnce: s === undefined ? {} : { s },
    add: { ...omitUndefined({ n }), ...(d === undefined ? {} : { d: new Set(d) }) },
    ...(remove === undefined || (remove === 'listPk' && listSk !== undefined) ? {} : { remove: [remove] }),
  }));

const row = fc
  .record(
    { n: fc.integer({ min: -3, max: 3 }), m: value, ttl: fc.nat(), listSk: fc.constantFrom('1', '2') },
    { requiredKeys: [] },
  )
  .map((attributes) => ({ ...attributes, ...(attributes.listSk === undefined ? {} : { listPk: 'list' }) }));

type Step = (pk: string) => Write;
const sk = fc.constantFrom('A', 'B', 'C');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ sk, change, when: conditions }).map(
      ({ sk, change, when }): Step =>
        (pk) => ({ kind: 'update', key: { pk, sk }, change, when }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({ sk, row, when: conditions }).map(
      ({ sk, row, when }): Step =>
        (pk) => ({ kind: 'put', row: { pk, sk, ...row }, when }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ sk, when: conditions }).map(
      ({ sk, when }): Step =>
        (pk) => ({ kind: 'delete', key: { pk, sk }, when }),
    ),
  },
);

const steps = fc.array(
  fc.record({ step, returns: fc.constantFrom(undefined, 'old' as const, 'new' as const) }),
  { minLength: 1, maxLength: 12 },
);
const transactions = fc.array(
  fc.uniqueArray(step, { selector: (write) => skOf(write('')), minLength: 1, maxLength: 3 }),
  { minLength: 1, maxLength: 5 },
);

function skOf(write: Write): string {
  return write.kind === 'put' ? write.row.sk : write.key.sk;
}

/** Asserts that the double returns the same results as the real table, including units, for any commands. */
export function describeAgreement(name: string, make: () => Promise<readonly [Table, Table]>): void {
  describe(`agreement: ${name}`, () => {
    let tables: readonly [Table, Table];
    beforeAll(async () => {
      tables = await make();
    });

    async function expectSame(ask: (table: Table) => Promise<unknown>): Promise<void> {
      const [left, right] = await Promise.all(tables.map(ask));
      expect(left).toEqual(right);
    }

    test('any sequence of writes returns the same results and leaves the same rows', {
      timeout: 60_000,
    }, async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (sequence) => {
          const pk = `P#${randomUUID()}`;
          for (const { step, returns } of sequence)
            await expectSame((table) => table.write(step(pk), returns));
          await expectSame((table) => table.query({ pk, strong: true }));
        }),
        { numRuns: 60 },
      );
    });

    test('any sequence of transactions returns the same results and leaves the same rows', {
      timeout: 60_000,
    }, async () => {
      await fc.assert(
        fc.asyncProperty(transactions, async (sequence) => {
          const pk = `P#${randomUUID()}`;
          for (const writes of sequence) {
            await expectSame(async (table) => {
              const { units: _units, ...answer } = await table.transact(writes.map((write) => write(pk)));
              return answer;
            });
          }
          await expectSame((table) => table.query({ pk, strong: true }));
        }),
        { numRuns: 40 },
      );
    });
  });
}
