/** The table that a job makes of a file: a row of column names if its items have them, and a row for each item. */
import type { ReadFile } from '../support/read-lines.ts';
import type { Table } from './score.ts';

/** Member that `lines` adds to a row with fewer or more fields than the header. */
const NOTE = '_note';

type Item = Readonly<Record<string, string>>;

/** Returns `undefined` if the job did not complete. */
export function loadedTable({ status, payloads }: ReadFile): Table | undefined {
  if (status !== 'Completed') return undefined;
  if (payloads.every((payload) => Array.isArray(payload))) return payloads as readonly (readonly string[])[];
  const items = payloads as readonly Item[];
  const regular = items.find((item) => !(NOTE in item));
  // A row with fewer fields lacks the last columns, so the names are in the order of the file.
  const columns = regular
    ? Object.keys(regular)
    : [...new Set(items.flatMap(Object.keys))].filter((name) => name !== NOTE);
  return [columns, ...items.map((item) => rowOf(item, columns))];
}

function rowOf(item: Item, columns: readonly string[]): string[] {
  const further = Object.keys(item).filter((name) => name !== NOTE && !columns.includes(name));
  return [...columns.map((name) => item[name] ?? ''), ...further.map((name) => item[name] ?? '')];
}
