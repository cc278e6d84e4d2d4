/** Lays out a table: borders, header rows that repeat on each page, and spans. */
import type { Content, TableCell } from 'pdfmake/interfaces.js';
import type { Block, TableBlock } from './blocks.ts';
import type { Inline } from './paragraph.ts';
import { cellBorders, LINE_WIDTH } from './table-borders.ts';
import { type PlacedCell, tableGrid } from './table-grid.ts';
import { tableWidths } from './table-widths.ts';
import { HEADER_FILL } from './text-styles.ts';

const FONT_SCALE = 0.95;
const CELL_PADDING = 4;

interface TableOptions {
  readonly width: number;
  readonly fontSize: number;
  readonly step: () => void;
  readonly widthOf: (inline: Inline) => number;
  readonly layCell: (blocks: readonly Block[], width: number) => Content[];
}

export function tableContent(
  table: TableBlock,
  { width, fontSize, step, widthOf, layCell }: TableOptions,
): Content {
  const { rows, headerRows } = table;
  const grid = tableGrid(table);
  const padding = 2 * CELL_PADDING + LINE_WIDTH;
  const { columns, scale } = tableWidths(grid, {
    width: width - LINE_WIDTH,
    padding,
    widthOf: (inline) => widthOf(inline) * FONT_SCALE,
  });
  const body = rows.map((_, row) => Array.from({ length: grid.columns }, () => emptyCell(row < headerRows)));
  for (const placed of grid.cells) {
    const { row, column } = placed;
    const cellWidth = columns
      .slice(column, column + placed.columns)
      .reduce((sum, one) => sum + one + padding, -padding);
    const content = layCell(placed.cell.blocks, cellWidth / (FONT_SCALE * scale));
    (body[row] as TableCell[])[column] = cellContent(placed, content, row < headerRows);
  }
  return {
    table: {
      body,
      headerRows: headerRows < rows.length ? headerRows : 0,
      widths: [...columns],
      dontBreakRows: false,
    },
    layout: {
      ...cellBorders(step),
      paddingLeft: () => CELL_PADDING,
      paddingRight: () => CELL_PADDING,
    },
    fontSize: fontSize * FONT_SCALE * scale,
    margin: [0, 2, 0, fontSize * 0.8],
  };
}

function cellContent({ cell, columns, rows }: PlacedCell, stack: Content[], isHeader: boolean): TableCell {
  const { alignment } = cell;
  return {
    stack,
    colSpan: columns,
    rowSpan: rows,
    ...(alignment !== undefined && { alignment }),
    ...(isHeader && { fillColor: HEADER_FILL }),
  } as TableCell;
}

/** The layout takes an object without content for a cell only if it has no other member, such as a color. */
function emptyCell(isHeader: boolean): TableCell {
  return { text: '', ...(isHeader && { fillColor: HEADER_FILL }) };
}
