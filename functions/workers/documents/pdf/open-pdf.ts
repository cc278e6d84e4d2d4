import { PDFBool, PDFDocument, PDFName } from '@cantoo/pdf-lib';
import { UnreadableDocument } from '../unreadable-document.ts';
import { wholePdf } from './pdf-bytes.ts';
import { brokenPdf, encryptedPdf } from './pdf-refusals.ts';

const MAX_PAGES = 5_000;

/** Opens a PDF from a user. Decrypts it if only an owner password protects it against changes. */
export async function openPdf(file: Uint8Array): Promise<PDFDocument> {
  const bytes = wholePdf(file);
  const document = await load(bytes);
  const readablePdf = document.isEncrypted ? await decrypt(bytes) : document;
  const pages = countPages(readablePdf);
  if (pages === 0) throw brokenPdf('it has no pages');
  if (pages > MAX_PAGES) {
    throw new UnreadableDocument(
      'document-too-large',
      `the PDF has ${pages} pages; the limit is ${MAX_PAGES}; split it`,
    );
  }
  return readablePdf;
}

async function load(bytes: Uint8Array): Promise<PDFDocument> {
  try {
    return await PDFDocument.load(bytes, {
      ignoreEncryption: true,
      updateMetadata: false,
      parseSpeed: Number.POSITIVE_INFINITY,
    });
  } catch (error) {
    throw brokenPdf(error instanceof Error ? error.message : String(error), error);
  }
}

async function decrypt(bytes: Uint8Array): Promise<PDFDocument> {
  try {
    return await PDFDocument.load(bytes, { password: '', updateMetadata: false });
  } catch (error) {
    throw encryptedPdf(error);
  }
}

function countPages(document: PDFDocument): number {
  try {
    return document.getPages().length;
  } catch (error) {
    if (error instanceof RangeError) throw brokenPdf('its page tree is circular', error);
    throw brokenPdf(error instanceof Error ? error.message : String(error), error);
  }
}

/** True for a form of Adobe LiveCycle, whose only page asks for another viewer. */
export function isDynamicXfa({ catalog }: PDFDocument): boolean {
  return catalog.lookup(PDFName.of('NeedsRendering')) === PDFBool.True;
}
