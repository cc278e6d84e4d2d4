import { describe, expect, test } from 'vitest';
import { worker as mergePdf } from '../../../../../functions/workers/documents/merge-pdf/definition.ts';
import { worker as toPdf } from '../../../../../functions/workers/documents/to-pdf/definition.ts';
import { drawnPages } from '../../../../support/documents/drawn-cells.ts';
import { input } from '../../../../support/documents/input.ts';
import { type Sheet, xlsxOf } from '../../../../support/documents/office.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';

async function drawn(bytes: Uint8Array, parameters: Record<string, unknown> = {}) {
  const { record, files } = await runWorker(toPdf, { 'a.xlsx': bytes }, { parameters });
  expect(record.failure).toBeUndefined();
  const [pdf = new Uint8Array()] = [...files.values()];
  const pages = await drawnPages(pdf);
  const { note } = record.output as { note?: string };
  return { pages, lines: pages.flatMap(({ lines }) => lines), note, pdf };
}

const sheetOf = (rows: string, parts: Partial<Sheet> = {}) => xlsxOf([{ name: 'S', rows, ...parts }], []);
const textCell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;

describe('a workbook of openpyxl', () => {
  test('has its values as Excel shows them, and formulas without a result as formulas', async () => {
    const { lines, note } = await drawn(input('invoice-openpyxl.xlsx'));

    expect(lines).toEqual([
      ['Invoice'],
      ['Invoice 2026-113 for Müller & Söhne'],
      ['Position', 'Description', 'Price', 'Total', 'Date', 'Paid'],
      ['1', 'License', '123.46 €', '=C4*2', '01.01.2026', 'FALSE'],
      ['2', 'Travel', '246.91 €', '=C5*2', '02.01.2026', 'TRUE'],
      ['4', 'Travel', '493.82 €', '=C7*2', '04.01.2026', 'TRUE'],
      ['merged', '#N/A'],
      ['below'],
    ]);
    expect(note?.split('; ')).toEqual([
      'a.xlsx: hidden sheets are left out: Margins',
      '1 hidden rows are left out',
      '1 hidden columns are left out',
      '4 formulas have no result in the file and are shown as formulas (save it with Excel to have them)',
    ]);
  });
});

describe('a workbook of XlsxWriter', () => {
  test('repeats its frozen rows on each page, and shows results of formulas, comments and text boxes', async () => {
    const { pages, lines, note } = await drawn(input('report-xlsxwriter.xlsx'));

    expect(note).toBe('a.xlsx: 1 hidden columns are left out; 1 charts and images are left out');
    const header = ['Region', 'Q1', 'Q2', 'Q4', 'Share'];
    expect(pages[0]?.lines.slice(0, 4)).toEqual([
      ['Report'],
      ['Sales of 2026'],
      ['First half', 'Second half'],
      header,
    ]);
    expect(pages[1]?.lines.slice(0, 3)).toEqual([['Sales of 2026'], ['First half', 'Second half'], header]);
    const regions = lines.filter(([first = '']) => first.startsWith('Region '));
    expect(regions).toEqual(
      Array.from({ length: 70 }, (_, row) => [
        `Region ${row}`,
        ...[1, 2, 4].map((column) => String((row + 1) * column * 1.5)),
        `${(25 + row / 10).toFixed(1)}%`,
      ]),
    );
    expect(lines).toContainEqual(['#DIV/0!', 'done']);
    const end = lines.findIndex(([first]) => first === 'Comments and text boxes');
    expect(lines.slice(end + 1, end + 3)).toEqual([['a comment'], ['A text box']]);
  });

  test('splits columns that do not fit on a page, repeats the first one, and names the columns', async () => {
    const { pages } = await drawn(input('report-xlsxwriter.xlsx'));

    const months = pages.filter(({ lines }) => lines[0]?.[0]?.startsWith('Months'));
    expect(months.length).toBeGreaterThan(1);
    expect(months.every(({ width, height }) => width > height)).toBe(true);
    const rows = months.map(({ lines }) => lines.find(([first]) => first === 'Customer 3') ?? []);
    expect(rows.flatMap((row) => row.slice(1))).toEqual(
      Array.from({ length: 30 }, (_, month) => String(300_001 + month)),
    );
    expect(months[1]?.lines[0]?.[0]).toMatch(/^Months, columns [A-Z]+ to [A-Z]+$/);
  });
});

describe('a sheet', () => {
  test('of many rows has each row once, its header on every page, and no half-empty page', async () => {
    const header = `<row>${['Id', 'Name', 'Value'].map(textCell).join('')}</row>`;
    const rows = Array.from(
      { length: 1_800 },
      (_, row) => `<row><c><v>${row}</v></c>${textCell(`n${row}`)}<c><v>${row * 3}</v></c></row>`,
    );
    const { pages, lines } = await drawn(await sheetOf(header + rows.join('')));

    expect(lines.filter(([id]) => id === 'Id')).toHaveLength(pages.length);
    expect(lines.filter(({ length }) => length === 3).filter(([id]) => id !== 'Id')).toEqual(
      rows.map((_, row) => [`${row}`, `n${row}`, `${row * 3}`]),
    );
    const counts = pages.slice(1, -1).map((page) => page.lines.length);
    expect(new Set(counts).size).toBe(1);
  });

  test('shows a merged cell in its visible part', async () => {
    const rows = `<row r="1" hidden="1"><c r="A1" t="str"><v>group</v></c><c r="B1"><v>1</v></c></row>${Array.from(
      { length: 120 },
      (_, row) => `<row r="${row + 2}"><c r="B${row + 2}"><v>${row + 2}</v></c></row>`,
    ).join('')}`;
    const after = '<mergeCells><mergeCell ref="A1:A121"/></mergeCells>';
    const { lines } = await drawn(await sheetOf(rows, { after }));

    expect(lines.filter((line) => line.includes('group'))).toEqual([['group', '2']]);
    expect(lines.filter((line) => line.includes('1'))).toEqual([]);
  });

  test('keeps one empty row between blocks, and leaves out empty columns', async () => {
    const rows = '<row r="2"><c r="C2"><v>1</v></c></row><row r="900000"><c r="XFD900000"><v>2</v></c></row>';
    const { pages, lines } = await drawn(await sheetOf(rows));

    expect([pages.length, lines]).toEqual([1, [['S'], ['1'], ['2']]]);
  });

  test('extends a long text over empty cells, and breaks it otherwise', async () => {
    const long = 'a text that is longer than its column';
    const numbers = '<c><v>1</v></c><c><v>2</v></c><c><v>3</v></c><c><v>4</v></c><c><v>5</v></c>';
    const alone = `<row>${textCell(long)}</row><row>${numbers}</row>`;
    const { lines } = await drawn(await sheetOf(alone));

    expect(lines.flat()).not.toContain('a');
    expect(lines[1]?.[0]?.startsWith('a text')).toBe(true);
  });

  test('that is empty is a page with its name', async () => {
    expect((await drawn(await sheetOf(''))).lines).toEqual([['S']]);
  });

  test('with right-to-left text keeps the order of its cells', async () => {
    const { lines } = await drawn(await sheetOf(`<row>${textCell('שלום')}<c><v>7</v></c></row>`));

    expect(lines[1]).toHaveLength(2);
    expect(lines[1]?.[1]).toBe('7');
  });

  test('with characters that no font has counts each of them once', async () => {
    const header = `<row>${textCell('日本')}${textCell('x')}</row>`;
    const rows = Array.from({ length: 200 }, () => '<row><c><v>1</v></c><c><v>2</v></c></row>').join('');
    const { note, pages } = await drawn(await sheetOf(header + rows));

    expect(pages.length).toBeGreaterThan(2);
    expect(note).toBe('a.xlsx: 2 characters have no glyph in the font and are shown as \ufffd');
  });

  test('makes the same bytes on every run', async () => {
    const bytes = input('invoice-openpyxl.xlsx');
    const [once, twice] = [await drawn(bytes), await drawn(bytes)];

    expect(Buffer.from(once.pdf).equals(Buffer.from(twice.pdf))).toBe(true);
  });
});

test('a workbook with too many columns is shown as text, with a note', async () => {
  const { note, lines } = await drawn(await sheetOf(`<row>${'<c><v>7</v></c>'.repeat(1_001)}</row>`));

  expect(note).toBe('a.xlsx: too long to lay out, so only its text is shown');
  expect(lines.flat().join(' ').match(/7/g)).toHaveLength(1_001);
});

test('merge-pdf lays out workbooks and presentations, and numbers the pages of each', async () => {
  const names = ['report-xlsxwriter.xlsx', 'talk-python-pptx.pptx'];
  const { record, files } = await runWorker(
    mergePdf,
    Object.fromEntries(names.map((name) => [name, input(name)])),
  );

  expect(record.failure).toBeUndefined();
  const pages = await drawnPages(files.get('i.pdf') ?? new Uint8Array());
  const numbers = pages.map(({ lines }) => lines.at(-1)?.[0]);
  const slides = numbers.filter((number) => number?.endsWith('/ 4'));
  expect(slides).toEqual(['1 / 4', '2 / 4', '3 / 4', '4 / 4']);
  expect(numbers[0]).toBe(`1 / ${numbers.length - 4}`);
});
