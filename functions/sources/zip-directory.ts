/**
 * Finds the directory of a zip archive from its end (APPNOTE 4.3). Archives are untrusted: every length is checked against
 * the size of the file before it is used. The numbers of entries are not used, because writers without zip64 truncate them.
 */
import { brokenArchive, readRange, type ZipFile } from './zip-file.ts';

/** Range of the directory in the archive. */
export interface ZipDirectory {
  readonly from: number;
  readonly to: number;
  /** Number of bytes before the archive, such as the program of a self-extracting one. Its offsets do not count them. */
  readonly prefixBytes: number;
}

const END_RECORD_BYTES = 22;
const END_RECORD = 0x06054b50;
const MAX_COMMENT_BYTES = 0xffff;
const LOCATOR_BYTES = 20;
const LOCATOR = 0x07064b50;
const ZIP64_RECORD_BYTES = 56;
const ZIP64_RECORD = 0x06064b50;
const ENTRY = 0x02014b50;

export async function readDirectory(file: ZipFile): Promise<ZipDirectory> {
  const from = Math.max(0, file.sizeBytes - LOCATOR_BYTES - END_RECORD_BYTES - MAX_COMMENT_BYTES);
  const tail = await readRange(file, from, file.sizeBytes);
  const at = endRecordAt(tail);
  if (at === undefined)
    throw brokenArchive(file, 'it has no end record. Check that it is a zip archive and is complete.');
  const locatorAt = at - LOCATOR_BYTES;
  const isZip64 = locatorAt >= 0 && tail.readUInt32LE(locatorAt) === LOCATOR;
  if (!isZip64) return placed(file, tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16), from + at);
  const { record, recordAt } = await zip64Record(file, longAt(tail, locatorAt + 8), from + locatorAt);
  return placed(file, longAt(record, 40), longAt(record, 48), recordAt);
}

/** Prefers a record whose comment ends with the file. Otherwise other bytes follow the archive. */
function endRecordAt(tail: Buffer): number | undefined {
  let last: number | undefined;
  for (let at = tail.length - END_RECORD_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END_RECORD) continue;
    if (at + END_RECORD_BYTES + tail.readUInt16LE(at + 20) === tail.length) return at;
    last ??= at;
  }
  return last;
}

/** The record is at its stated offset, or directly before its locator if other bytes precede the archive. */
async function zip64Record(file: ZipFile, statedAt: number, locatorAt: number) {
  for (const recordAt of [statedAt, locatorAt - ZIP64_RECORD_BYTES]) {
    if (recordAt < 0 || recordAt + ZIP64_RECORD_BYTES > locatorAt) continue;
    const record = await readRange(file, recordAt, recordAt + ZIP64_RECORD_BYTES);
    if (record.readUInt32LE(0) === ZIP64_RECORD) return { record, recordAt };
  }
  throw brokenArchive(file, 'its zip64 end record is missing');
}

/** Locates the directory: directly before its end record, or at its stated offset if its stated size is wrong. */
async function placed(
  file: ZipFile,
  sizeBytes: number,
  statedAt: number,
  endAt: number,
): Promise<ZipDirectory> {
  const from = endAt - sizeBytes;
  const isBefore = statedAt <= from && (sizeBytes === 0 || (await isEntryAt(file, from, endAt)));
  if (isBefore) return { from, to: endAt, prefixBytes: from - statedAt };
  if (await isEntryAt(file, statedAt, endAt)) return { from: statedAt, to: endAt, prefixBytes: 0 };
  throw brokenArchive(file, 'its directory is outside of the file');
}

async function isEntryAt(file: ZipFile, at: number, endAt: number): Promise<boolean> {
  if (at < 0 || at + 4 > endAt) return false;
  return (await readRange(file, at, at + 4)).readUInt32LE(0) === ENTRY;
}

/** Numbers above 2^53 lose precision, but are refused anyway because they are outside of the file. */
export function longAt(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
