import { PDFDocument } from '@cantoo/pdf-lib';
import { openPdf } from '../pdf/open-pdf.ts';
import type { PageFormat } from '../pdf/page-format.ts';
import { PageMaker } from '../pdf/page-maker.ts';
import type { ConvertedPdf } from '../pdf/pdf-of-each.ts';
import { detectType } from '../reading/detect-type.ts';
import { checkNotEmpty, type SourceDocument } from '../reading/source-document.ts';

export interface ToPdfRequest extends SourceDocument {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly title: string;
  readonly format: PageFormat;
}

export interface ToPdfResult extends ConvertedPdf {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Converts a document to PDF. Opens a PDF only to verify that it is complete, and returns it unchanged. */
export async function toPdf(
  { title, format, ...source }: ToPdfRequest,
  step: () => void,
): Promise<ToPdfResult> {
  checkNotEmpty(source);
  if (detectType(source.bytes, source.name).type === 'application/pdf') {
    const pdf = await openPdf(source.bytes);
    return { bytes: source.bytes, pages: pdf.getPageCount() };
  }
  // No timestamps, so that a repeated run makes the same bytes.
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(title);
  document.setProducer('jobtree');
  const added = await new PageMaker(document, { format, step }).add(source);
  step();
  const bytes = await document.save({ objectsPerTick: Number.POSITIVE_INFINITY });
  return { ...added, bytes: new Uint8Array(bytes) };
}
