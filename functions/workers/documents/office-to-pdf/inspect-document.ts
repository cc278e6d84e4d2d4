import { openPdf } from '../pdf/open-pdf.ts';
import { checkNotEmpty, type SourceDocument } from '../reading/source-document.ts';
import { type OfficeExtension, officeTypeOf } from './office-type.ts';

export interface InspectedDocument {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: OfficeExtension | 'pdf';
  /** Number of pages of a PDF, 0 for any other type. */
  readonly pages: number;
}

export interface InspectRequest extends SourceDocument {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Detects the type of a document. Verifies that a PDF is complete, and counts its pages. */
export async function inspectDocument(source: InspectRequest): Promise<InspectedDocument> {
  checkNotEmpty(source);
  const { bytes } = source;
  const type = await officeTypeOf(source);
  return { bytes, type, pages: type === 'pdf' ? (await openPdf(bytes)).getPageCount() : 0 };
}
