/** Chinese, Japanese and Korean with fonts of the app. The fonts are samples with the characters of these tests. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { extractText } from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import { RenderedPdf } from '../../../../../functions/workers/documents/pdf/rendered-pdf.ts';
import { worker as toPdf } from '../../../../../functions/workers/documents/to-pdf/definition.ts';
import { input } from '../../../../support/documents/input.ts';
import { pptxOf, xlsxOf } from '../../../../support/documents/office.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';
import { SAMPLE_FONTS } from '../../../../support/documents/sample-fonts.ts';

const TEXTS = ['发票编号', '日本語のテキスト、ひらがな', '한국어 텍스트입니다'] as const;

beforeAll(() => {
  process.env['JOBTREE_DOCUMENT_FONTS'] = JSON.stringify(SAMPLE_FONTS);
});

afterAll(() => {
  delete process.env['JOBTREE_DOCUMENT_FONTS'];
});

async function converted(name: string, bytes: Uint8Array) {
  const { record, files } = await runWorker(toPdf, { [name]: bytes });
  expect(record.failure).toBeUndefined();
  const [pdf = new Uint8Array()] = [...files.values()];
  const { text } = await extractText(new Uint8Array(pdf), { name: 'a.pdf' });
  return { pdf, text, note: (record.output as { note?: string }).note };
}

/** Returns the number of dark pixels of each line of text on the first page. */
async function inkOfLines(pdf: Uint8Array): Promise<number[]> {
  const opened = await RenderedPdf.open(new Uint8Array(pdf));
  const page = opened.page(0);
  const [width, height] = [595, 842];
  const pixels = page.render({ width, height, firstRow: 0, rows: height, samples: 1 });
  const lines: number[] = [];
  let isInLine = false;
  for (let row = 0; row < height; row += 1) {
    const ink = pixels.subarray(row * width, (row + 1) * width).filter((sample) => sample < 128).length;
    if (ink > 0 && !isInLine) lines.push(0);
    if (ink > 0) lines[lines.length - 1] = (lines.at(-1) ?? 0) + ink;
    isInLine = ink > 0;
  }
  page.close();
  opened.close();
  return lines;
}

const html = TEXTS.map((text) => `<p>${text}</p>`).join('<hr>');
const cells = TEXTS.map((text) => `<row><c t="inlineStr"><is><t>${text}</t></is></c></row>`).join('');

test.each([
  ['plain text', 'a.txt', async () => Buffer.from(TEXTS.join('\n\n'))],
  ['HTML', 'a.html', async () => Buffer.from(html)],
  ['a workbook', 'a.xlsx', () => xlsxOf([{ name: '报告', rows: cells }], [])],
  ['a presentation', 'a.pptx', () => pptxOf([...TEXTS], [0, 1, 2])],
])('%s keeps its Chinese, Japanese and Korean text', async (_, name, make) => {
  const { text, note } = await converted(name, await make());

  for (const expected of TEXTS) expect(text).toContain(expected);
  expect(note).toBeUndefined();
});

test.each([
  ['plain text', 'a.txt', TEXTS.join('\n\n')],
  ['HTML', 'a.html', TEXTS.map((text) => `<p>${text}</p>`).join('')],
])('the letters of %s are drawn', async (_, name, source) => {
  const { pdf } = await converted(name, Buffer.from(source));

  const ink = await inkOfLines(pdf);
  expect(ink).toHaveLength(TEXTS.length);
  // A letter of 10 points covers at least a dozen pixels.
  for (const [line, text] of TEXTS.entries()) expect(ink[line]).toBeGreaterThan(text.length * 12);
});

test('a word keeps its other letters, and a character that no font has is counted', async () => {
  const { text, note } = await converted('a.txt', Buffer.from('Rechnung 发票Größe 𠮷'));

  expect(text).toBe('Rechnung 发票Größe \ufffd');
  expect(note).toBe('a.txt: 1 characters have no glyph in the font and are shown as \ufffd');
});

test('a line ends between two letters, but not before a mark that ends a sentence', async () => {
  const sentence = '日本語のテキスト、ひらがなとカタカナ。'.repeat(20);
  const { text } = await converted('a.txt', Buffer.from(sentence));

  const lines = text.split('\n');
  expect(lines.join('')).toBe(sentence);
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.filter((line) => /^[、。]/.test(line))).toEqual([]);
});

test('documents without such text contain no other font', async () => {
  const { pdf } = await converted('a.xlsx', input('report-xlsxwriter.xlsx'));

  expect(Buffer.from(pdf).includes('Sample')).toBe(false);
});
