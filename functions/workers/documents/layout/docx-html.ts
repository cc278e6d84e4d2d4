/** Converts a Word document to HTML. */
import mammoth from 'mammoth';
import type { ZipArchive } from '../reading/zip-archive.ts';
import { UnreadableDocument } from '../unreadable-document.ts';

/** The converter holds the whole document as a tree. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

export async function docxHtml(bytes: Uint8Array, archive: ZipArchive): Promise<string> {
  const inflated = [...archive.entries.values()].reduce((sum, entry) => sum + entry.sizeBytes, 0);
  if (inflated > MAX_INFLATED_BYTES) {
    throw new UnreadableDocument(
      'document-too-large',
      `the Word document inflates to ${inflated} bytes; the limit is ${MAX_INFLATED_BYTES}; split it`,
    );
  }
  try {
    const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) });
    return value;
  } catch (error) {
    throw new UnreadableDocument(
      'document-broken',
      `the Word document cannot be converted: ${error instanceof Error ? error.message : String(error)}; check that it opens in Word and save it again`,
      { cause: error },
    );
  }
}
