/** Compound files (OLE2): the container of Office before 2007, and of newer documents with a password. */

const SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/** Directory entries have this size, and begin at a multiple of it. */
const ENTRY_BYTES = 128;
const MAX_NAME_BYTES = 64;
/** Types of a directory entry: storage, stream and root. */
const ENTRY_TYPES = new Set([1, 2, 5]);

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
  /** True if a password protects the document inside. */
  readonly isEncrypted: boolean;
  readonly format: string;
}

/** Returns undefined if the bytes are not a compound file. */
export function compoundFile(bytes: Uint8Array): CompoundFile | undefined {
  if (!SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length))) return undefined;
  const names = entryNames(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const isEncrypted = names.has('EncryptedPackage');
  const known = FORMATS.find(({ entry }) =>
    [...names].some((name) => entry.test(name.replace(/^\p{Cc}/u, ''))),
  );
  const format = known?.format ?? 'a compound file of an unknown program (application/x-ole-storage)';
  return { isEncrypted, format: isEncrypted ? 'a document with a password' : format };
}

/** Returns the names in the directory. Searches all of the file, so that a damaged directory does not matter. */
function entryNames(file: Buffer): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at = 0; at + ENTRY_BYTES <= file.length; at += ENTRY_BYTES) {
    const nameBytes = file.readUInt16LE(at + MAX_NAME_BYTES);
    const isEntry =
      nameBytes >= 4 &&
      nameBytes <= MAX_NAME_BYTES &&
      nameBytes % 2 === 0 &&
      ENTRY_TYPES.has(file.readUInt8(at + MAX_NAME_BYTES + 2)) &&
      // The name ends with a zero, which its length includes.
      file.readUInt16LE(at + nameBytes - 2) === 0;
    if (isEntry) names.add(file.toString('utf16le', at, at + nameBytes - 2));
  }
  return names;
}
