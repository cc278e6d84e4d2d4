/** TIFFs that the decoder does not read: those it refuses by name, and those it reads after a repair. */
import { unsupportedImage } from './image-header.ts';
import { ROWS_PER_STRIP, TIFF_LAYOUT, TiffBytes, type TiffDirectory } from './tiff-directories.ts';

/** Compression schemes that ImageMagick's build does not include, or that only one program writes. */
const UNSUPPORTED_SCHEMES: Readonly<Record<number, string>> = {
  32809: 'ThunderScan',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34661: 'JBIG',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34892: 'lossy JPEG of DNG',
  34925: 'LZMA',
  34933: 'PNG',
  34934: 'JPEG XR',
  22610: 'JPEG XR',
  48124: 'Jetraw',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};
const JPEG = 7;

/** Throws for a page that the decoder does not support. Such a file is not broken. */
export function checkSupported(
  { compression, isCmyk, isTiled, isSigned }: TiffDirectory,
  pageNumber: number,
): void {
  const scheme = UNSUPPORTED_SCHEMES[compression];
  const isCmykTiles = compression === JPEG && isCmyk && isTiled;
  if (scheme !== undefined) throw unsupportedImage(`${scheme} compression on page ${pageNumber}`);
  // The decoder would show them as unsigned ones.
  if (isSigned) {
    const nextStep = 'save it with samples from 0 up';
    throw unsupportedImage(`signed samples on page ${pageNumber}`, { nextStep });
  }
  if (isCmykTiles) throw unsupportedImage(`tiles of CMYK in JPEG compression on page ${pageNumber}`);
}

/** Rows in each strip, for a page with several strips that does not state it. */
function missingRows({ strips = 1, rowsPerStrip, height }: TiffDirectory): number | undefined {
  if (strips < 2 || rowsPerStrip !== undefined) return undefined;
  const rows = Math.ceil(height / strips);
  return Math.ceil(height / rows) === strips ? rows : undefined;
}

/**
 * States the number of rows in a strip where it is missing, as some scanners write it. The default means a single
 * strip. Returns the same bytes if nothing is missing, or a longer copy with new directories.
 */
export function withRowsPerStrip(
  bytes: Uint8Array,
  directories: readonly TiffDirectory[],
): { readonly bytes: Uint8Array; readonly directories: readonly TiffDirectory[] } {
  if (directories.every((directory) => missingRows(directory) === undefined)) return { bytes, directories };
  const pieces: Uint8Array[] = [bytes];
  let end = bytes.length;
  const repaired = directories.map((directory) => {
    const rows = missingRows(directory);
    if (rows === undefined) return directory;
    const padding = end % 2;
    const copy = copyWith(bytes, directory, rows);
    const offset = end + padding;
    pieces.push(Buffer.alloc(padding), copy);
    end = offset + copy.length;
    return { ...directory, offset, nextAt: end - nextBytes(bytes), rowsPerStrip: rows };
  });
  return { bytes: new Uint8Array(Buffer.concat(pieces)), directories: repaired };
}

const LONG = 4;

/** Returns a directory with one more entry, in tag order, and without a next one. */
function copyWith(bytes: Uint8Array, { offset, nextAt }: TiffDirectory, rows: number): Buffer {
  const tiff = new TiffBytes(bytes);
  const layout = tiff.isBig ? TIFF_LAYOUT.big : TIFF_LAYOUT.small;
  const entries: Uint8Array[] = [];
  for (let at = offset + layout.count; at < nextAt; at += layout.entry)
    entries.push(bytes.subarray(at, at + layout.entry));
  const position = entries.findIndex((entry) => tagOf(entry, tiff) > ROWS_PER_STRIP);
  const added = Buffer.alloc(layout.entry);
  write(added, tiff, ROWS_PER_STRIP, { at: 0, size: 2 });
  write(added, tiff, LONG, { at: 2, size: 2 });
  write(added, tiff, 1, { at: 4, size: layout.value - 4 });
  write(added, tiff, rows, { at: layout.value, size: 4 });
  entries.splice(position < 0 ? entries.length : position, 0, added);
  const count = Buffer.alloc(layout.count);
  write(count, tiff, entries.length, { at: 0, size: layout.count });
  return Buffer.concat([count, ...entries, Buffer.alloc(nextBytes(bytes))]);
}

function nextBytes(bytes: Uint8Array): number {
  return new TiffBytes(bytes).isBig ? 8 : 4;
}

function tagOf([first = 0, second = 0]: Uint8Array, { isLittle }: TiffBytes): number {
  return isLittle ? first + second * 256 : first * 256 + second;
}

function write(
  buffer: Buffer,
  { isLittle }: TiffBytes,
  value: number,
  { at, size }: { readonly at: number; readonly size: number },
): void {
  // Small numbers only: the upper bytes of eight stay zero.
  const low = Math.min(size, 4);
  if (isLittle) buffer.writeUIntLE(value, at, low);
  else buffer.writeUIntBE(value, at + size - low, low);
}
