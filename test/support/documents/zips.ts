import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A zip of members by their names. */
export function zipOf(members: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  const zip = new ZipFile();
  // The time of day would make other bytes each time.
  const options = { mtime: new Date(2026, 0, 1), compressionLevel: 1 };
  for (const [name, content] of Object.entries(members)) zip.addBuffer(Buffer.from(content), name, options);
  zip.end();
  return buffer(zip.outputStream);
}

const WORDS = 'the quick brown fox jumps over a lazy dog while people looks at it from there'.split(' ');

/** Text that deflate shrinks to about a third: the same for the same seed. */
export function textOf(sizeBytes: number, seed = 1): Buffer {
  const text = Buffer.alloc(sizeBytes, ' ');
  let state = seed;
  for (let at = 0; at < sizeBytes; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const word = `${WORDS[state >>> 28] ?? ''}${state >>> 8}`;
    at += text.write(word, at) + 1;
  }
  return text;
}
