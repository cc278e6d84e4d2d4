import { PDFDocument } from '@cantoo/pdf-lib';
import { UnreadableDocument } from './unreadable-document.ts';

const MAX_PAGES = 5_000;

/** A complete file ends with this mark, within as many bytes as readers search for it. */
const END_MARK = '%%EOF';
const END_MARK_WITHIN = 1024;

/** Opens a PDF that somebody else made, decrypted where its password only guards it against changes. */
export async function openPdf(bytes: Uint8Array): Promise<PDFDocument> {
  if (!endsAsPdf(bytes)) throw brokenPdf(`the end of the file is missing (no ${END_MARK})`);
  const document = await load(bytes);
  const opened = document.isEncrypted ? await decrypt(bytes) : document;
  const pages = countPages(opened);
  if (pages === 0) throw brokenPdf('it has no pages');
  if (pages > MAX_PAGES) {
    throw new UnreadableDocument(
      'document-too-large',
      `the PDF has ${pages} pages; at most ${MAX_PAGES} are read: split it`,
    );
  }
  return opened;
}

export function endsAsPdf(bytes: Uint8Array): boolean {
  const tail = bytes.subarray(Math.max(0, bytes.length - END_MARK_WITHIN));
  return Buffer.from(tail.buffer, tail.byteOffset, tail.length).includes(END_MARK);
}

export function brokenPdf(reason: string, cause?: unknown): UnreadableDocument {
  return new UnreadableDocument(
    'document-broken',
    `the PDF is broken or cut off: ${reason.replace(/\.$/, '')}; check that it opens in a viewer and upload it again`,
    { cause },
  );
}

export function encryptedPdf(cause?: unknown): UnreadableDocument {
  return new UnreadableDocument(
    'document-encrypted',
    'the PDF is encrypted and opens only with a password; remove the password and submit it again',
    { cause },
  );
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
    // Among others a tree of pages that holds itself.
    throw brokenPdf(error instanceof Error ? error.message : String(error), error);
  }
}
