import type { Row } from '#core/ports.ts';
import { rowBytes, writeUnits } from '#core/units.ts';
import type { Entry } from './changes.ts';
import { type RowPosition, Rows } from './rows.ts';
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
  constructor(keys: IndexKeys, attributes: readonly string[] | undefined) {
    this.keys = keys;
    this.#shown = attributes;
  }

  /** Returns the write units. A row that moves in the index is written twice. */
  apply(before: Entry | undefined, after: Entry | undefined): number {
    const oldPosition = before && this.#positionOf(before.row);
    const newPosition = after && this.#positionOf(after.row);
    if (oldPosition === undefined && newPosition === undefined) return 0;
    const oldEntry = before && this.#entryOf(before);
    const newEntry = after && this.#entryOf(after);
    if (oldPosition && newPosition && areEqual(oldEntry?.row, newEntry?.row)) return 0;
    let units = 0;
    const moves = !(oldPosition && newPosition && areEqual(oldPosition, newPosition));
    if (oldPosition && oldEntry && moves) {
      this.rows.remove(oldPosition, oldEntry.row);
      units += writeUnits(oldEntry.bytes);
    }
    if (newPosition && newEntry) {
      this.rows.put(newPosition, newEntry);
      units += writeUnits(Math.max(newEntry.bytes, moves ? 0 : (oldEntry?.bytes ?? 0)));
    }
    return units;
  }

  /** A row without both keys is not in the index. */
  #positionOf(row: Row): RowPosition | undefined {
    const { [this.keys.partition]: partition, [this.keys.sort]: sort } = row;
    return typeof partition === 'string' && typeof sort === 'string' ? { partition, sort } : undefined;
  }

  #entryOf(entry: Entry): Entry {
    if (this.#shown === undefined) return entry;
    const row = project(entry.row, [this.keys.partition, this.keys.sort, ...this.#shown]);
    return { row, bytes: rowBytes(row) };
  }
}

/** Returns the row with its keys and only these attributes. */
export function project(row: Row, attributes: readonly string[] | undefined): Row {
  if (attributes === undefined) return row;
  const names = ['pk', 'sk', ...attributes].filter((name) => row[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, row[name]])) as Row;
}
