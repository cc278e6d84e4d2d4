import { createHash } from 'node:crypto';
import { makeMovable } from '../threads/movable.ts';
import { MAX_MEMORY_MEBIBYTES, stallSecondsOf } from '../threads/work-limits.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { MAX_DOCUMENT_BYTES } from './parameters.ts';
import type { DocumentText } from './read-document.ts';
import { readingThread } from './reading-thread.ts';

export interface ExtractTextOptions {
  /** File name of the document. Distinguishes plain text from Markdown if the content is ambiguous. */
  readonly name: string;
  /** @default 100 MiB */
  readonly maxBytes?: number;
  /** Maximum number of pages of a PDF. @default 5,000 */
  readonly maxPages?: number;
  /** @default 20,000,000 */
  readonly maxCharacters?: number;
  /** @default 30 */
  readonly timeoutSeconds?: number;
  /** Limit for one page or zip entry, or the whole document if it has neither. @default 4, plus 1 for each 16 MiB */
  readonly stallSeconds?: number;
  /** Maximum growth of the process while reading. @default 400 */
  readonly maxMemoryMebibytes?: number;
  /** Language of the document, if known. @default - guessed from the text */
  readonly language?: string | undefined;
  /** Aborts reading. The call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ExtractedText extends DocumentText {
  /** Hash of the document's bytes, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Returns the text of a document and its metadata. Rejects with UnreadableDocument if a retry cannot help. Never exceeds
 * its time and memory limits, even for hostile documents. Moves the bytes to a thread, so the caller cannot reuse them.
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
      `the document has ${bytes.length} bytes; the limit is ${maxBytes}; split it, or raise maxBytes (up to ${MAX_DOCUMENT_BYTES})`,
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const document = await readingThread.run(
    { bytes: makeMovable(bytes), options: { name, language, maxPages, maxCharacters } },
    { timeoutSeconds, stallSeconds, maxMemoryMebibytes, signal },
  );
  return { ...document, sha256 };
}
