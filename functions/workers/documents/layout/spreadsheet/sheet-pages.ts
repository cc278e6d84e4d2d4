/** Lays out the sheets of a workbook: each begins on a new page with its name, and its rows and columns are a table. */
import type { Content } from 'pdfmake/interfaces.js';
import type { OpcDocument } from '../../office/open-office.ts';
import { columnLetters, type SheetCell } from '../../office/xlsx-sheet.ts';
import { countDrawings, readAround, readWorkbook, type Workbook } from '../../office/xlsx-workbook.ts';
import { type PageFormat, printArea } from '../../pdf/page-format.ts';
import { BoundedText } from '../../text/bounded-text.ts';
import type { LaidOutPart, OfficePages } from '../laid-out-part.ts';
import { contentOptions, type LayoutOptions, layOutContent } from '../lay-out.ts';
import type { LayoutFonts } from '../layout-fonts.ts';
import { type ColumnPlan, type PlannedColumn, planColumns } from './column-plan.ts';
import { COLUMN_PADDING, columnWidths } from './column-widths.ts';
import { readGrid, type SheetGrid } from './sheet-grid.ts';
import { sheetNotes } from './sheet-notes.ts';
import { type SheetTable, sheetTable } from './sheet-table.ts';

/** The layout takes about 0.1 ms for each cell. */
const MAX_CELLS = 50_000;
const MAX_CHARACTERS = 1_000_000;
/** Cells of the tables, with the empty ones. */
const MAX_TABLE_CELLS = 150_000;
/** Cells of a table that is laid out at once, with the empty ones. Each takes about 5 kB of memory. */
const CELLS_AT_ONCE = 5_000;
/** Table text is a little smaller than other text. */
const TEXT_SCALE = 0.9;
/** Excel has 16,384 columns. Wider tables than this are no documents. */
const MAX_COLUMNS = 1_000;

interface SheetText {
  readonly grid: SheetGrid;
  /** Comments and text boxes. */
  readonly around: string;
  /** Number of charts and images. */
  readonly drawings: number;
}

/** Returns undefined if the workbook is too large to lay out. */
export async function sheetPages(
  document: OpcDocument,
  options: LayoutOptions,
): Promise<OfficePages | undefined> {
  const { file, opc, main } = document;
  const workbook = await readWorkbook(file, opc, main);
  const sheets = await readSheets(document, workbook);
  if (sheets === undefined) return undefined;
  const chartSheets = workbook.sheets.filter(({ isChart, isHidden }) => isChart && !isHidden).length;
  const shown = sheets.filter(({ grid, around }) => grid.rows.length > 0 || around !== '');
  const hiddenSheets = workbook.sheets.filter(({ isHidden }) => isHidden);
  const notes = sheetNotes({
    grids: sheets.map(({ grid }) => grid),
    hiddenSheets: hiddenSheets.map(({ name }) => name),
    drawings: sheets.reduce((sum, { drawings }) => sum + drawings, chartSheets),
    replaced: replacedCountOf(shown, options.fonts),
  });
  return {
    parts: layOutSheets(shown.length > 0 ? shown : sheets.slice(0, 1), options),
    notes: () => notes,
  };
}

/** Counts each cell once, although header rows and merged cells may be shown on several pages. */
function replacedCountOf(sheets: readonly SheetText[], fonts: LayoutFonts): number {
  const textsOf = ({ grid, around }: SheetText) => [
    grid.name,
    around,
    ...grid.rows.flatMap((row) => [...row.values()].map(({ text }) => text)),
  ];
  return sheets.flatMap(textsOf).reduce((sum, text) => sum + fonts.countMissing(text), 0);
}

async function readSheets(
  { file, opc }: OpcDocument,
  workbook: Workbook,
): Promise<readonly SheetText[] | undefined> {
  const budget = new Budget();
  const sheets: SheetText[] = [];
  try {
    for (const sheet of workbook.sheets) {
      if (sheet.isHidden || sheet.isChart) continue;
      const grid = await readGrid(file, sheet, { workbook, budget });
      budget.takeTable(grid);
      const text = new BoundedText(file.maxCharacters);
      await readAround({ ...file, text }, opc, sheet.entryName);
      const drawings = await countDrawings(opc, sheet.entryName);
      sheets.push({ grid, around: text.end().trim(), drawings });
      file.step();
    }
  } catch (error) {
    if (error instanceof TooLargeToLayOut) return undefined;
    throw error;
  }
  return sheets;
}

class TooLargeToLayOut extends Error {
  override readonly name = 'TooLargeToLayOut';
}

class Budget {
  #cells = 0;
  #characters = 0;
  #tableCells = 0;

  take({ text }: SheetCell): void {
    this.#cells += 1;
    this.#characters += text.length;
    if (this.#cells > MAX_CELLS || this.#characters > MAX_CHARACTERS) throw new TooLargeToLayOut();
  }

  takeTable({ rows, columns }: SheetGrid): void {
    this.#tableCells += rows.length * columns.length;
    if (this.#tableCells > MAX_TABLE_CELLS || columns.length > MAX_COLUMNS) throw new TooLargeToLayOut();
  }
}

async function* layOutSheets(
  sheets: readonly SheetText[],
  options: LayoutOptions,
): AsyncGenerator<LaidOutPart> {
  for (const sheet of sheets) yield* layOutSheet(sheet, options);
}

async function* layOutSheet(
  { grid, around }: SheetText,
  options: LayoutOptions,
): AsyncGenerator<LaidOutPart> {
  const plan = planOf(grid, options);
  for (const [position, columns] of plan.groups.entries()) {
    const isLast = position === plan.groups.length - 1;
    yield* layOutGroup(
      { grid, plan, columns, heading: headingOf(grid, columns, position), around: isLast ? around : '' },
      { ...options, format: { ...options.format, orientation: plan.orientation } },
    );
  }
}

function planOf(grid: SheetGrid, { fonts, format }: LayoutOptions): ColumnPlan {
  const widthOf = (orientation: PageFormat['orientation']) => printArea({ ...format, orientation }).width;
  const widths = columnWidths(grid, {
    measure: (text, style) => fonts.roughWidthOf(text, style),
    fontSize: format.fontSize * TEXT_SCALE,
  });
  return planColumns(widths, {
    widths: { portrait: widthOf('portrait'), landscape: widthOf('landscape') },
    orientation: format.orientation,
    padding: COLUMN_PADDING,
    headerColumns: grid.headerColumns,
  });
}

function headingOf(grid: SheetGrid, columns: readonly PlannedColumn[], position: number): string {
  if (position === 0) return grid.name;
  const letters = columns.map(({ column }) => columnLetters(grid.columns[column] ?? 0));
  const first = letters.find((_, at) => columns[at]?.column !== at) ?? letters[0];
  return `${grid.name}, columns ${first} to ${letters.at(-1)}`;
}

interface GroupPart {
  readonly grid: SheetGrid;
  readonly plan: ColumnPlan;
  readonly columns: readonly PlannedColumn[];
  readonly heading: string;
  readonly around: string;
}

async function* layOutGroup(group: GroupPart, options: LayoutOptions): AsyncGenerator<LaidOutPart> {
  const { grid, plan, columns, heading, around } = group;
  const header = Array.from({ length: grid.headerRows }, (_, row) => row);
  const rowsAtOnce = Math.max(10, Math.floor(CELLS_AT_ONCE / Math.max(1, columns.length)));
  const tools = { ...contentOptions(options), measure: options.fonts.roughWidthOf.bind(options.fonts) };
  let start = grid.headerRows;
  do {
    const end = Math.min(grid.rows.length, start + rowsAtOnce);
    const rows = [...header, ...Array.from({ length: end - start }, (_, row) => start + row)];
    const isLast = end === grid.rows.length;
    const isFirst = start === grid.headerRows;
    const table = sheetTable(
      { grid, columns, rows, fontSize: options.format.fontSize * TEXT_SCALE, scale: plan.scale },
      tools,
    );
    const content: Content[] = [
      ...(isFirst ? headingContent(heading, tools) : []),
      ...(rows.length > 0 && columns.length > 0 ? [table.content] : []),
      ...(isLast ? aroundContent(around, tools) : []),
    ];
    const { bytes, pages } = await layOutContent(content, options);
    const next = isLast ? undefined : firstRowOfLastPage(table, { header: header.length, pages });
    yield next === undefined ? { bytes, pages } : { bytes, pages: pages - 1 };
    start = next === undefined ? end : start + next;
  } while (start < grid.rows.length);
}

type Tools = ReturnType<typeof contentOptions>;

function headingContent(heading: string, { shape, width }: Tools): Content[] {
  return shape([{ text: heading }], { width }).map(
    (block): Content => ({ ...(block as object), style: 'h2' }) as Content,
  );
}

function aroundContent(text: string, { shape, width }: Tools): Content[] {
  if (text === '') return [];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return [
    { text: 'Comments and text boxes', style: 'h4' },
    ...lines.flatMap((line) => shape([{ text: line }], { width })),
  ];
}

/**
 * Returns the first row of the last page. The next part begins with this row, so that no page in the middle of a sheet is
 * half empty. The layout tries each row on the page of the row before, and notes that page for a row that it then moves.
 */
function firstRowOfLastPage(
  { cellsOfRows, keepsRows }: SheetTable,
  { header, pages }: { readonly header: number; readonly pages: number },
): number | undefined {
  if (!keepsRows || pages < 2) return undefined;
  const found = cellsOfRows.findIndex((cells, row) => row >= header && pageOf(cells) === pages);
  const moved = (found < 0 ? cellsOfRows.length : found) - 1;
  return moved > header ? moved - header : undefined;
}

function pageOf(cells: readonly Content[]): number {
  const pages = cells.flatMap((cell) => (cell as PlacedContent).positions ?? []);
  return Math.max(0, ...pages.map(({ pageNumber }) => pageNumber));
}

/** The layout adds the position of each line to its content. */
interface PlacedContent {
  readonly positions?: readonly { readonly pageNumber: number }[];
}
