import { blackAndWhite, rowsPerStrip, stripsOf } from '../images/strips.ts';
import { wholePdf } from '../pdf/pdf-bytes.ts';
import { brokenPdf, xfaPdf } from '../pdf/pdf-refusals.ts';
import { RenderedPdf } from '../pdf/rendered-pdf.ts';
import { detectType, isDecodedImage } from '../reading/detect-type.ts';
import { checkNotEmpty, type SourceDocument } from '../reading/source-document.ts';
import { typeRefusal } from '../reading/type-refusal.ts';
import type { Give } from '../threads/limited-thread.ts';
import { makeMovable } from '../threads/movable.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import type { Color } from './parameters.ts';
import { TiffFile } from './tiff-file.ts';

export interface ToTiffRequest extends SourceDocument {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly dpi: number;
  readonly color: Color;
}

export interface ConvertedTiff {
  readonly pages: number;
  readonly note?: string;
}

const SUPPORTED =
  'PDF and images (PNG, JPEG, TIFF, GIF, WebP, BMP, JPEG 2000, AVIF, HEIC); run to-pdf first, or convert it to one of these';

const MAX_PAGES = 5_000;
/** An A1 drawing at 600 dpi has 279 megapixels. */
const MAX_MEGAPIXELS = 300;
const MAX_SIDE = 65_535;

/** Makes a TIFF from the pages of a document. Renders them strip by strip and gives the output page by page. */
export async function toTiff(request: ToTiffRequest, step: () => void, give: Give): Promise<ConvertedTiff> {
  checkNotEmpty(request);
  const { type } = detectType(request.bytes, request.name);
  if (isDecodedImage(type)) {
    const { imageTiff } = await import('./image-tiff.ts');
    return imageTiff({ ...request, type }, step, give);
  }
  const pdf = await RenderedPdf.open(await asPdf(request));
  try {
    const { pageCount } = pdf;
    if (pdf.isDynamicXfa) throw xfaPdf();
    if (pageCount === 0) throw brokenPdf('it has no pages');
    if (pageCount > MAX_PAGES) throw tooLarge(`it has ${pageCount} pages; the limit is ${MAX_PAGES}`);
    const tiff = new TiffFile(pageCount);
    let missing = 0;
    for (let index = 0; index < pageCount; index += 1) {
      const page = pageOf(tiff, { pdf, index, request, step });
      missing += page.missing;
      for (const piece of page.pieces) await give(piece);
    }
    return { pages: pageCount, ...(missing > 0 && { note: missingNote(missing) }) };
  } finally {
    pdf.close();
  }
}

/** Returns a PDF as it is, and wraps an image in a page of exactly its pixels. */
async function asPdf({ name, bytes, dpi }: ToTiffRequest): Promise<Uint8Array<ArrayBuffer>> {
  const detected = detectType(bytes, name);
  switch (detected.type) {
    case 'application/pdf':
      return makeMovable(wholePdf(bytes));
    case 'image/png':
    case 'image/jpeg': {
      // Load pdf-lib only for images. Most documents are PDFs, which need only PDFium.
      const { imagePdf } = await import('./image-pdf.ts');
      return imagePdf({ type: detected.type, bytes }, dpi);
    }
    default:
      throw typeRefusal(detected, { bytes, name }, SUPPORTED);
  }
}

interface PageRequest {
  readonly pdf: RenderedPdf;
  readonly index: number;
  readonly request: ToTiffRequest;
  readonly step: () => void;
}

function pageOf(
  tiff: TiffFile,
  { pdf, index, request: { dpi, color }, step }: PageRequest,
): { readonly pieces: Uint8Array<ArrayBuffer>[]; readonly missing: number } {
  const page = pdf.page(index);
  try {
    const size = pixelsOf(page.size, dpi, index);
    const samples = color === 'rgb' ? 3 : 1;
    const pieces = tiff.page(
      { ...size, rowsPerStrip: rowsPerStrip(size), dpi: { x: dpi, y: dpi }, color },
      stripsOf(size, (rows) => {
        const pixels = page.render({ ...size, ...rows, samples });
        step();
        return color === 'bilevel' ? blackAndWhite(pixels, size.width) : pixels;
      }),
    );
    return { pieces, missing: page.countMissing() };
  } finally {
    page.close();
  }
}

function missingNote(missing: number): string {
  return `${missing} characters are not shown, because their fonts are not embedded in the PDF; embed the fonts`;
}

function pixelsOf(points: { width: number; height: number }, dpi: number, index: number) {
  const width = Math.max(1, Math.round((points.width * dpi) / 72));
  const height = Math.max(1, Math.round((points.height * dpi) / 72));
  if (width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_MEGAPIXELS * 1e6)
    return { width, height };
  throw tooLarge(
    `page ${index + 1} has ${width} × ${height} pixels at ${dpi} dpi; the limit is ${MAX_MEGAPIXELS} million pixels, and ${MAX_SIDE} per side`,
  );
}

function tooLarge(why: string): UnreadableDocument {
  return new UnreadableDocument('document-too-large', `${why}; split the document, or use a lower dpi`);
}
