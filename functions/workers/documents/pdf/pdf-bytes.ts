import { brokenPdf, END_MARK } from './pdf-refusals.ts';

const HEADER = '%PDF-';
/** PDF readers accept other bytes before the header, up to this position. */
const HEADER_WITHIN = 1024;

/** Found in every part that an update appends to a PDF. */
const OBJECT_END = 'endobj';
/** A file without the marker is complete if it ends with the position of its table. */
const TABLE_POSITION = /startxref\s+\d+\s*$/;
const TAIL_BYTES = 64;
/** All readers accept this number of bytes after the end. */
const TRAILER_BYTES = 1024;

export interface PdfBytes {
  /** The PDF without bytes before its header and after its end. Shares memory with the file. */
  readonly bytes: Uint8Array;
  /** False if the file is truncated. */
  readonly isWhole: boolean;
}

/**
 * Removes the bytes around a PDF, such as the header of an e-mail, or zeros after the end. Readers locate objects
 * relative to the header, and search for the end only in the last bytes.
 */
export function pdfBytes(file: Uint8Array): PdfBytes {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const start = Math.max(0, buffer.subarray(0, HEADER_WITHIN).indexOf(HEADER));
  const mark = buffer.lastIndexOf(END_MARK);
  const end = mark < start ? -1 : mark + END_MARK.length;
  if (end < 0) {
    const tail = buffer.toString('latin1', Math.max(start, buffer.length - TAIL_BYTES));
    return { bytes: file.subarray(start), isWhole: TABLE_POSITION.test(tail) };
  }
  // Objects after the last marker belong to an update that was cut off.
  if (buffer.includes(OBJECT_END, end)) return { bytes: file.subarray(start), isWhole: false };
  // Avoid a copy of the usual file, which ends with a line end.
  return {
    bytes: file.subarray(start, buffer.length - end <= TRAILER_BYTES ? undefined : end),
    isWhole: true,
  };
}

/** Returns the bytes of the PDF. Throws if it is truncated, because its recoverable pages may be incomplete. */
export function wholePdf(file: Uint8Array): Uint8Array {
  const { bytes, isWhole } = pdfBytes(file);
  if (!isWhole) throw brokenPdf(`the end of the file is missing (no ${END_MARK})`);
  return bytes;
}
