/** Makes a PDF of HTML. */
import pdfmake from 'pdfmake';
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { type PageFormat, pageArea, pageNumber, printArea } from '../pdf/page-format.ts';
import { type ContentOptions, htmlContent } from './html-content.ts';
import { LayoutFonts } from './layout-fonts.ts';
import { replacedNote } from './replaced-note.ts';
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

export interface LayoutOptions {
  readonly fonts: LayoutFonts;
  readonly format: PageFormat;
  readonly step: () => void;
}

/** Returns the same bytes for the same source and format. */
export async function layOut(
  html: string,
  format: PageFormat,
  step: () => void = () => undefined,
): Promise<LaidOutPdf> {
  const options = { fonts: await LayoutFonts.load(), format, step };
  const { content, imagesLeftOut } = htmlContent(html, contentOptions(options));
  const { bytes } = await layOutContent(content, options, { footer: footerOf(options) });
  const note = noteOf(imagesLeftOut, options.fonts.replacedCount);
  return { bytes, ...(note !== '' && { note }) };
}

export function contentOptions({ fonts, format, step }: LayoutOptions): ContentOptions {
  const { fontSize } = format;
  return {
    width: printArea(format).width,
    fontSize,
    shape: (inlines, options) => {
      step();
      return shapeText(inlines, options, { fonts, fontSize });
    },
    widthOf: (inline) => fonts.measure(inline, fontSize),
    step,
  };
}

/** Makes a PDF of content. Afterwards, its nodes have the positions where they were drawn. */
export async function layOutContent(
  content: Content[],
  { fonts, format, step }: LayoutOptions,
  { footer }: { readonly footer?: PageFooter } = {},
): Promise<{ readonly bytes: Uint8Array; readonly pages: number }> {
  const { fontSize, margin } = format;
  let pages = 0;
  const definition: TDocumentDefinitions = {
    content: content.length === 0 ? [''] : content,
    pageSize: pageArea(format),
    pageMargins: margin,
    defaultStyle: { font: 'Sans', fontSize, lineHeight: 1.2 },
    styles: textStyles(fontSize),
    footer(page, count) {
      step();
      pages = count;
      return footer?.(page, count) ?? '';
    },
    // The time of creation would differ on retry.
    info: { creationDate: new Date(0) },
  };
  const bytes = await makePdf(definition, fonts);
  return { bytes, pages };
}

type PageFooter = (page: number, pages: number) => Content;

function footerOf({ format }: LayoutOptions): PageFooter {
  const { fontSize, margin } = format;
  return (page, pages) => {
    const number = pageNumber(page, pages, format);
    if (number === undefined) return '';
    return { ...number, alignment: 'center', margin: [0, margin / 2 - fontSize / 2, 0, 0] };
  };
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
    replacedCount > 0 && replacedNote(replacedCount),
  ]
    .filter(Boolean)
    .join('; ');
}
