/** The visible cells of a sheet, in rows and columns without the empty ones. */
import type { OfficeFile } from '../../office/office-file.ts';
import { type CellRange, columnNumber, readSheet, type SheetCell } from '../../office/xlsx-sheet.ts';
import type { SheetEntry, Workbook } from '../../office/xlsx-workbook.ts';

/** Positions in a grid count only its rows and columns. */
export interface SheetGrid {
  readonly name: string;
  /** Rows with their cells by column. A row without cells replaces empty rows between others. */
  readonly rows: readonly ReadonlyMap<number, SheetCell>[];
  /** Columns of the sheet that have cells. */
  readonly columns: readonly number[];
  /** Ranges of several cells that are shown as one. The cell is at their first position. */
  readonly spans: readonly CellRange[];
  /** Number of rows that repeat on each page. */
  readonly headerRows: number;
  /** Number of columns that repeat if the columns do not fit on one page. */
  readonly headerColumns: number;
  readonly hidden: HiddenCounts;
  /** Number of formulas without a result in the file. */
  readonly uncomputed: number;
}

/** Numbers of hidden rows and columns that have content. */
export interface HiddenCounts {
  readonly rows: number;
  readonly columns: number;
}

/** Header rows are bold. */
export function isBold({ headerRows }: SheetGrid, row: number, { style }: SheetCell): boolean {
  return row < headerRows || style?.bold === true;
}

/** More frozen rows would leave no room for the others. */
const MAX_HEADER_ROWS = 5;
const MAX_HEADER_COLUMNS = 3;

/** Number of a row that replaces empty ones. */
const EMPTY_ROWS = -1;

/** Counts the cells of all sheets. */
export interface CellBudget {
  take(cell: SheetCell): void;
}

export async function readGrid(
  file: OfficeFile,
  sheet: SheetEntry,
  { workbook, budget }: { readonly workbook: Workbook; readonly budget: CellBudget },
): Promise<SheetGrid> {
  const raw = new RawSheet(budget);
  await readSheet(file, sheet.entryName, workbook, raw);
  return raw.end(sheet);
}

class RawSheet {
  readonly #budget: CellBudget;
  readonly #cells = new Map<number, Map<number, SheetCell>>();
  readonly #hiddenRows = new Set<number>();
  readonly #hiddenColumns: { readonly first: number; readonly last: number }[] = [];
  readonly #merged: CellRange[] = [];
  #frozen = { rows: 0, columns: 0 };

  constructor(budget: CellBudget) {
    this.#budget = budget;
  }

  cell(cell: SheetCell): void {
    if (cell.text === '') return;
    this.#budget.take(cell);
    const row = this.#cells.get(cell.row) ?? new Map<number, SheetCell>();
    row.set(cell.column, cell);
    this.#cells.set(cell.row, row);
  }

  hiddenRow(row: number): void {
    this.#hiddenRows.add(row);
  }

  hiddenColumns(range: { readonly first: number; readonly last: number }): void {
    this.#hiddenColumns.push(range);
  }

  frozen(pane: { readonly rows: number; readonly columns: number }): void {
    this.#frozen = pane;
  }

  merged(range: CellRange): void {
    this.#merged.push(range);
  }

  end({ name, printTitles }: SheetEntry): SheetGrid {
    const visibleMerged = this.#merged.flatMap((range) => this.#visibleRange(range));
    const used = [...this.#cells.values()].flatMap((row) => [...row.keys()]);
    const usedColumns = [...new Set(used)].sort((a, b) => a - b);
    const columns = usedColumns.filter((column) => !this.#isHiddenColumn(column));
    const columnLines = linesOf(columns);
    const rowNumbers = this.#visibleRows();
    const rowLines = linesOf(rowNumbers);
    const rows = rowNumbers.map((number) => this.#rowOf(number, columnLines.positions));
    const titles = titlesOf(printTitles) ?? this.#frozen;
    const before = (numbers: readonly number[], end: number) =>
      numbers.filter((number) => number >= 0 && number < end).length;
    const headerRows = before(rowNumbers, titles.rows) || guessHeader(rows, columns.length);
    return {
      name,
      rows,
      columns,
      spans: visibleMerged.flatMap((range) => spanOf(range, rowLines, columnLines)),
      headerRows: headerRows <= MAX_HEADER_ROWS && headerRows < rows.length ? headerRows : 0,
      headerColumns: Math.min(before(columns, titles.columns), MAX_HEADER_COLUMNS),
      hidden: {
        rows: [...this.#cells.keys()].filter((row) => this.#hiddenRows.has(row)).length,
        columns: usedColumns.length - columns.length,
      },
      uncomputed: [...this.#cells.values()]
        .flatMap((row) => [...row.values()])
        .filter(({ kind }) => kind === 'formula').length,
    };
  }

  #isHiddenColumn(column: number): boolean {
    return this.#hiddenColumns.some(({ first, last }) => column >= first && column <= last);
  }

  /** Returns the numbers of the visible rows with cells. EMPTY_ROWS replaces those between them. */
  #visibleRows(): number[] {
    const numbers: number[] = [];
    for (const number of [...this.#cells.keys()].sort((a, b) => a - b)) {
      if (this.#hiddenRows.has(number)) continue;
      const last = numbers.at(-1);
      if (last !== undefined) {
        let next = last + 1;
        while (this.#hiddenRows.has(next)) next += 1;
        if (next < number) numbers.push(EMPTY_ROWS);
      }
      numbers.push(number);
    }
    return numbers;
  }

  #rowOf(number: number, columnAt: ReadonlyMap<number, number>): ReadonlyMap<number, SheetCell> {
    const cells = new Map<number, SheetCell>();
    for (const [column, cell] of this.#cells.get(number) ?? []) {
      const position = columnAt.get(column);
      if (position !== undefined) cells.set(position, cell);
    }
    return cells;
  }

  /** Excel shows the value of a merged range in its visible part. */
  #visibleRange(range: CellRange): CellRange[] {
    const cell = this.#cells.get(range.row)?.get(range.column);
    if (cell === undefined) return [];
    let { row, column } = range;
    while (row <= range.lastRow && this.#hiddenRows.has(row)) row += 1;
    while (column <= range.lastColumn && this.#isHiddenColumn(column)) column += 1;
    if (row > range.lastRow || column > range.lastColumn) return [];
    this.#cells.get(range.row)?.delete(range.column);
    const visibleRow = this.#cells.get(row) ?? new Map<number, SheetCell>();
    this.#cells.set(row, visibleRow.set(column, cell));
    return [{ ...range, row, column }];
  }
}

/** Returns the numbers of rows and columns before the end of the printed titles. */
function titlesOf(printTitles: string): { rows: number; columns: number } | undefined {
  const lastRow = /\$\d{1,7}:\$(\d{1,7})/.exec(printTitles)?.[1];
  const lastColumn = /\$[A-Z]{1,3}:\$([A-Z]{1,3})/.exec(printTitles)?.[1];
  if (lastRow === undefined && lastColumn === undefined) return undefined;
  return {
    rows: Number(lastRow ?? 0),
    columns: lastColumn === undefined ? 0 : columnNumber(lastColumn) + 1,
  };
}

/** A first row that has a text in every column is the header of the others. */
function guessHeader(rows: SheetGrid['rows'], columns: number): number {
  const [first] = rows;
  if (first === undefined || columns < 2 || first.size < columns) return 0;
  return [...first.values()].every(({ kind }) => kind === 'text') ? 1 : 0;
}

/** The numbers of rows or columns in the sheet, and the positions of the numbers. */
interface Lines {
  readonly numbers: readonly number[];
  readonly positions: ReadonlyMap<number, number>;
}

function linesOf(numbers: readonly number[]): Lines {
  return { numbers, positions: new Map(numbers.map((number, position) => [number, position])) };
}

/** Returns the part of a merged range in the grid. A single cell is not a span. */
function spanOf(range: CellRange, rows: Lines, columns: Lines): CellRange[] {
  const row = rows.positions.get(range.row);
  const column = columns.positions.get(range.column);
  if (row === undefined || column === undefined) return [];
  const lastRow = lastWithin(rows.numbers, row, range.lastRow);
  const lastColumn = lastWithin(columns.numbers, column, range.lastColumn);
  return lastRow === row && lastColumn === column ? [] : [{ row, column, lastRow, lastColumn }];
}

/** Returns the position of the last number up to `last`. */
function lastWithin(numbers: readonly number[], start: number, last: number): number {
  let end = start;
  for (let position = start + 1; (numbers[position] ?? Number.POSITIVE_INFINITY) <= last; position += 1)
    if (numbers[position] !== EMPTY_ROWS) end = position;
  return end;
}
