import { describe, expect, test } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import { extractText } from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import { input } from '../../../../support/documents/input.ts';
import { opcOf, XLSX_TYPE, xlsxOf } from '../../../../support/documents/office.ts';
import { refusalOf } from './documents.ts';

async function textOf(bytes: Uint8Array): Promise<string> {
  return (await extractText(bytes, { name: 'a.xlsx' })).text;
}

/** Text of a workbook with one sheet, without the name of the sheet. */
async function rowsOf(rows: string, styles = '', properties = ''): Promise<string> {
  const text = await textOf(await xlsxOf([{ name: 's', rows }], [], { styles, properties }));
  return text.replace(/^s\n/, '');
}

/** Style 0 is General, style 1 has this pattern. */
function styleOf(pattern: string): string {
  const formats = `<numFmts><numFmt numFmtId="164" formatCode="${pattern}"/></numFmts>`;
  const others = '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>';
  return `${formats}${others}<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs><dxfs><dxf><numFmt numFmtId="164" formatCode="0"/></dxf></dxfs>`;
}

describe('numbers appear in the format of their cell', () => {
  test.each([
    ['0.00', '12.5', '12.50'],
    ['#,##0.00 &quot;€&quot;', '1234567.891', '1,234,567.89 €'],
    ['0%', '0.256', '26%'],
    ['yyyy\\-mm\\-dd', '45000', '2023-03-15'],
    ['dd.mm.yyyy hh:mm', '45000.75', '15.03.2023 18:00'],
    ['[h]:mm:ss', '1.5', '36:00:00'],
    ['_(* #,##0_);_(* \\(#,##0\\)', '-5', '(5)'],
    ['0000000', '42', '0000042'],
    ['General', '0.30000000000000004', '0.3'],
    ['General', '123456789012345', '123456789012345'],
    ['General', '12345678901234567890', '12345678901234567890'],
    ['General', '1.5E-7', '1.5e-7'],
    // Hidden, or unknown to the library: as stored.
    [';;;', '7', '7'],
    ['bad [', '7.5', '7.5'],
  ])('%s: %s', async (pattern, stored, shown) => {
    expect(await rowsOf(`<row><c s="1"><v>${stored}</v></c></row>`, styleOf(pattern))).toBe(shown);
  });

  test.each([
    [14, '45000', '2023-03-15'],
    [22, '45000.5', '2023-03-15 12:00'],
    [10, '0.5', '50.00%'],
    [44, '-3', '($3.00)'],
    [31, '45000', '2023-03-15'],
  ])('the built-in format %i', async (id, stored, shown) => {
    const styles = `<cellXfs><xf numFmtId="${id}"/></cellXfs>`;

    expect(await rowsOf(`<row><c s="0"><v>${stored}</v></c></row>`, styles)).toBe(shown);
  });

  test('in a workbook whose calendar starts in 1904', async () => {
    const row = '<row><c s="1"><v>43538</v></c><c><v>43538</v></c></row>';

    expect(await rowsOf(row, styleOf('yyyy-mm-dd'), 'date1904="1"')).toBe('2023-03-15\t43538');
  });
});

describe('cells of other types', () => {
  test.each([
    ['booleans', '<c t="b"><v>1</v></c><c t="b"><v>0</v></c>', 'TRUE\tFALSE'],
    ['an error', '<c t="e"><v>#DIV/0!</v></c>', '#DIV/0!'],
    ['a date as text', '<c t="d"><v>2023-03-15</v></c>', '2023-03-15'],
    ['the result of a formula', '<c t="str"><f>"a"&amp;"b"</f><v>ab</v></c>', 'ab'],
    [
      'inline text with fonts and a phonetic guide',
      '<c t="inlineStr"><is><r><t>東</t></r><r><t>京</t></r><rPh sb="0" eb="1"><t>トウ</t></rPh></is></c>',
      '東京',
    ],
    ['an empty cell', '<c/><c t="s"/><c><v>1</v></c>', '1'],
  ])('%s', async (_, cells, text) => {
    expect(await rowsOf(`<row>${cells}</row>`)).toBe(text);
  });

  test('characters that XML does not allow are decoded', async () => {
    expect(await textOf(input('escaped-control.xlsx'))).toMatch(/line\r?\ntwo/);
    const strings = ['<t>a_x0009_b</t>', '<t>_x005F_x0041_</t>', '<t>_x41_ _xZZZZ_</t>', '<t>c_x0007_</t>'];
    const rows = strings.map((_, i) => `<row><c t="s"><v>${i}</v></c></row>`).join('');

    const text = await textOf(await xlsxOf([{ name: 's', rows }], strings));

    expect(text).toBe('s\na\tb\n_x0041_\n_x41_ _xZZZZ_\nc\u0007');
  });
});

test('the comments and text boxes of a sheet follow its rows', async () => {
  const comments =
    '<comments><authors><author>Ann</author></authors><commentList><comment><text><r><t>Why </t></r><r><t>7?</t></r></text></comment></commentList></comments>';
  const drawing =
    '<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:sp><xdr:txBody><a:p><a:r><a:t>A box</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>';
  const sheets = [
    { name: 'First', rows: '<row><c><v>7</v></c></row>', around: { comments, drawing } },
    { name: 'Second', rows: '<row><c><v>8</v></c></row>' },
  ];

  expect(await textOf(await xlsxOf(sheets, []))).toBe('First\n7\nWhy 7?\nA box\n\nSecond\n8');
});

test('a threaded comment appears once', async () => {
  const threadedComment =
    '<ThreadedComments><threadedComment><text>Why?</text></threadedComment><threadedComment><text>Because.</text></threadedComment></ThreadedComments>';
  const comments =
    '<comments><comment><text><t>[Threaded comment] Comment: Why? Reply: Because.</t></text></comment></comments>';
  const sheets = [{ name: 's', rows: '', around: { comments, threadedComment } }];

  expect(await textOf(await xlsxOf(sheets, []))).toBe('s\nWhy?\nBecause.');
});

test.each(['xlsm', 'xltx', 'xltm'])('a workbook of type %s with its own part names', async (kind) => {
  const contentType = {
    xlsm: 'application/vnd.ms-excel.sheet.macroEnabled.main+xml',
    xltx: XLSX_TYPE.replace('.sheet.', '.template.'),
    xltm: 'application/vnd.ms-excel.template.macroEnabled.main+xml',
  }[kind];
  const main = {
    xml: '<x:workbook xmlns:x="x" xmlns:r="r"><x:sheets><x:sheet name="s" r:id="one"/></x:sheets></x:workbook>',
    relations: { one: ['worksheet', '../data/1.xml'], two: ['sharedStrings', '/text.xml'] },
    ...omitUndefined({ contentType }),
  } as const;
  const bytes = await opcOf({
    'book/main.xml': main,
    'data/1.xml': {
      xml: '<x:worksheet xmlns:x="x"><x:row><x:c t="s"><x:v>0</x:v></x:c></x:row></x:worksheet>',
    },
    'text.xml': { xml: '<x:sst xmlns:x="x"><x:si><x:t>shared</x:t></x:si></x:sst>' },
  });

  expect(await textOf(bytes)).toBe('s\nshared');
});

test('a binary workbook is refused by its name', async () => {
  const contentType = 'application/vnd.ms-excel.sheet.binary.macroEnabled.main';
  const refusal = await refusalOf(await opcOf({ 'xl/workbook.bin': { xml: '', contentType } }));

  expect(refusal.code).toBe('document-unsupported');
  expect(refusal.message).toContain('the content is xlsb');
});
