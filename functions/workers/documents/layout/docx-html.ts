/** Converts a Word document to HTML. */
import mammoth from 'mammoth';
import type { OpcDocument } from '../office/open-office.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { type ConvertedPackage, docxPackage } from './docx-package.ts';

/** The converter holds the whole document as a tree. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

/** The converter accepts an opened file too, which its types do not declare. */
const convert = mammoth.convertToHtml as unknown as (input: {
  readonly file: ConvertedPackage;
}) => Promise<{ readonly value: string }>;

export async function docxHtml({ opc, file: { archive } }: OpcDocument): Promise<string> {
  const inflated = [...archive.entries.values()].reduce((sum, entry) => sum + entry.sizeBytes, 0);
  if (inflated > MAX_INFLATED_BYTES) {
    throw new UnreadableDocument(
      'document-too-large',
      `the Word document inflates to ${inflated} bytes; the limit is ${MAX_INFLATED_BYTES}; split it`,
    );
  }
  try {
    const { value } = await convert({ file: docxPackage(opc, archive) });
    return value;
  } catch (error) {
    if (error instanceof UnreadableDocument) throw error;
    throw new UnreadableDocument(
      'document-broken',
      `the Word document cannot be converted: ${error instanceof Error ? error.message : String(error)}; check that it opens in Word and save it again`,
      { cause: error },
    );
  }
}
