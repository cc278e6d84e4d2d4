/** Recognizes zips that begin with other bytes, such as line ends, the header of a mail or a program. */

const END = Buffer.from('PK\x05\x06');
const ENTRY = Buffer.from('PK\x03\x04');
const END_BYTES = 22;
/** The comment at the end may have this length. */
const MAX_COMMENT_BYTES = 0xffff;

/** True if the directory at the end points to a first entry that follows other bytes. */
export function isZipAfterOtherBytes(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = file.lastIndexOf(END);
  if (end <= 0 || end + END_BYTES > file.length || file.length - end > END_BYTES + MAX_COMMENT_BYTES)
    return false;
  const directoryBytes = file.readUInt32LE(end + 12);
  const directoryOffset = file.readUInt32LE(end + 16);
  // Writers count from the first entry, or from the first byte of the file.
  const offsetOfZip = end - directoryBytes - directoryOffset;
  if (directoryBytes === 0 || offsetOfZip < 0) return false;
  const first = offsetOfZip > 0 ? offsetOfZip : file.indexOf(ENTRY);
  return first > 0 && ENTRY.equals(file.subarray(first, first + ENTRY.length));
}
