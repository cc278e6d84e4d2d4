import { createHash } from 'node:crypto';
import { movable } from '../threads/movable.ts';
import { MAX_MEMORY_MEBIBYTES, stallSecondsOf } from '../threads/work-limits.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { MAX_DOCUMENT_BYTES } from './parameters.ts';
import type { DocumentText } from './read-document.ts';
import { readingThread } from './reading-thread.ts';

export interface ExtractTextOptions {
  /** The document's file name; it decides between plain text and Markdown where the content leaves that open. */
  readonly name: string;
  /** @default 100 MiB */
  readonly maxBytes?: number;
  /** @default 5,000, of a PDF */
  readonly maxPages?: number;
  /** @default 20,000,000 */
  readonly maxCharacters?: number;
  /** @default 30 */
  readonly timeoutSeconds?: number;
  /** For one page or member, or the whole where there are none. @default 4, and 1 for each 16 MiB */
  readonly stallSeconds?: number;
  /** By how much reading may let the process grow. @default 400 */
  readonly maxMemoryMebibytes?: number;
  /** The language, where it is known. @default - guessed from the text */
  readonly language?: string | undefined;
  /** Gives up with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ExtractedText extends DocumentText {
  /** Of the document's bytes, in hexadecimal. */
  readonly sha256: string;
}

/**
 * The text of a document with its measures. Rejects with UnreadableDocument where trying again is of no use, and never
 * takes longer or more memory than its limits say, whatever the document holds. Takes the bytes away.
 */
export async function extractText(bytes: Uint8Array, options: ExtractTextOptions): Promise<ExtractedText> {
  const { name, language, signal, maxBytes = MAX_DOCUMENT_BYTES, maxPages = 5_000 } = options;
  const { maxCharacters = 20_000_000, timeoutSeconds = 30 } = options;
  const { maxMemoryMebibytes = MAX_MEMORY_MEBIBYTES, stallSeconds = stallSecondsOf(bytes.length) } = options;
  if (bytes.length === 0) {
    throw new UnreadableDocument(
      'document-empty',
      'the document has 0 bytes: check that its upload was completed',
    );
  }
  if (bytes.length > maxBytes) {
    throw new UnreadableDocument(
      'document-too-large',
      `the document has ${bytes.length} bytes; at most ${maxBytes} are read: split it, or raise maxBytes (up to ${MAX_DOCUMENT_BYTES})`,
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const document = await readingThread.run(
    { bytes: movable(bytes), options: { name, language, maxPages, maxCharacters } },
    { timeoutSeconds, stallSeconds, maxMemoryMebibytes, signal },
  );
  return { ...document, sha256 };
}
