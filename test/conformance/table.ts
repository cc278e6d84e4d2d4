import { describe } from 'vitest';
import type { Table } from '#core/ports.ts';
import { describeConditions } from './table-conditions.ts';
import { describeQueries } from './table-queries.ts';
import { describeTransactions } from './table-transactions.ts';
import { describeUnits } from './table-units.ts';
import { describeValues } from './table-values.ts';
import { describeWrites } from './table-writes.ts';

/**
 * Names of tests that have to fail with one adapter, with the reasons. They are executed, so that a fixed
 * deviation is noticed.
 */
export type Deviations = Readonly<Record<string, string>>;

/**
 * Conformance tests of every `Table` adapter. Also valid on AWS, where the index is eventually consistent.
 */
export function describeTable(name: string, make: () => Promise<Table>, deviations: Deviations = {}): void {
  describe(`table: ${name}`, () => {
    const table = madeWhenUsed(make);
    describeValues(table);
    describeConditions(table);
    describeWrites(table, deviations);
    describeTransactions(table);
    describeQueries(table);
    describeUnits(table);
  });
}

/** Creates the table on first use, because tests are defined before it can be created. */
function madeWhenUsed(make: () => Promise<Table>): Table {
  let made: Promise<Table> | undefined;
  const table = () => {
    made ??= make();
    return made;
  };
  return {
    get: async (...args) => (await table()).get(...args),
    write: async (...args) => (await table()).write(...args),
    transact: async (...args) => (await table()).transact(...args),
    query: async (...args) => (await table()).query(...args),
  };
}
