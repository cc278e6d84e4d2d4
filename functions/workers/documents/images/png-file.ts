import { crc32 } from 'node:zlib';
import { brokenImage, checkSize, exifOrientation, type Orientation } from './image-header.ts';
import { rawExifProfile } from './png-profile.ts';

export const GRAY = 0;
const RGB = 2;
export const PALETTE = 3;
export const GRAY_ALPHA = 4;
const RGB_ALPHA = 6;

/** Samples per pixel, by colour type. */
const SAMPLES: Readonly<Record<number, number>> = {
  [GRAY]: 1,
  [RGB]: 3,
  [PALETTE]: 1,
  [GRAY_ALPHA]: 2,
  [RGB_ALPHA]: 4,
};
const DEPTHS = [1, 2, 4, 8, 16];

export interface PngFile {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colorType: number;
  readonly samples: number;
  readonly isInterlaced: boolean;
  readonly orientation: Orientation;
  readonly palette?: Buffer | undefined;
  readonly transparency?: Buffer | undefined;
  /** Filtered and deflated rows. */
  readonly data: Buffer;
}

const SIGNATURE_BYTES = 8;

/** Parses the chunks of a PNG and verifies their checksums. Inflates nothing. */
export function pngFile(bytes: Uint8Array): PngFile {
  const chunks = chunksOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const [header] = chunks.get('IHDR') ?? [];
  if (header === undefined || header.length !== 13) throw brokenImage('it has no header');
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  checkSize({ width, height });
  const bitDepth = header.readUInt8(8);
  const colorType = header.readUInt8(9);
  const samples = SAMPLES[colorType];
  if (samples === undefined || !DEPTHS.includes(bitDepth))
    throw brokenImage(`colour type ${colorType} with ${bitDepth} bits is unknown`);
  const palette = chunks.get('PLTE')?.[0];
  if (colorType === PALETTE && palette === undefined) throw brokenImage('its palette is missing');
  return {
    width,
    height,
    bitDepth,
    colorType,
    samples,
    isInterlaced: header.readUInt8(12) === 1,
    orientation: exifOrientation(chunks.get('eXIf')?.[0] ?? rawExifProfile(chunks) ?? Buffer.alloc(0)) ?? 1,
    palette,
    transparency: chunks.get('tRNS')?.[0],
    data: Buffer.concat(chunks.get('IDAT') ?? []),
  };
}

/** Number of bytes of a row, without its filter byte. */
export function rowBytes({ width, samples, bitDepth }: PngFile): number {
  return Math.ceil((width * samples * bitDepth) / 8);
}

function chunksOf(png: Buffer): ReadonlyMap<string, readonly Buffer[]> {
  const chunks = new Map<string, Buffer[]>();
  for (let at = SIGNATURE_BYTES; at + 12 <= png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    if (end + 4 > png.length) break;
    const name = png.toString('latin1', at + 4, at + 8);
    if (png.readUInt32BE(end) !== crc32(png.subarray(at + 4, end)))
      throw brokenImage(`its chunk ${name} at byte ${at} does not match its checksum`);
    const same = chunks.get(name) ?? [];
    chunks.set(name, same);
    same.push(png.subarray(at + 8, end));
    if (name === 'IEND') return chunks;
    at = end + 4;
  }
  throw brokenImage('its end is missing');
}
