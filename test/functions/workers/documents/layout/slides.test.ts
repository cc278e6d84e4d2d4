import { expect, test } from 'vitest';
import { worker as toPdf } from '../../../../../functions/workers/documents/to-pdf/definition.ts';
import { drawnPages } from '../../../../support/documents/drawn-cells.ts';
import { input } from '../../../../support/documents/input.ts';
import { pptxOf, shape } from '../../../../support/documents/office.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';

async function drawn(bytes: Uint8Array) {
  const { record, files } = await runWorker(toPdf, { 'a.pptx': bytes });
  expect(record.failure).toBeUndefined();
  const [pdf = new Uint8Array()] = [...files.values()];
  const { note } = record.output as { note?: string };
  return { pages: (await drawnPages(pdf)).map(({ lines }) => lines), note, pdf };
}

test('a presentation of python-pptx has a page for each visible slide, in the order of the presentation', async () => {
  const { pages, note } = await drawn(input('talk-python-pptx.pptx'));

  expect(pages).toEqual([
    [['Annual meeting'], ['Hamburg'], ['1 / 4']],
    [['Questions & <answers>'], ['2 / 4']],
    [['Agenda'], ['Welcome'], ['Coffee'], ['Black'], ['Results'], ['Notes'], ['Thank everyone'], ['3 / 4']],
    [['Numbers'], ['r0c0', 'r0c1', 'r0c2'], ['r1c0', 'r1c2'], ['r2c2'], ['4 / 4']],
  ]);
  expect(note).toBe(
    'a.pptx: 1 hidden slides are left out; 1 charts, videos and embedded objects are left out',
  );
});

test('an image of a slide is drawn, and counted if its type is not shown', async () => {
  const picture = '<p:pic><p:blipFill><a:blip r:embed="image"/></p:blipFill></p:pic>'.replace(
    'r:embed',
    'xmlns:r="r" r:embed',
  );
  const { note, pages } = await drawn(
    await pptxOf([{ shapes: shape('text') + picture, around: { image: 'not an image' } }], [0]),
  );
  const { pdf } = await drawn(input('talk-python-pptx.pptx'));

  expect(pages).toEqual([[['text']]]);
  expect(note).toBe('a.pptx: 1 images are not PNG or JPEG, or too large, and are left out');
  expect(Buffer.from(pdf).includes('/Subtype /Image')).toBe(true);
});

test('alternatives for programs of different age are shown once', async () => {
  const shapes = `<mc:AlternateContent><mc:Choice>${shape('new')}</mc:Choice><mc:Fallback>${shape('old')}</mc:Fallback></mc:AlternateContent>${shape('end')}`;

  expect((await drawn(await pptxOf([{ shapes }], [0]))).pages).toEqual([[['new'], ['end']]]);
});

test('numbered lists, fields and line breaks are shown', async () => {
  const paragraph = (properties: string, text: string) =>
    `<a:p><a:pPr lvl="0">${properties}</a:pPr><a:r><a:t>${text}</a:t></a:r></a:p>`;
  const field =
    '<a:p><a:fld type="datetime"><a:rPr/><a:pPr lvl="0"/><a:t>2026</a:t></a:fld><a:br/><a:r><a:t>next</a:t></a:r></a:p>';
  const body = ['one', 'two'].map((text) => paragraph('<a:buAutoNum type="arabicPeriod"/>', text)).join('');
  const shapes = `<p:sp><p:txBody>${body}${field}</p:txBody></p:sp>`;

  const { pages } = await drawn(await pptxOf([{ shapes }], [0]));

  expect(pages[0]?.map((line) => line.join(' '))).toEqual(['1. one', '2. two', '2026', 'next']);
});

test('a presentation without visible slides is an empty page', async () => {
  expect((await drawn(await pptxOf([], []))).pages).toEqual([[]]);
});
