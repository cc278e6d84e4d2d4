import type { Cell, TableBlock } from './blocks.ts';

const MAX_COLUMNS = 100;

/** A cell and its position. */
export interface PlacedCell {
  readonly cell: Cell;
  readonly row: number;
  readonly column: number;
  readonly columns: number;
  readonly rows: number;
}

export interface TableGrid {
  readonly columns: number;
  readonly cells: readonly PlacedCell[];
}

/** Positions the cells: those that span rows push cells of later rows aside. */
export function tableGrid({ rows, isRightToLeft }: TableBlock): TableGrid {
  const taken = rows.map(() => new Set<number>());
  const cells: PlacedCell[] = [];
  for (const [row, given] of rows.entries()) {
    let column = 0;
    for (const cell of given) {
      while (taken[row]?.has(column) === true) column += 1;
      if (column >= MAX_COLUMNS) break;
      const columns = Math.min(cell.colSpan, MAX_COLUMNS - column);
      const height = Math.min(cell.rowSpan, rows.length - row);
      for (let down = 0; down < height; down += 1)
        for (let right = 0; right < columns; right += 1) taken[row + down]?.add(column + right);
      cells.push({ cell, row, column, columns, rows: height });
      column += columns;
    }
  }
  const columns = cells.reduce((most, placed) => Math.max(most, placed.column + placed.columns), 0);
  return { columns, cells: isRightToLeft ? cells.map((placed) => mirrored(placed, columns)) : cells };
}

/** The first column of a right-to-left table is on the right. */
function mirrored(placed: PlacedCell, columns: number): PlacedCell {
  return { ...placed, column: columns - placed.column - placed.columns };
}
