import type { SheetCell } from '../../office/xlsx-sheet.ts';
import { type ColumnNeeds, SLACK } from '../column-needs.ts';
import { LINE_WIDTH } from '../table-borders.ts';
import { isBold, type SheetGrid } from './sheet-grid.ts';

/** Limits in units of the font size. */
const WIDEST_TEXT = 24;
const WIDEST_WORD = 14;
const NARROWEST_TEXT = 11;
const NARROWEST = 1;
/** Space between the text and the border of a cell at the full font size, in points. */
export const CELL_PADDING = 3;
/** Both paddings of a cell and its line. */
export const COLUMN_PADDING = 2 * CELL_PADDING + LINE_WIDTH;
/** A cell of more lines is measured by its first ones. */
export const MAX_LINES = 100;
const MAX_WORDS = 1_000;

/** Returns the width of a text at the font size 1. */
export type Measure = (text: string, style: { readonly bold: boolean }) => number;

/** Returns the widths that the cells need, in points. */
export function columnWidths(
  grid: SheetGrid,
  { measure, fontSize }: { readonly measure: Measure; readonly fontSize: number },
): ColumnNeeds[] {
  const natural = grid.columns.map(() => NARROWEST);
  const least = grid.columns.map(() => NARROWEST);
  const wide: WideCell[] = [];
  const lastColumns = new Map(grid.spans.map((span) => [`${span.row} ${span.column}`, span.lastColumn]));
  for (const [row, cells] of grid.rows.entries()) {
    for (const [column, cell] of cells) {
      const needed = neededBy(cell, (text) => measure(text, { bold: isBold(grid, row, cell) }));
      const room = cell.kind === 'text' ? roomAfter(cells, column, grid) : 0;
      const last = lastColumns.get(`${row} ${column}`) ?? column + room;
      if (last > column) wide.push({ column, last, least: needed.least });
      else {
        natural[column] = Math.max(natural[column] ?? 0, needed.natural);
        least[column] = Math.max(least[column] ?? 0, needed.least);
      }
    }
  }
  const padding = COLUMN_PADDING / fontSize;
  for (const { column, last, least: needed } of wide)
    for (const widths of [natural, least]) widenLast(widths, { column, last, needed, padding });
  return natural.map((width, column) => ({
    natural: width * fontSize * SLACK,
    least: (least[column] ?? 0) * fontSize * SLACK,
  }));
}

/** A cell over several columns: it is merged, or its text may extend over empty cells. */
interface WideCell {
  readonly column: number;
  readonly last: number;
  readonly least: number;
}

function neededBy({ text, kind }: SheetCell, measure: (text: string) => number): ColumnNeeds {
  const line = Math.max(...text.split('\n', MAX_LINES).map(measure));
  if (kind !== 'text' && kind !== 'formula') return { natural: line, least: line };
  const word = Math.max(...text.split(/\s+/, MAX_WORDS).map(measure));
  return {
    natural: Math.min(line, WIDEST_TEXT),
    least: Math.max(Math.min(word, WIDEST_WORD), Math.min(line, NARROWEST_TEXT)),
  };
}

interface Widening {
  readonly column: number;
  readonly last: number;
  readonly needed: number;
  readonly padding: number;
}

/** Widens the last column of a cell over several columns if they are too narrow together. */
function widenLast(widths: number[], { column, last, needed, padding }: Widening): void {
  const together = widths.slice(column, last + 1).reduce((sum, width) => sum + width + padding, -padding);
  if (together < needed) widths[last] = (widths[last] ?? 0) + needed - together;
}

/** Returns the number of empty columns right of a cell, which its text may extend to. */
export function roomAfter(
  cells: SheetGrid['rows'][number],
  column: number,
  { columns }: Pick<SheetGrid, 'columns'>,
): number {
  let next = column + 1;
  while (next < columns.length && !cells.has(next)) next += 1;
  return next - column - 1;
}
