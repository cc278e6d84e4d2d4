import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { UnreadableDocument } from '../unreadable-document.ts';

const MEBIBYTE = 1024 * 1024;

/** All members together, as the directory gives their sizes; what inflates to more than it says is broken. */
const MAX_INFLATED_BYTES = 256 * MEBIBYTE;
const MAX_MEMBERS = 10_000;
/** Text seldom shrinks to less than a twentieth, deflate reaches a thousandth: in between lies what is made to explode. */
const MAX_RATIO = 200;
/** Small members may be as empty as they like. */
const RATIO_COUNTS_FROM_BYTES = MEBIBYTE;

/** The members of a zip in memory, read one by one and never beyond the bounds above. */
export class ZipArchive {
  /** Files by their names, in the order of the directory. */
  readonly members: ReadonlyMap<string, Entry>;
  readonly #zip: ZipFile;

  private constructor(zip: ZipFile, members: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.members = members;
  }

  static async open(bytes: Uint8Array): Promise<ZipArchive> {
    try {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const zip = await fromBufferPromise(buffer, { lazyEntries: true, autoClose: false });
      return new ZipArchive(zip, await listMembers(zip));
    } catch (error) {
      throw asUnreadable(error);
    }
  }

  /** The member's bytes piece by piece. */
  async *pieces(name: string): AsyncGenerator<Buffer> {
    const member = this.members.get(name);
    if (member === undefined) throw brokenZip(`it has no member '${name}'`);
    if (member.isEncrypted()) {
      throw new UnreadableDocument(
        'document-encrypted',
        `member '${name}' of the zip is encrypted; remove the password and submit it again`,
      );
    }
    try {
      for await (const piece of await this.#zip.openReadStreamPromise(member)) yield piece;
    } catch (error) {
      throw asUnreadable(error);
    }
  }

  /** The first bytes, some kilobytes of them: enough to tell what a member is. */
  async head(name: string): Promise<Buffer> {
    for await (const piece of this.pieces(name)) return piece;
    return Buffer.alloc(0);
  }

  async read(name: string): Promise<Buffer> {
    // More than it says of itself never comes.
    const whole = Buffer.alloc(this.members.get(name)?.uncompressedSize ?? 0);
    let at = 0;
    for await (const piece of this.pieces(name)) at += piece.copy(whole, at);
    return whole;
  }
}

async function listMembers(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const members = new Map<string, Entry>();
  let inflatedBytes = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    members.set(entry.fileName, entry);
    inflatedBytes += entry.uncompressedSize;
    checkRatio(entry);
    if (inflatedBytes > MAX_INFLATED_BYTES)
      throw tooLarge(`its members have more than ${MAX_INFLATED_BYTES / MEBIBYTE} MiB together`);
    if (members.size > MAX_MEMBERS) throw tooLarge(`it has more than ${MAX_MEMBERS} members`);
  }
  return members;
}

function checkRatio({ fileName, compressedSize, uncompressedSize }: Entry): void {
  if (uncompressedSize < RATIO_COUNTS_FROM_BYTES || uncompressedSize <= compressedSize * MAX_RATIO) return;
  throw tooLarge(
    `member '${fileName}' inflates from ${compressedSize} to ${uncompressedSize} bytes, more than ${MAX_RATIO} times`,
  );
}

function tooLarge(why: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-too-large',
    `the zip is not read: ${why}; submit its members one by one`,
  );
}

/** How the library speaks of names by which a program would write outside of its folder. */
const LEADS_OUT = /^(?:invalid relative path|absolute path): (.*)$/s;

/** Whatever the library says of a zip, it says again at the next attempt. */
function asUnreadable(error: unknown): UnreadableDocument {
  if (error instanceof UnreadableDocument) return error;
  const [, name] = LEADS_OUT.exec(error instanceof Error ? error.message : '') ?? [];
  if (name !== undefined) {
    return new UnreadableDocument(
      'document-broken',
      `the zip is not read: the name of its member '${name}' leads out of it; pack it again, with names that lie below the zip`,
      { cause: error },
    );
  }
  return brokenZip(error instanceof Error ? error.message : String(error), error);
}

function brokenZip(reason: string, cause?: unknown): UnreadableDocument {
  return new UnreadableDocument(
    'document-broken',
    `the zip is broken or cut off: ${reason}; check that it opens and upload it again`,
    { cause },
  );
}
