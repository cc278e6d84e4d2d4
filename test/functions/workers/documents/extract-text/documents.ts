import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import {
  type ExtractTextOptions,
  extractText,
} from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import { UnreadableDocument } from '../../../../../functions/workers/documents/unreadable-document.ts';

/** Reads a sample PDF, which the demonstration uses too, from its package. */
export const PDF_FOLDER = new URL(
  '../../../../../node_modules/pdf-merger-js/test/fixtures/',
  import.meta.url,
);

export function fromPackage(path: string): Buffer {
  return readFileSync(new URL(`../../../../../node_modules/${path}`, import.meta.url));
}

export function realPdf(file: string): Buffer {
  return readFileSync(new URL(file, PDF_FOLDER));
}

const LATIN_FONT = ['<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];

/** A PDF of one page with the given content stream. */
export function pdfOf(content: Buffer, filter = '/FlateDecode', fonts = LATIN_FONT): Buffer {
  const stream = [`<< /Length ${content.length} /Filter ${filter} >>\nstream\n`, content, '\nendstream'];
  const page = '/MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>';
  const objects = [
    ['<< /Type /Catalog /Pages 2 0 R >>'],
    ['<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
    [`<< /Type /Page /Parent 2 0 R ${page} >>`],
    stream,
    ...fonts.map((font) => [font]),
  ];
  const body = objects.flatMap((object, i) => [`${i + 1} 0 obj\n`, ...object, '\nendobj\n']);
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n0\n%%EOF\n`;
  return Buffer.concat(['%PDF-1.7\n', ...body, trailer].map((piece) => Buffer.from(piece)));
}

/** A PDF with text, by default Japanese, in a font that is not embedded. */
export function pdfInCharacterMap(
  map: string,
  { collection = 'Japan1', codes = '93fa967b8cea' }: { collection?: string; codes?: string } = {},
): Buffer {
  const system = `<< /Registry (Adobe) /Ordering (${collection}) /Supplement 2 >>`;
  const fonts = [
    `<< /Type /Font /Subtype /Type0 /BaseFont /Mincho /Encoding /${map} /DescendantFonts [6 0 R] >>`,
    `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Mincho /CIDSystemInfo ${system} >>`,
  ];
  return pdfOf(deflateSync(`BT /F1 12 Tf 72 700 Td <${codes}> Tj ET`), '/FlateDecode', fonts);
}

export function pdfSaying(text: string): Buffer {
  return pdfOf(deflateSync(`BT /F1 12 Tf 72 700 Td (${text}) Tj ET`));
}

/** Returns the refusal of a document. Throws any other error. */
export async function refusalOf(
  bytes: Uint8Array,
  options: Partial<ExtractTextOptions> = {},
): Promise<UnreadableDocument> {
  try {
    await extractText(bytes, { name: 'document', ...options });
  } catch (error) {
    if (error instanceof UnreadableDocument) return error;
    throw error;
  }
  throw new Error('the document was read');
}
