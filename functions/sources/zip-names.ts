/**
 * Decodes the names of zip entries. Many archives do not state an encoding, so the first rule that applies decides:
 * the UTF-8 flag, the Unicode path field, valid UTF-8, the given encoding, the encoding that fits all names of the archive best.
 */
import { crc32 } from 'node:zlib';
import type { NameEncoding } from './archive-encodings.ts';
import { decodeName, detectNameEncoding } from './name-encodings.ts';

/** A name as its directory entry stores it. */
export interface StoredName {
  readonly bytes: Buffer;
  /** The flag of the entry. */
  readonly isUtf8: boolean;
  readonly extraFields: ReadonlyMap<number, Buffer>;
}

const UNICODE_PATH_FIELD = 0x7075;
/** Bytes before the name in the field: a version and the CRC-32 of the stored name. */
const UNICODE_PATH_HEADER_BYTES = 5;

/** Number of names that the detection reads. */
const MAX_SAMPLES = 1_000;

export class ZipNames {
  #encoding: NameEncoding | undefined;
  readonly #allNames: () => AsyncIterable<StoredName>;

  /** `allNames` is read if a name states no encoding and no encoding is given. */
  constructor(encoding: NameEncoding | undefined, allNames: () => AsyncIterable<StoredName>) {
    this.#encoding = encoding;
    this.#allNames = allNames;
  }

  async nameOf(stored: StoredName): Promise<string> {
    return withSlashes(statedName(stored) ?? (await decodeName(stored.bytes, await this.#archiveEncoding())));
  }

  async #archiveEncoding(): Promise<NameEncoding> {
    this.#encoding ??= await detectNameEncoding(await samplesOf(this.#allNames()));
    return this.#encoding;
  }
}

async function samplesOf(names: AsyncIterable<StoredName>): Promise<Buffer[]> {
  const samples: Buffer[] = [];
  for await (const stored of names) {
    // Copied, because the bytes are a view of a large block.
    if (statedName(stored) === undefined) samples.push(Buffer.from(stored.bytes));
    if (samples.length === MAX_SAMPLES) break;
  }
  return samples;
}

function statedName({ bytes, isUtf8, extraFields }: StoredName): string | undefined {
  const path = isUtf8 ? undefined : unicodePath(bytes, extraFields.get(UNICODE_PATH_FIELD));
  return path ?? utf8(bytes);
}

/** Returns the name in the field, unless a program renamed the entry without updating the field. */
function unicodePath(name: Buffer, field: Buffer | undefined): string | undefined {
  if (field === undefined || field.length <= UNICODE_PATH_HEADER_BYTES || field[0] !== 1) return undefined;
  if (field.readUInt32LE(1) !== crc32(name)) return undefined;
  return utf8(field.subarray(UNICODE_PATH_HEADER_BYTES));
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Some programs of Windows separate folders with \. */
function withSlashes(name: string): string {
  return name.replaceAll('\\', '/');
}

/** Numbers equal names: the second `a.txt` becomes `a (2).txt`. */
export class DistinctNames {
  readonly #taken = new Set<string>();

  take(name: string): string {
    for (let count = 1; ; count += 1) {
      const distinct = count === 1 ? name : withNumber(name, count);
      const key = distinct.normalize('NFC');
      if (this.#taken.has(key)) continue;
      if (!name.endsWith('/')) this.#taken.add(key);
      return distinct;
    }
  }
}

function withNumber(name: string, count: number): string {
  const dot = name.lastIndexOf('.');
  const hasEnding = dot > name.lastIndexOf('/') + 1;
  return hasEnding ? `${name.slice(0, dot)} (${count})${name.slice(dot)}` : `${name} (${count})`;
}
