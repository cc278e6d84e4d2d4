import type { Row } from '#core/ports.ts';
import { rowBytes, writeUnits } from '#core/units.ts';
import type { Entry } from './changes.ts';
import { type Place, Rows } from './rows.ts';
import { areEqual } from './values.ts';

export interface IndexKeys {
  readonly partition: string;
  readonly sort: string;
}

/** An index of the memory table: sparse, written only where what it shows changes. */
export class TableIndex {
  readonly keys: IndexKeys;
  readonly rows = new Rows();
  readonly #shown: readonly string[] | undefined;

  /** `shown` names the attributes that it has beside the keys; absent: all of them. */
  constructor(keys: IndexKeys, shown: readonly string[] | undefined) {
    this.keys = keys;
    this.#shown = shown;
  }

  /** Returns the write units. A row that moves in the index is written twice. */
  apply(before: Entry | undefined, after: Entry | undefined): number {
    const oldPlace = before && this.#placeOf(before.row);
    const newPlace = after && this.#placeOf(after.row);
    if (oldPlace === undefined && newPlace === undefined) return 0;
    const oldEntry = before && this.#entryOf(before);
    const newEntry = after && this.#entryOf(after);
    if (oldPlace && newPlace && areEqual(oldEntry?.row, newEntry?.row)) return 0;
    let units = 0;
    const moves = !(oldPlace && newPlace && areEqual(oldPlace, newPlace));
    if (oldPlace && oldEntry && moves) {
      this.rows.remove(oldPlace, oldEntry.row);
      units += writeUnits(oldEntry.bytes);
    }
    if (newPlace && newEntry) {
      this.rows.put(newPlace, newEntry);
      units += writeUnits(Math.max(newEntry.bytes, moves ? 0 : (oldEntry?.bytes ?? 0)));
    }
    return units;
  }

  /** A row without both keys is not in the index. */
  #placeOf(row: Row): Place | undefined {
    const { [this.keys.partition]: partition, [this.keys.sort]: sort } = row;
    return typeof partition === 'string' && typeof sort === 'string' ? { partition, sort } : undefined;
  }

  #entryOf(entry: Entry): Entry {
    if (this.#shown === undefined) return entry;
    const row = project(entry.row, [this.keys.partition, this.keys.sort, ...this.#shown]);
    return { row, bytes: rowBytes(row) };
  }
}

/** The row with its keys and these attributes only. */
export function project(row: Row, attributes: readonly string[] | undefined): Row {
  if (attributes === undefined) return row;
  const shown = ['pk', 'sk', ...attributes].filter((name) => row[name] !== undefined);
  return Object.fromEntries(shown.map((name) => [name, row[name]])) as Row;
}
