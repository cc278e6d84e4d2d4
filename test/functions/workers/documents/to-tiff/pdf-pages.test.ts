/** Form fields, fonts and page boxes of a PDF in its TIFF. */
import { decode } from 'tiff';
import { describe, expect, test } from 'vitest';
import { worker as toTiffWorker } from '../../../../../functions/workers/documents/to-tiff/definition.ts';
import { input } from '../../../../support/documents/input.ts';
import { dynamicXfa, formOf, textField } from '../../../../support/documents/pdf-forms.ts';
import { pdfOf } from '../../../../support/documents/pdf-objects.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';
import { pdfInCharacterMap, pdfSaying } from '../extract-text/documents.ts';

async function rendered(bytes: Uint8Array, parameters: Record<string, unknown> = {}) {
  const { record, files } = await runWorker(
    toTiffWorker,
    { 'a.pdf': bytes },
    { parameters: { dpi: 72, ...parameters } },
  );
  expect(record.failure).toBeUndefined();
  const [page] = decode(files.get('a.tiff') ?? new Uint8Array());
  if (page === undefined) throw new Error('the TIFF has no pages');
  return { page, output: record.output as { note?: string } };
}

/** Number of dark pixels in an area of the page, in points from the upper left corner. */
async function inkIn(
  bytes: Uint8Array,
  [left, top, right, bottom]: readonly [number, number, number, number],
  color = 'gray',
) {
  const { page } = await rendered(bytes, { color });
  const samples = page.samplesPerPixel;
  let ink = 0;
  for (let y = top; y < bottom; y += 1)
    for (let x = left; x < right; x += 1) {
      const sample = page.data[(y * page.width + x) * samples] ?? 0;
      if (color === 'bilevel' ? sample === 0 : sample < 128) ink += 1;
    }
  return ink;
}

describe('the values of form fields are on the page', () => {
  const whole = [0, 0, 400, 300] as const;

  test.each(['gray', 'rgb', 'bilevel'])('of a file, in %s', async (color) => {
    const filled = input('filled-form.pdf');
    // The second field of the file: the check mark.
    expect(await inkIn(filled, [125, 157, 155, 187], color)).toBeGreaterThan(50);
    expect(await inkIn(filled, [122, 65, 250, 90], color)).toBeGreaterThan(50);
  });

  test.each([
    ['text without an appearance', textField('a', 'A value of the form')],
    ['several lines', '/FT /Tx /Ff 4096 /T (a) /V (one\\rtwo)'],
    ['a choice', '/FT /Ch /Ff 131072 /T (a) /V (blue) /Opt [(red) (blue)]'],
  ])('%s', async (_, field) => {
    const empty = field.replace(/\/V \([^)]*\)/, '');

    expect(await inkIn(formOf([field]), whole)).toBeGreaterThan((await inkIn(formOf([empty]), whole)) + 20);
  });

  test('on each page of a file so large that it is reopened', async () => {
    const { page } = await rendered(formOf([textField('a', 'value')], { others: [`(${'x'.repeat(17e6)})`] }));

    expect(page.data.some((sample) => sample < 128)).toBe(true);
  });

  test('except of a dynamic XFA form, which is refused by its name', async () => {
    const { record } = await runWorker(toTiffWorker, { 'a.pdf': dynamicXfa() });

    expect(record.failure?.code).toBe('document-unsupported');
    expect(record.failure?.failureMessage).toContain('is a dynamic XFA form');
  });
});

describe('characters that cannot be drawn are counted in the note', () => {
  test('in a file', async () => {
    const { output } = await rendered(input('cjk-font-not-embedded.pdf'));

    expect(output.note).toBe(
      'a.pdf: 6 characters are not shown, because their fonts are not embedded in the PDF; embed the fonts',
    );
  });

  test.each([
    ['Japanese', pdfInCharacterMap('90ms-RKSJ-H'), '3 characters'],
    ['Korean', pdfInCharacterMap('KSCms-UHC-H', { collection: 'Korea1', codes: 'c7d1b1db' }), '2 characters'],
  ])('%s', async (_, bytes, note) => {
    expect((await rendered(bytes)).output.note).toContain(note);
  });

  test('but not those of the standard fonts', async () => {
    expect((await rendered(pdfSaying('Text in Helvetica'))).output.note).toBeUndefined();
  });
});

test.each([
  ['zeros after the end', (pdf: Buffer) => Buffer.concat([pdf, Buffer.alloc(5_000)])],
  ['bytes before the start', (pdf: Buffer) => Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), pdf])],
])('a PDF with %s is rendered', async (_, change) => {
  expect(await inkIn(change(pdfSaying('Hello')), [0, 0, 612, 792])).toBeGreaterThan(20);
});

test('a file with bytes after its end is rendered', async () => {
  expect(await inkIn(input('bytes-behind-eof.pdf'), [0, 0, 500, 700])).toBeGreaterThan(20);
});

describe('a page has the size and direction that a viewer shows', () => {
  /** A page of 200 × 100 points with a black square in its lower left corner. */
  const page = (entries: string) =>
    pdfOf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R ${entries} >>`,
      '<< /Length 14 >>\nstream\n0 0 20 20 re f\nendstream',
    ]);

  test.each([
    ['', 200, 100, [5, 95]],
    ['/Rotate 90', 100, 200, [5, 5]],
    ['/Rotate 180', 200, 100, [195, 5]],
    ['/Rotate -90', 100, 200, [95, 195]],
    ['/CropBox [10 0 110 50]', 100, 50, [5, 45]],
    ['/CropBox [10 0 110 50] /Rotate 90', 50, 100, [5, 5]],
    ['/CropBox [-50 -50 900 900]', 200, 100, [5, 95]],
  ] as const)('with %s', async (entries, width, height, [x, y]) => {
    const { page: shown } = await rendered(page(entries));

    expect(shown).toMatchObject({ width, height });
    expect(shown.data[y * width + x]).toBe(0);
  });
});
