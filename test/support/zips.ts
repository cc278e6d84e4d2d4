import { ZipFile } from 'yazl';

export type ZipContent = string | Buffer | { readonly stored: string | Buffer };

/** A zip archive of these entries; names that end in / are folders. */
export async function aZip(
  entries: Readonly<Record<string, ZipContent>>,
  { isZip64 = false } = {},
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) {
    if (name.endsWith('/')) zip.addEmptyDirectory(name);
    else if (typeof content === 'object' && 'stored' in content)
      zip.addBuffer(Buffer.from(content.stored), name, { compress: false, forceZip64Format: isZip64 });
    else zip.addBuffer(Buffer.from(content), name, { forceZip64Format: isZip64 });
  }
  zip.end({ forceZip64Format: isZip64, comment: '' });
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** The archive with another text of the same length for every occurrence of a name: what no honest tool writes. */
export function withRenamedEntry(zip: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new Error(`'${to}' must be as long as '${from}'`);
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
}

/** The archive with a number changed in each entry of its directory, at this offset of the entry. */
export function withField(zip: Buffer, offset: number, value: number, bytes: 2 | 4 = 4): Buffer {
  const copy = Buffer.from(zip);
  for (let at = 0; at + 4 <= copy.length; at += 1) {
    if (copy.readUInt32LE(at) === 0x02014b50) copy.writeUIntLE(value, at + offset, bytes);
  }
  return copy;
}
