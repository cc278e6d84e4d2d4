import { expect, test } from 'vitest';
import { extractText } from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import { opcOf, PPTX_TYPE, pptxOf, shape } from '../../../../support/documents/office.ts';

async function textOf(bytes: Uint8Array): Promise<string> {
  return (await extractText(bytes, { name: 'a.pptx' })).text;
}

const withRoot = (content: string) => `<p:root xmlns:p="p" xmlns:a="a">${content}</p:root>`;

test('speaker notes, comments and diagrams follow their slide', async () => {
  const placeholder = (type: string, text: string) =>
    shape(text).replace('<p:sp>', `<p:sp><p:nvSpPr><p:nvPr><p:ph type="${type}"/></p:nvPr></p:nvSpPr>`);
  const around = {
    notesSlide: withRoot(
      placeholder('sldNum', '12') + placeholder('body', 'A note') + placeholder('hdr', 'Talk'),
    ),
    comments: withRoot('<p:cm><p:text>A comment</p:text></p:cm>'),
    diagramData: withRoot('<dgm:pt><dgm:t><a:p><a:r><a:t>A step</a:t></a:r></a:p></dgm:t></dgm:pt>'),
  };

  const text = await textOf(await pptxOf([{ shapes: shape('One'), around }, 'Two'], [0, 1]));

  expect(text.replace(/\n+/g, '\n')).toBe('One\nA note\nA comment\nA step\nTwo');
});

test('a comment of current programs is read too', async () => {
  const comments = withRoot(
    '<p:cm><p:txBody><a:p><a:r><a:t>A new comment</a:t></a:r></a:p></p:txBody></p:cm>',
  );

  expect(await textOf(await pptxOf([{ shapes: '', around: { comments } }], [0]))).toBe('A new comment');
});

test('content that is stored for programs of different age appears once', async () => {
  const shapes = `<mc:AlternateContent><mc:Choice Requires="a14">${shape('x²')}</mc:Choice><mc:Fallback>${shape('x²')}</mc:Fallback></mc:AlternateContent>`;

  expect(await textOf(await pptxOf([{ shapes }], [0]))).toBe('x²');
});

test('table rows, line breaks, fields and escaped characters are read', async () => {
  const cell = (text: string) => `<a:tc><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`;
  const shapes = `<a:tbl><a:tr>${cell('a')}${cell('b')}</a:tr><a:tr>${cell('c')}${cell('d')}</a:tr></a:tbl><p:sp><a:p><a:r><a:t>one</a:t></a:r><a:br/><a:fld type="datetime"><a:t>today</a:t></a:fld><a:r><a:t>_x000B_x</a:t></a:r></a:p></p:sp>`;

  expect(await textOf(await pptxOf([{ shapes }], [0]))).toBe('a\tb\nc\td\none\ntoday\u000bx');
});

test.each([
  ['pptm', 'application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml'],
  ['potx', PPTX_TYPE.replace('.presentation.', '.template.')],
  ['ppsx', PPTX_TYPE.replace('.presentation.', '.slideshow.')],
])('a presentation of type %s with its own part names', async (_, contentType) => {
  const bytes = await opcOf({
    'show.xml': {
      xml: '<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst><p:sldId r:id="x"/></p:sldIdLst></p:presentation>',
      contentType,
      relations: { x: ['slide', 'pages/first.xml'] },
    },
    'pages/first.xml': { xml: withRoot(shape('text')) },
  });

  expect(await extractText(bytes, { name: 'a' })).toMatchObject({ pages: 1, text: 'text' });
});
