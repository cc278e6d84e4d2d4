import { PDFDocument } from '@cantoo/pdf-lib';
import { decode } from 'tiff';
import { expect, test } from 'vitest';
import { readPdf } from '../../../../../functions/workers/documents/extract-text/read-pdf.ts';
import { worker as mergePdfWorker } from '../../../../../functions/workers/documents/merge-pdf/definition.ts';
import { worker as toTiffWorker } from '../../../../../functions/workers/documents/to-tiff/definition.ts';
import { input } from '../../../../support/documents/input.ts';
import { dynamicXfa, formOf, textField } from '../../../../support/documents/pdf-forms.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';

async function merged(documents: Readonly<Record<string, Uint8Array>>) {
  const { record, files } = await runWorker(mergePdfWorker, documents);
  expect(record.failure).toBeUndefined();
  return { bytes: files.get('i.pdf') ?? new Uint8Array(), output: record.output };
}

/** Text of the merged PDF, with its form fields, read by a different library than the writer. */
async function textOf(bytes: Uint8Array): Promise<string> {
  return (await readPdf(new Uint8Array(bytes), { maxPages: 99, maxCharacters: 1e6 })).text;
}

test('fields keep their values, and fields with the same name stay apart', async () => {
  const { bytes } = await merged({
    'a.pdf': input('filled-form.pdf'),
    'b.pdf': input('filled-form.pdf'),
    'c.pdf': formOf([textField('f', 'another value')]),
  });

  expect(await textOf(bytes)).toBe(
    'Name:\nf: FILLED-IN-4711\nchk: Yes\n\nName:\nf (2): FILLED-IN-4711\nchk (2): Yes\n\nf (3): another value',
  );
  const form = (await PDFDocument.load(bytes)).getForm();
  expect(form.getFields().map((field) => field.getName())).toEqual(['f', 'chk', 'f (2)', 'chk (2)', 'f (3)']);
  expect(form.getTextField('f (3)').getText()).toBe('another value');
});

test('fields below a parent keep it, also on several pages', async () => {
  const parent = '<< /FT /Tx /T (address) /V (Main Street) /Kids [5 0 R 6 0 R] >>';
  const kids = ['/Parent 20 0 R /T (street)', '/Parent 20 0 R /T (place)'];

  const { bytes } = await merged({
    'a.pdf': formOf(kids, { others: [parent] }),
    'b.pdf': formOf(kids, { others: [parent] }),
  });

  expect(await textOf(bytes)).toBe(
    'address.street: Main Street\naddress.place: Main Street\n\naddress (2).street: Main Street\naddress (2).place: Main Street',
  );
});

test('each page is stored once, and its fields refer to it', async () => {
  const { bytes } = await merged({ 'a.pdf': input('filled-form.pdf') });

  const document = await PDFDocument.load(bytes);
  const pages = document.context
    .enumerateIndirectObjects()
    .filter(([, object]) => String(object).includes('/Type /Page\n'));
  expect(pages).toHaveLength(1);
  const widgets = document
    .getForm()
    .getFields()
    .flatMap((field) => field.acroField.getWidgets());
  expect(widgets.map((widget) => widget.P())).toEqual([pages[0]?.[0], pages[0]?.[0]]);
});

test('the values are on the pages of a TIFF', async () => {
  const { bytes } = await merged({
    'a.pdf': formOf([textField('a', 'value')]),
    'b.pdf': formOf([textField('a', '')]),
  });
  const { files } = await runWorker(toTiffWorker, { 'a.pdf': bytes }, { parameters: { dpi: 72 } });

  const ink = decode(files.get('a.tiff') ?? new Uint8Array()).map(
    ({ data }) => data.filter((sample) => sample < 128).length,
  );
  expect(ink[0]).toBeGreaterThan(20);
  expect(ink[1]).toBe(0);
});

test('a font with the same name as another font gets a new name', async () => {
  const form = (base: string) =>
    Buffer.from(
      formOf([`${textField('a', 'value')} /DA (/Helv 12 Tf 0 g)`])
        .toString('latin1')
        .replace('/BaseFont /Helvetica', `/BaseFont /${base}`),
      'latin1',
    );

  const { bytes } = await merged({
    'a.pdf': form('Helvetica'),
    'b.pdf': form('Times-Roman'),
    'c.pdf': form('Helvetica'),
  });

  const appearances = (await PDFDocument.load(bytes))
    .getForm()
    .getFields()
    .map((field) => field.acroField.getDefaultAppearance());
  expect(appearances).toEqual(['/Helv 12 Tf 0 g', '/Helv-2 12 Tf 0 g', '/Helv 12 Tf 0 g']);
});

test('a digital signature is removed with a note', async () => {
  const { bytes, output } = await merged({
    'a.pdf': formOf([textField('a', 'value'), '/FT /Sig /T (s) /V 20 0 R'], {
      others: ['<< /Type /Sig /Filter /Adobe.PPKLite /Contents <00> /ByteRange [0 1 2 3] >>'],
    }),
  });

  expect(output).toMatchObject({
    note: '1 digital signatures are not valid in a merged document and were removed',
  });
  expect(
    (await PDFDocument.load(bytes))
      .getForm()
      .getFields()
      .map((field) => field.getName()),
  ).toEqual(['a', 's']);
});

test('a dynamic XFA form is refused by its name', async () => {
  const { record } = await runWorker(mergePdfWorker, { 'a.pdf': dynamicXfa() });

  expect(record.failure?.code).toBe('document-unsupported');
  expect(record.failure?.failureMessage).toContain("'a.pdf': the PDF is a dynamic XFA form");
});

test('a damaged form does not prevent merging', async () => {
  const damaged = formOf([textField('a', 'value')]).toString('latin1');
  const variants = [
    damaged.replace('/Annots [5 0 R]', '/Annots [5 0 R 99 0 R 4 0 R null 7]'),
    damaged.replace('/FT /Tx /T (a)', '/FT 7 /T 8 /Parent 5 0 R'),
    damaged.replace('/DR << /Font << /Helv 4 0 R >> >>', '/DR 9 /NeedAppearances 3'),
  ];

  for (const variant of variants) {
    const { output } = await merged({ 'a.pdf': Buffer.from(variant, 'latin1') });

    expect(output).toMatchObject({ pages: 1 });
  }
});
