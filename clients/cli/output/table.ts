/** Text tables that fit the terminal. */

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | undefined;
  /** @default 'left' */
  readonly align?: 'left' | 'right';
  /** Shortened first if the terminal is too narrow. @default false */
  readonly isFlexible?: boolean;
  /** Colours the padded text of a cell. @default no colour */
  readonly paint?: (text: string, row: Row) => string;
  /** Value for other programs. @default `value` */
  readonly plain?: (row: Row) => string | number | undefined;
}

const GAP = '  ';
const MIN_FLEXIBLE_WIDTH = 8;

/** Number of terminal cells of a text: wide characters take two, combining ones none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) width += isWide(segment) ? 2 : 1;
  return width;
}

const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^\p{Extended_Pictographic}/u;

function isWide(segment: string): boolean {
  return WIDE.test(segment) && !/^[\u00a9\u00ae\u2122\d#*]/u.test(segment);
}

/** Shortens a text to a number of cells, with an ellipsis at its end. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let clipped = '';
  let used = 1;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += isWide(segment) ? 2 : 1;
    if (used > width) break;
    clipped += segment;
  }
  return `${clipped}…`;
}

/** Replaces control characters, so that data can never move the cursor or change colours. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it replaces
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

export interface TableOptions {
  readonly width: number;
  readonly header: (title: string) => string;
}

/** Returns the lines of a table, with a header. */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { width, header }: TableOptions,
): string[] {
  const cells = rows.map((row) => columns.map(({ value }) => printable(String(value(row) ?? ''))));
  const widths = fittedWidths(cells, columns, width);
  const titles = columns.map(({ title, align }, at) =>
    pad(clip(title, widths[at] ?? 0), widths[at] ?? 0, align),
  );
  const lines = cells.map((line, position) =>
    line
      .map((cell, at) => {
        const { align, paint } = columns[at] ?? {};
        const text = pad(clip(cell, widths[at] ?? 0), widths[at] ?? 0, align);
        const row = rows[position];
        return paint === undefined || row === undefined ? text : paint(text, row);
      })
      .join(GAP)
      .trimEnd(),
  );
  return [header(titles.join(GAP).trimEnd()), ...lines];
}

function fittedWidths<Row>(
  cells: readonly (readonly string[])[],
  columns: readonly Column<Row>[],
  available: number,
): number[] {
  const widths = columns.map(({ title }, at) =>
    cells.reduce((widest, line) => Math.max(widest, widthOf(line[at] ?? '')), widthOf(title)),
  );
  let surplus = widths.reduce((sum, each) => sum + each, (columns.length - 1) * GAP.length) - available;
  while (surplus > 0) {
    const flexible = columns.flatMap(({ isFlexible }, at) => (isFlexible ? [at] : []));
    const widest = flexible.reduce<number | undefined>(
      (best, at) => (best === undefined || (widths[at] ?? 0) > (widths[best] ?? 0) ? at : best),
      undefined,
    );
    const current = widest === undefined ? 0 : (widths[widest] ?? 0);
    if (widest === undefined || current <= MIN_FLEXIBLE_WIDTH) break;
    widths[widest] = current - 1;
    surplus -= 1;
  }
  return widths;
}

function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? space + text : text + space;
}
