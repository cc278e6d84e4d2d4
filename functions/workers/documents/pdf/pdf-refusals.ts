import { UnreadableDocument } from '../unreadable-document.ts';

/** End-of-file marker. */
export const END_MARK = '%%EOF';

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

export function xfaPdf(): UnreadableDocument {
  return new UnreadableDocument(
    'document-unsupported',
    'the PDF is a dynamic XFA form, whose pages only Adobe programs can show; open it there, print it to a PDF and submit that',
  );
}
