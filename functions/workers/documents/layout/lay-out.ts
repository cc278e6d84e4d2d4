/** Makes a PDF of HTML. */
import pdfmake from 'pdfmake';
import type { TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { type PageFormat, pageArea, printArea } from '../pdf/page-format.ts';
import { htmlContent } from './html-content.ts';
import { LayoutFonts } from './layout-fonts.ts';
import { shapeText } from './shape-text.ts';
import { textStyles } from './text-styles.ts';

export interface LaidOutPdf {
  readonly bytes: Uint8Array;
  readonly note?: string;
}

/** The types of the package omit it. */
const { virtualfs: fileSystem } = pdfmake as unknown as {
  readonly virtualfs: { writeFileSync(name: string, bytes: Uint8Array): void };
};

/** Returns the same bytes for the same source and format. */
export async function layOut(
  html: string,
  format: PageFormat,
  step: () => void = () => undefined,
): Promise<LaidOutPdf> {
  const fonts = await LayoutFonts.load();
  const { fontSize, margin } = format;
  const { width } = printArea(format);
  const { content, imagesLeftOut } = htmlContent(html, {
    width,
    fontSize,
    shape: (inlines, options) => {
      step();
      return shapeText(inlines, options, { fonts, fontSize });
    },
    measure: (inline) => fonts.measure(inline, fontSize),
    step,
  });
  const definition: TDocumentDefinitions = {
    content: content.length === 0 ? [''] : content,
    pageSize: pageArea(format),
    pageMargins: margin,
    defaultStyle: { font: 'Sans', fontSize, lineHeight: 1.2 },
    styles: textStyles(fontSize),
    footer: (page, pages) => {
      step();
      return pages < 2 || margin < fontSize * 2
        ? ''
        : {
            text: `${page} / ${pages}`,
            alignment: 'center',
            fontSize: fontSize * 0.8,
            margin: [0, margin / 2 - fontSize / 2, 0, 0],
          };
    },
    // The time of creation would differ on retry.
    info: { creationDate: new Date(0) },
  };
  const note = noteOf(imagesLeftOut, fonts.replacedCount);
  return { bytes: await makePdf(definition, fonts), ...(note !== '' && { note }) };
}

async function makePdf(definition: TDocumentDefinitions, fonts: LayoutFonts): Promise<Uint8Array> {
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy(() => false);
  pdfmake.setFonts(fonts.descriptors);
  for (const [name, bytes] of fonts.files) fileSystem.writeFileSync(name, bytes);
  return pdfmake.createPdf(definition).getBuffer();
}

function noteOf(imagesLeftOut: number, replacedCount: number): string {
  return [
    imagesLeftOut > 0 && `${imagesLeftOut} images are not part of the document and are left out`,
    replacedCount > 0 && `${replacedCount} characters have no glyph in the font and are shown as \ufffd`,
  ]
    .filter(Boolean)
    .join('; ');
}
