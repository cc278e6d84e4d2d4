/** Makes a table of a part of a sheet: some of its rows, and a group of its columns. */
import type { Content, TableCell } from 'pdfmake/interfaces.js';
import type { CellRange, SheetCell } from '../../office/xlsx-sheet.ts';
import { SLACK } from '../column-needs.ts';
import type { Inline } from '../paragraph.ts';
import { cellBorders } from '../table-borders.ts';
import { HEADER_FILL } from '../text-styles.ts';
import type { PlannedColumn } from './column-plan.ts';
import { CELL_PADDING, COLUMN_PADDING, MAX_LINES, type Measure, roomAfter } from './column-widths.ts';
import { isBold, type SheetGrid } from './sheet-grid.ts';

/** A cell with a longer text could be higher than a page. */
const MAX_KEPT_CHARACTERS = 600;

export interface TablePart {
  readonly grid: SheetGrid;
  readonly columns: readonly PlannedColumn[];
  /** Rows of the grid, header rows first. */
  readonly rows: readonly number[];
  readonly fontSize: number;
  readonly scale: number;
}

export interface TableTools {
  readonly measure: Measure;
  readonly step: () => void;
  readonly shape: (inlines: readonly Inline[], options: { readonly width: number }) => Content[];
}

export interface SheetTable {
  readonly content: Content;
  /** Contents of the cells of each row. */
  readonly cellsOfRows: readonly (readonly Content[])[];
  /** True if each row is on one page. */
  readonly keepsRows: boolean;
}

export function sheetTable(part: TablePart, tools: TableTools): SheetTable {
  const { grid, columns, rows, fontSize, scale } = part;
  const headerRows = rows.filter((row) => row < grid.headerRows).length;
  const padding = () => CELL_PADDING * scale;
  const body = new TableBody(part, tools);
  const cellsOfRows = rows.map((_, position) => body.addRow(position));
  // A row that is higher than a page must break.
  const isShort = longestText(part) <= MAX_KEPT_CHARACTERS;
  const content: Content = {
    table: {
      body: body.cells,
      widths: columns.map(({ width }) => width),
      headerRows: headerRows < rows.length ? headerRows : 0,
      dontBreakRows: isShort,
    },
    layout: {
      ...cellBorders(tools.step),
      paddingLeft: padding,
      paddingRight: padding,
      paddingTop: () => 1.5 * scale,
      paddingBottom: () => 1.5 * scale,
    },
    fontSize: fontSize * scale,
    margin: [0, 2, 0, fontSize * 0.8],
  };
  return { content, cellsOfRows, keepsRows: isShort && !body.hasTallCells };
}

function longestText({ grid, rows }: TablePart): number {
  const texts = rows.flatMap((row) => [...(grid.rows[row]?.values() ?? [])].map(({ text }) => text.length));
  return texts.reduce((longest, length) => Math.max(longest, length), 0);
}

class TableBody {
  readonly cells: TableCell[][];
  hasTallCells = false;
  readonly #part: TablePart;
  readonly #tools: TableTools;
  /** Columns of each row that another cell covers. */
  readonly #covered: readonly Set<number>[];
  /** Ranges of the grid, by the row and column of this table where their cell is shown. */
  readonly #spans = new Map<string, CellRange>();

  constructor(part: TablePart, tools: TableTools) {
    this.#part = part;
    this.#tools = tools;
    this.cells = part.rows.map(() => []);
    this.#covered = part.rows.map(() => new Set<number>());
    for (const span of part.grid.spans) this.#addSpan(span);
  }

  /** Fills a row. Returns the contents of its cells. */
  addRow(position: number): Content[] {
    const { grid, columns, rows } = this.#part;
    const line = this.cells[position] ?? [];
    const contents: Content[] = [];
    for (let at = 0; at < columns.length; at += 1) {
      if (this.#covered[position]?.has(at)) {
        line[at] = {};
        continue;
      }
      const span = this.#spans.get(`${position} ${at}`);
      const row = rows[position] ?? 0;
      const column = columns[at]?.column ?? 0;
      const cell = grid.rows[span?.row ?? row]?.get(span?.column ?? column);
      if (cell === undefined) {
        line[at] = { text: '', ...this.#fillOf(row) };
        continue;
      }
      const colSpan = span === undefined ? this.#extent(cell, { position, at }) : this.#columnsOf(span, at);
      const rowSpan = span === undefined ? 1 : this.#rowsOf(span, position);
      const content = this.#contentOf(cell, { row, width: this.#widthOf(at, colSpan) });
      contents.push(content);
      this.hasTallCells ||= rowSpan > 1;
      line[at] = { stack: [content], colSpan, rowSpan, ...this.#fillOf(row) } as TableCell;
      for (let covered = at + 1; covered < at + colSpan; covered += 1) line[covered] = {};
      at += colSpan - 1;
    }
    return contents;
  }

  /** Finds the first cell of a span in this table. A span that begins in another part is shown again. */
  #addSpan(span: CellRange): void {
    const { rows, columns } = this.#part;
    const position = rows.findIndex((row) => row >= span.row && row <= span.lastRow);
    const at = columns.findIndex(({ column }) => column >= span.column && column <= span.lastColumn);
    if (position < 0 || at < 0) return;
    this.#spans.set(`${position} ${at}`, span);
    const [height, width] = [this.#rowsOf(span, position), this.#columnsOf(span, at)];
    for (let down = 0; down < height; down += 1)
      for (let right = 0; right < width; right += 1)
        if (down + right > 0) this.#covered[position + down]?.add(at + right);
  }

  #rowsOf({ row: first, lastRow }: CellRange, position: number): number {
    const { rows } = this.#part;
    let end = position;
    while (isBetween(rows[end], first, lastRow)) end += 1;
    return end - position;
  }

  #columnsOf({ column: first, lastColumn }: CellRange, at: number): number {
    const { columns } = this.#part;
    let end = at;
    while (isBetween(columns[end]?.column, first, lastColumn)) end += 1;
    return end - at;
  }

  /** Returns the number of columns that a text takes. It extends over empty cells on its right, as in Excel. */
  #extent(cell: SheetCell, { position, at }: { position: number; at: number }): number {
    const { grid, columns, rows, fontSize, scale } = this.#part;
    const [row, column] = [rows[position] ?? 0, columns[at]?.column ?? 0];
    const cells = grid.rows[row] ?? new Map<number, SheetCell>();
    if (cell.kind !== 'text' || cell.style?.alignment === 'right') return 1;
    const room = roomAfter(cells, column, grid);
    if (room === 0) return 1;
    const bold = isBold(grid, row, cell);
    const lines = cell.text.split('\n', MAX_LINES).map((line) => this.#tools.measure(line, { bold }));
    const wanted = Math.max(...lines) * fontSize * scale * SLACK;
    let extent = 1;
    while (
      extent <= room &&
      this.#widthOf(at, extent) < wanted &&
      columns[at + extent]?.column === column + extent &&
      this.#covered[position]?.has(at + extent) === false
    )
      extent += 1;
    return extent;
  }

  #widthOf(at: number, count: number): number {
    const { columns, scale } = this.#part;
    const widths = columns.slice(at, at + count).map(({ width }) => width);
    return widths.reduce((total, width) => total + width, (count - 1) * COLUMN_PADDING * scale);
  }

  #fillOf(row: number): { readonly fillColor?: string } {
    return row < this.#part.grid.headerRows ? { fillColor: HEADER_FILL } : {};
  }

  #contentOf(cell: SheetCell, { row, width }: { row: number; width: number }): Content {
    const { kind, style, text } = cell;
    const inline: Inline = {
      text: text.replace(/\r\n?/g, '\n'),
      ...(isBold(this.#part.grid, row, cell) && { bold: true }),
      ...((kind === 'formula' || style?.italics === true) && { italics: true }),
    };
    const blocks = this.#tools.shape([inline], { width });
    const isText = kind === 'text' || kind === 'formula';
    const content = {
      alignment: style?.alignment ?? DEFAULT_ALIGNMENT[kind],
      // Dates would break at their hyphens.
      ...(!isText && { noWrap: true }),
    };
    const [only] = blocks;
    return blocks.length === 1 && only !== undefined
      ? ({ ...content, ...(only as object) } as Content)
      : { stack: blocks };
  }
}

const DEFAULT_ALIGNMENT: Readonly<Record<SheetCell['kind'], 'left' | 'center' | 'right'>> = {
  text: 'left',
  formula: 'left',
  number: 'right',
  boolean: 'center',
  error: 'center',
};

function isBetween(number: number | undefined, first: number, last: number): boolean {
  return number !== undefined && number >= first && number <= last;
}
