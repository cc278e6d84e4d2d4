import { UnreadableDocument } from '../unreadable-document.ts';

/** End-of-file marker. Readers search for it in the last `END_MARK_WITHIN` bytes. */
export const END_MARK = '%%EOF';
const END_MARK_WITHIN = 1024;

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

/** Throws if the PDF is truncated, because its recoverable pages may be incomplete. */
export function checkEnd(bytes: Uint8Array): void {
  if (!endsAsPdf(bytes)) throw brokenPdf(`the end of the file is missing (no ${END_MARK})`);
}
