/** Compound files (OLE2): the container of Office before 2007, and of newer documents with a password. */

const SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/** Directory entries have this size, and begin at a multiple of it. */
const ENTRY_BYTES = 128;
const MAX_NAME_BYTES = 64;
/** Types of a directory entry: storage, stream and root. */
const ENTRY_TYPES = new Set([1, 2, 5]);
/** Positions in an entry. */
const FIRST_SECTOR_AT = 116;
/** Position in the file of the exponent of the sector size, and its smallest and largest values. */
const SECTOR_SHIFT_AT = 30;
const [MIN_SECTOR_SHIFT, MAX_SECTOR_SHIFT] = [9, 12];

/** Entries that only one format has. An encrypted document contains no others. */
const FORMATS: readonly { readonly entry: RegExp; readonly format: string }[] = [
  { entry: /^WordDocument$/, format: 'doc (application/msword)' },
  { entry: /^(?:Workbook|Book)$/i, format: 'xls (application/vnd.ms-excel)' },
  { entry: /^PowerPoint Document$/, format: 'ppt (application/vnd.ms-powerpoint)' },
  { entry: /^VisioDocument$/, format: 'vsd (application/vnd.visio)' },
  { entry: /^__(?:properties_version|nameid|substg)/, format: 'msg (application/vnd.ms-outlook)' },
  { entry: /^Quill$/, format: 'pub (application/vnd.ms-publisher)' },
  { entry: /^(?:Props|TBkndTask)$/, format: 'mpp (application/vnd.ms-project)' },
  { entry: /^HwpSummaryInformation$/, format: 'hwp (application/x-hwp)' },
];

export interface CompoundFile {
  /** True if the document opens only with a password. */
  readonly isEncrypted: boolean;
  /** Name of the format, with its media type. */
  readonly format: string;
}

/** Returns undefined if the bytes are not a compound file. */
export function compoundFile(bytes: Uint8Array): CompoundFile | undefined {
  if (!SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length))) return undefined;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries = readEntries(file);
  const isEncrypted = entries.has('EncryptedPackage') || hasPassword(file, entries);
  const known = FORMATS.find(({ entry }) =>
    [...entries.keys()].some((name) => entry.test(name.replace(/^\p{Cc}/u, ''))),
  );
  const format = known?.format ?? 'a compound file of an unknown program (application/x-ole-storage)';
  return { isEncrypted, format: isEncrypted ? 'a document with a password' : format };
}

/** First sectors by the names in the directory. Searches all of the file, so that a damaged directory does not matter. */
function readEntries(file: Buffer): ReadonlyMap<string, number> {
  const entries = new Map<string, number>();
  for (let at = 0; at + ENTRY_BYTES <= file.length; at += ENTRY_BYTES) {
    const nameBytes = file.readUInt16LE(at + MAX_NAME_BYTES);
    const isEntry =
      nameBytes >= 4 &&
      nameBytes <= MAX_NAME_BYTES &&
      nameBytes % 2 === 0 &&
      ENTRY_TYPES.has(file.readUInt8(at + MAX_NAME_BYTES + 2)) &&
      // The name ends with a zero, which its length includes.
      file.readUInt16LE(at + nameBytes - 2) === 0;
    if (!isEntry) continue;
    const name = file.toString('utf16le', at, at + nameBytes - 2);
    // Embedded documents have streams of the same names. Those of the document itself come first.
    if (!entries.has(name)) entries.set(name, file.readUInt32LE(at + FIRST_SECTOR_AT));
  }
  return entries;
}

const WORD_MAGIC = 0xa5ec;
const WORD_FLAGS_AT = 10;
const WORD_ENCRYPTED = 0x0100;
/** Records of a workbook have a type and a length. The second one announces the encryption. */
const RECORD_HEADER_BYTES = 4;
const FILE_PASS = 0x2f;
/** The size and the token in the record of the current user, if a PowerPoint presentation is encrypted. */
const POWERPOINT_ENCRYPTED = Buffer.from('14000000dfc4d1f3', 'hex');

/** True if the main stream of a Word, Excel or PowerPoint document before 2007 states that it is encrypted. */
function hasPassword(file: Buffer, entries: ReadonlyMap<string, number>): boolean {
  const word = streamAt(file, entries.get('WordDocument'));
  if (word?.readUInt16LE(0) === WORD_MAGIC) return (word.readUInt16LE(WORD_FLAGS_AT) & WORD_ENCRYPTED) !== 0;
  const workbook = streamAt(file, entries.get('Workbook') ?? entries.get('Book'));
  const secondRecord = workbook && RECORD_HEADER_BYTES + workbook.readUInt16LE(2);
  if (secondRecord !== undefined && secondRecord + 2 <= MIN_STREAM_BYTES)
    return workbook?.readUInt16LE(secondRecord) === FILE_PASS;
  return entries.has('PowerPoint Document') && file.includes(POWERPOINT_ENCRYPTED);
}

/** Shorter streams are stored elsewhere. */
const MIN_STREAM_BYTES = 64;

/** Returns the beginning of a stream in sectors. */
function streamAt(file: Buffer, sector: number | undefined): Buffer | undefined {
  const shift = file.length > SECTOR_SHIFT_AT + 1 ? file.readUInt16LE(SECTOR_SHIFT_AT) : 0;
  if (sector === undefined || shift < MIN_SECTOR_SHIFT || shift > MAX_SECTOR_SHIFT) return undefined;
  const at = (sector + 1) * 2 ** shift;
  return at + MIN_STREAM_BYTES < file.length ? file.subarray(at) : undefined;
}
