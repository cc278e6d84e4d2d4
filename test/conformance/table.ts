import { describe } from 'vitest';
import type { Table } from '#core/ports.ts';
import { describeConditions } from './table-conditions.ts';
import { describeQueries } from './table-queries.ts';
import { describeTransactions } from './table-transactions.ts';
import { describeUnits } from './table-units.ts';
import { describeValues } from './table-values.ts';
import { describeWrites } from './table-writes.ts';

/** Sentences of tests that fail in one place, and why: there they must fail, so that none is forgotten. */
export type Deviations = Readonly<Record<string, string>>;

/** What every `Table` does; on AWS too, where the index follows after a moment. */
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

/** The table can only be made when tests run, but they are written down before. */
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
