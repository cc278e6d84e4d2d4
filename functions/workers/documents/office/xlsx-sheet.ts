import { showNumber } from './number-format.ts';
import { decodeEscapes, type OfficeFile } from './office-file.ts';
import { readXml, type XmlReader } from './read-xml.ts';
import type { CellStyle } from './xlsx-styles.ts';
import type { Workbook } from './xlsx-workbook.ts';

/** A cell with content. Positions begin at 0. */
export interface SheetCell {
  readonly row: number;
  readonly column: number;
  /** The value as Excel shows it, or the formula. */
  readonly text: string;
  /** `formula` means that the file has no result of the formula. */
  readonly kind: 'text' | 'number' | 'boolean' | 'error' | 'formula';
  readonly style: CellStyle | undefined;
}

/** A range of cells. `last` positions are part of it. */
export interface CellRange {
  readonly row: number;
  readonly column: number;
  readonly lastRow: number;
  readonly lastColumn: number;
}

/** Receives the parts of a sheet in file order: columns and frozen panes, then rows with cells, then merged ranges. */
export interface SheetHandler {
  cell(cell: SheetCell): void;
  endRow?(): void;
  hiddenRow?(row: number): void;
  hiddenColumns?(range: { readonly first: number; readonly last: number }): void;
  frozen?(pane: { readonly rows: number; readonly columns: number }): void;
  merged?(range: CellRange): void;
}

export async function readSheet(
  file: OfficeFile,
  entryName: string,
  workbook: Workbook,
  handler: SheetHandler,
): Promise<void> {
  await readXml(file.archive, entryName, { step: file.step, ...sheetReader(workbook, handler) });
}

type Attributes = Readonly<Record<string, string>>;
const isTrue = (value: string | undefined) => value === '1' || value === 'true';

function sheetReader(workbook: Workbook, handler: SheetHandler): XmlReader {
  const position = new CellPosition();
  let cell = { type: 'n', style: 0 };
  let value = '';
  let formula = '';
  let target: 'value' | 'formula' | undefined;
  let isUncomputed = false;
  let phonetic = 0;
  const opened: Readonly<Record<string, (attributes: Attributes) => void>> = {
    row({ r, hidden, ht }) {
      position.openRow(r);
      if (isTrue(hidden) || ht === '0') handler.hiddenRow?.(position.row);
    },
    c({ t: type = 'n', s: style = '0', r }) {
      position.openCell(r);
      cell = { type, style: Number(style) };
      [value, formula, isUncomputed] = ['', '', false];
    },
    rPh: () => {
      phonetic += 1;
    },
    f: () => {
      [target, isUncomputed] = ['formula', true];
    },
    v: () => {
      target = 'value';
      // The result of a formula may be an empty text. Any other empty result is missing.
      if (cell.type === 'str') isUncomputed = false;
    },
    t: () => {
      if (phonetic === 0) target = 'value';
    },
    col({ min = '', max = '', hidden, width }) {
      if (isTrue(hidden) || width === '0')
        handler.hiddenColumns?.({ first: Number(min) - 1, last: Number(max) - 1 });
    },
    pane({ xSplit = '0', ySplit = '0', state = '' }) {
      if (state.startsWith('frozen')) handler.frozen?.({ rows: Number(ySplit), columns: Number(xSplit) });
    },
    mergeCell({ ref = '' }) {
      const range = rangeOf(ref);
      if (range !== undefined) handler.merged?.(range);
    },
  };
  const endCell = () => {
    const style = workbook.styles[cell.style];
    const at = { row: position.row, column: position.column, style };
    if (value !== '') handler.cell({ ...at, ...showCell(cell.type, value, { workbook, style }) });
    else if (isUncomputed) handler.cell({ ...at, kind: 'formula', text: `=${decodeEscapes(formula)}` });
  };
  return {
    open(name, attributes) {
      target = undefined;
      if (Object.hasOwn(opened, name)) opened[name]?.(attributes);
    },
    close(name) {
      target = undefined;
      if (name === 'rPh') phonetic -= 1;
      if (name === 'c') endCell();
      if (name === 'row') handler.endRow?.();
    },
    text(piece) {
      if (target === 'value') value += piece;
      if (target === 'formula') formula += piece;
    },
  };
}

/** Position of the open cell. Rows and cells without a reference follow the one before them. */
class CellPosition {
  row = -1;
  column = -1;

  openRow(reference: string | undefined): void {
    const row = Number(reference) - 1;
    this.row = row >= 0 ? row : this.row + 1;
    this.column = -1;
  }

  openCell(reference: string | undefined): void {
    const column = reference === undefined ? undefined : columnOf(reference);
    this.column = column ?? this.column + 1;
  }
}

const REFERENCE = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/i;
const LETTERS = 26;

/** Returns the position of the column `A` in a reference such as `A1`. */
function columnOf(reference: string): number | undefined {
  const letters = /^\$?([A-Z]{1,3})/i.exec(reference)?.[1];
  return letters === undefined ? undefined : columnNumber(letters);
}

export function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters.toUpperCase()) number = number * LETTERS + letter.charCodeAt(0) - 64;
  return number - 1;
}

/** Returns the letters of a column, `A` for 0. */
export function columnLetters(column: number): string {
  const last = String.fromCharCode(65 + (column % LETTERS));
  return column < LETTERS ? last : columnLetters(Math.floor(column / LETTERS) - 1) + last;
}

function rangeOf(reference: string): CellRange | undefined {
  const [from = '', to = from] = reference.split(':');
  const [, fromColumn, fromRow] = REFERENCE.exec(from) ?? [];
  const [, toColumn, toRow] = REFERENCE.exec(to) ?? [];
  if (fromColumn === undefined || toColumn === undefined) return undefined;
  return {
    row: Number(fromRow) - 1,
    column: columnNumber(fromColumn),
    lastRow: Number(toRow) - 1,
    lastColumn: columnNumber(toColumn),
  };
}

interface Showing {
  readonly workbook: Workbook;
  readonly style: CellStyle | undefined;
}

function showCell(
  type: string,
  value: string,
  { workbook, style }: Showing,
): Pick<SheetCell, 'kind' | 'text'> {
  switch (type) {
    case 's':
      return { kind: 'text', text: workbook.strings[Number(value)] ?? '' };
    case 'b':
      return { kind: 'boolean', text: isTrue(value) ? 'TRUE' : 'FALSE' };
    case 'e':
      return { kind: 'error', text: decodeEscapes(value) };
    case 'n':
      return { kind: 'number', text: showNumber(value, style?.pattern ?? 'General', workbook) };
    // Text, or a date as text.
    default:
      return { kind: 'text', text: decodeEscapes(value) };
  }
}
