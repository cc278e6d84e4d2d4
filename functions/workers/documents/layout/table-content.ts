/** Lays out a table: borders, header rows that repeat on each page, and spans. */
import type { Content, TableCell } from 'pdfmake/interfaces.js';
import { HEADER_FILL, RULE_COLOR } from './text-styles.ts';

interface TableRows {
  readonly rows: readonly (readonly TableCell[])[];
  readonly headerRows: number;
}

/** From this number of columns on, the text is smaller, so that words fit. */
const NARROW_FROM = 8;
const MIN_SCALE = 0.5;
const MAX_COLUMNS = 100;

export function tableOf(
  { rows, headerRows }: TableRows,
  { fontSize, step }: { readonly fontSize: number; readonly step: () => void },
): Content {
  const body = gridOf(rows);
  const columns = body[0]?.length ?? 0;
  const scale = Math.min(1, Math.max(MIN_SCALE, NARROW_FROM / columns));
  return {
    table: {
      body: body.map((row, position) =>
        row.map((cell) => ({
          ...(cell as object),
          ...(position < headerRows && { fillColor: HEADER_FILL }),
        })),
      ) as TableCell[][],
      headerRows: headerRows < rows.length ? headerRows : 0,
      widths: widthsOf(columns),
      dontBreakRows: false,
    },
    layout: {
      hLineWidth: () => {
        step();
        return 0.5;
      },
      vLineWidth: () => 0.5,
      hLineColor: () => RULE_COLOR,
      vLineColor: () => RULE_COLOR,
      paddingLeft: () => 4 * scale,
      paddingRight: () => 4 * scale,
    },
    fontSize: fontSize * 0.95 * scale,
    margin: [0, 2, 0, fontSize * 0.8],
  };
}

/** Columns get the width of their text, unless there are so many that they could exceed the page. */
function widthsOf(columns: number): ('auto' | '*')[] {
  return Array.from({ length: columns }, () => (columns < NARROW_FROM ? 'auto' : '*'));
}

/** Fills the grid: a cell that spans columns or rows is followed by empty ones, and all rows have the same length. */
function gridOf(rows: TableRows['rows']): TableCell[][] {
  const grid: TableCell[][] = rows.map(() => []);
  const taken = rows.map(() => new Set<number>());
  for (const [y, row] of rows.entries()) {
    let x = 0;
    for (const cell of row) {
      while (taken[y]?.has(x) === true) x += 1;
      if (x >= MAX_COLUMNS) break;
      const { colSpan = 1, rowSpan = 1 } = cell as { colSpan?: number; rowSpan?: number };
      const width = Math.min(colSpan, MAX_COLUMNS - x);
      const height = Math.min(rowSpan, rows.length - y);
      for (let down = 0; down < height; down += 1) {
        for (let right = 0; right < width; right += 1) {
          taken[y + down]?.add(x + right);
          const line = grid[y + down];
          if (line !== undefined) line[x + right] = {};
        }
      }
      const line = grid[y];
      if (line !== undefined) line[x] = { ...(cell as object), colSpan: width, rowSpan: height } as TableCell;
      x += width;
    }
  }
  const columns = Math.max(0, ...grid.map(({ length }) => length));
  return grid.map((row) => Array.from({ length: columns }, (_, x) => row[x] ?? {}));
}
