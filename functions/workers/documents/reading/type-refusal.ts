import { UnreadableDocument } from '../unreadable-document.ts';
import { type DetectedDocument, formatOf } from './detect-type.ts';
import type { SourceDocument } from './source-document.ts';

/** Returns the refusal of a document whose type the worker does not read. `supported` ends with the next step. */
export function typeRefusal(
  detected: DetectedDocument,
  { bytes, name }: SourceDocument,
  supported: string,
): UnreadableDocument {
  if (detected.type === 'encrypted') {
    return new UnreadableDocument(
      'document-encrypted',
      'the office document is protected with a password; remove the password and submit it again',
    );
  }
  return new UnreadableDocument(
    'document-unsupported',
    `the content is ${formatName(detected, { bytes, name })}; supported are ${supported}`,
  );
}

function formatName(detected: DetectedDocument, { bytes, name }: SourceDocument): string {
  if (detected.type === 'unsupported') return detected.format;
  return detected.type.startsWith('text/') ? detected.type : formatOf(bytes, name);
}
