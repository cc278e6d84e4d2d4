/** EXIF data in a text chunk, as ImageMagick and exiftool wrote it before PNG had a chunk for it. */
import { inflateSync } from 'node:zlib';

const KEYWORDS = ['Raw profile type exif', 'Raw profile type APP1'];
/** A larger profile has more than an orientation. */
const MAX_PROFILE_BYTES = 1024 * 1024;
/** Name of the profile, number of its bytes, and the bytes in hexadecimal. */
const PROFILE = /^\s*\w+\s+\d+\s+([\da-f\s]+)$/i;

export function rawExifProfile(chunks: ReadonlyMap<string, readonly Buffer[]>): Buffer | undefined {
  const texts = [...(chunks.get('tEXt') ?? []), ...(chunks.get('zTXt') ?? []).map(inflatedText)];
  for (const text of texts) {
    const end = text.indexOf(0);
    const profile = PROFILE.exec(text.toString('latin1', end + 1))?.[1];
    if (profile !== undefined && KEYWORDS.includes(text.toString('latin1', 0, end)))
      return Buffer.from(profile.replace(/\s/g, ''), 'hex');
  }
  return undefined;
}

/** Returns the chunk as if its text were not compressed. A damaged text becomes an empty one. */
function inflatedText(chunk: Buffer): Buffer {
  const end = chunk.indexOf(0) + 1;
  try {
    // A byte with the method of compression follows the keyword.
    const text = inflateSync(chunk.subarray(end + 1), { maxOutputLength: MAX_PROFILE_BYTES });
    return Buffer.concat([chunk.subarray(0, end), text]);
  } catch {
    return chunk.subarray(0, end);
  }
}
