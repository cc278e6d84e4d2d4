import type { Key } from '#core/ports.ts';
import { SortedList } from '../../../functions/kit/testing/sorted-list.ts';
import { compareUtf8 } from '../../../functions/kit/testing/utf8.ts';
import type { Entry } from './changes.ts';

/** Key of a row in a table or an index: its partition and its sort key. */
export interface RowPosition {
  readonly partition: string;
  readonly sort: string;
}

/** Rows by partition, sorted. In an index, rows with equal sort keys are ordered by their table keys. */
export class Rows {
  readonly #partitions = new Map<string, SortedList<Entry & { readonly sort: string }>>();

  find({ partition, sort }: RowPosition, key: Key): Entry | undefined {
    const rows = this.#partitions.get(partition);
    const entry = rows?.at(positionOf(rows, sort, key));
    return entry !== undefined && isSame(entry, key) ? entry : undefined;
  }

  put({ partition, sort }: RowPosition, entry: Entry): void {
    let rows = this.#partitions.get(partition);
    if (rows === undefined) {
      rows = new SortedList();
      this.#partitions.set(partition, rows);
    }
    const position = positionOf(rows, sort, entry.row);
    const existingEntry = rows.at(position);
    const newEntry = { ...entry, sort };
    if (existingEntry !== undefined && existingEntry.sort === sort && isSame(existingEntry, entry.row)) {
      rows.replace(position, newEntry);
    } else rows.insert(position, newEntry);
  }

  remove({ partition, sort }: RowPosition, key: Key): void {
    const rows = this.#partitions.get(partition);
    if (rows === undefined) return;
    const position = positionOf(rows, sort, key);
    const existingEntry = rows.at(position);
    if (existingEntry !== undefined && isSame(existingEntry, key)) rows.remove(position);
    if (rows.length === 0) this.#partitions.delete(partition);
  }

  /** Yields, in the requested order, the rows after `after` that start with `begins` or are at most `upTo`. */
  *walk(
    partition: string,
    options: { begins: string; upTo?: string; reverse: boolean; after?: { sort: string; key: Key } },
  ): Generator<Entry> {
    const rows = this.#partitions.get(partition);
    if (rows === undefined) return;
    const { begins, upTo, reverse, after } = options;
    let from = rows.first((row) => compareUtf8(row.sort, begins) >= 0);
    let to = rows.first((row) => compareUtf8(row.sort, begins) > 0 && !row.sort.startsWith(begins));
    if (upTo !== undefined) to = rows.first((row) => compareUtf8(row.sort, upTo) > 0);
    if (after !== undefined && reverse) {
      to = Math.min(to, positionOf(rows, after.sort, after.key));
    } else if (after !== undefined) {
      from = Math.max(
        from,
        rows.first((row) => compare(row, after.sort, after.key) > 0),
      );
    }
    for (let i = 0; i < to - from; i += 1) {
      const entry = rows.at(reverse ? to - 1 - i : from + i);
      if (entry !== undefined) yield entry;
    }
  }

  *[Symbol.iterator](): Generator<Entry> {
    for (const rows of this.#partitions.values()) yield* rows;
  }
}
type SortedEntry = Entry & { readonly sort: string };

function positionOf(rows: SortedList<SortedEntry>, sort: string, key: Key): number {
  return rows.first((row) => compare(row, sort, key) >= 0);
}

function compare(newEntry: SortedEntry, sort: string, key: Key): number {
  return (
    compareUtf8(newEntry.sort, sort) ||
    compareUtf8(newEntry.row.pk, key.pk) ||
    compareUtf8(newEntry.row.sk, key.sk)
  );
}

function isSame({ row }: Entry, key: Key): boolean {
  return row.sk === key.sk && row.pk === key.pk;
}
