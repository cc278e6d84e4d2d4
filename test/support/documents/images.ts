import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

export interface PngOptions {
  readonly width: number;
  readonly height: number;
  /** 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGB with alpha. */
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  /** @default 8 */
  readonly bitDepth?: number;
  /** Samples of the pixel at x, y, a byte each; of a palette its position. */
  readonly pixel: (x: number, y: number) => readonly number[];
  /** The filter of every row, 0 to 4. @default 0 */
  readonly filter?: number;
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
  /** Adam7, without a filter. @default false */
  readonly isInterlaced?: boolean;
  /** Rows that are really there. @default all */
  readonly rows?: number;
  /** Orientation of the camera in EXIF data. @default none */
  readonly orientation?: number;
  /** Chunk with the EXIF data in hexadecimal, as ImageMagick wrote it. @default - the chunk of the specification */
  readonly profile?: 'tEXt' | 'zTXt';
  /** Zeros behind the last row. @default 0 */
  readonly extraBytes?: number;
}

/** A PNG as its specification has it, from the pixels that a function gives. */
export function pngOf(options: PngOptions): Buffer {
  const {
    width,
    height,
    colorType,
    bitDepth = 8,
    palette,
    transparency,
    isInterlaced = false,
    orientation,
    profile,
  } = options;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colorType, 0, 0, isInterlaced ? 1 : 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...(orientation ? [exifChunk(orientation, profile)] : []),
    ...(palette ? [chunk('PLTE', Buffer.from(palette))] : []),
    ...(transparency ? [chunk('tRNS', Buffer.from(transparency))] : []),
    chunk('IDAT', deflateSync(isInterlaced ? interlacedRows(options) : filteredRows(options))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function exifChunk(orientation: number, profile: PngOptions['profile']): Buffer {
  const exif = exifOf(orientation);
  if (profile === undefined) return chunk('eXIf', exif);
  const text = Buffer.from(`\nexif\n${String(exif.length).padStart(8)}\n${exif.toString('hex')}\n`);
  const keyword = 'Raw profile type exif\0';
  if (profile === 'tEXt') return chunk(profile, Buffer.concat([Buffer.from(keyword), text]));
  return chunk(profile, Buffer.concat([Buffer.from(`${keyword}\0`), deflateSync(text)]));
}

/** A PNG of one pixel whose header declares this size. */
export function pngClaiming(width: number, height: number): Buffer {
  const png = pngOf({ width: 1, height: 1, colorType: 0, pixel: () => [0] });
  const header = png.subarray(SIGNATURE.length + 8, SIGNATURE.length + 8 + 13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  png.writeUInt32BE(crc32(png.subarray(12, 12 + 17)), 29);
  return png;
}

/** For each pass, the x and y of its first pixel, and the x and y distance between its pixels. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function interlacedRows({ width, height, pixel }: PngOptions): Buffer {
  const rows: number[][] = [];
  for (const [left, top, stepX, stepY] of ADAM7) {
    for (let y = top; y < height; y += stepY) {
      const row: number[] = [];
      for (let x = left; x < width; x += stepX) row.push(...pixel(x, y));
      if (row.length > 0) rows.push([0, ...row]);
    }
  }
  return Buffer.from(rows.flat());
}

function filteredRows(options: PngOptions): Buffer {
  const { width, height, colorType, pixel, filter = 0, rows = height, extraBytes = 0 } = options;
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colorType];
  const rowBytes = width * samples;
  const filtered = Buffer.alloc((rowBytes + 1) * rows + extraBytes);
  let above = Buffer.alloc(rowBytes);
  for (let y = 0; y < rows; y += 1) {
    const row = Buffer.from(Array.from({ length: width }, (_, x) => pixel(x, y)).flat());
    const start = y * (rowBytes + 1);
    filtered[start] = filter;
    for (let i = 0; i < rowBytes; i += 1) {
      const left = row[i - samples] ?? 0;
      const up = above[i] ?? 0;
      const upLeft = i < samples ? 0 : (above[i - samples] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][filter] ?? 0;
      filtered[start + 1 + i] = (row[i] ?? 0) - guess;
    }
    above = row;
  }
  return filtered;
}

function paeth(left: number, up: number, upLeft: number): number {
  const distances = [left, up, upLeft].map((value) => Math.abs(left + up - upLeft - value));
  return [left, up, upLeft][distances.indexOf(Math.min(...distances))] ?? 0;
}

function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** 32 × 16 pixels on white: the upper left quarter is red, the lower right one blue. */
export const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wAARCAAQACADAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDiK+aP20KAPuCvpT8SCgAoAKAPgWv1Y8EKAP/Z',
  'base64',
);

/** EXIF data of the form of a TIFF. */
export function exifOf(orientation: number): Buffer {
  return Buffer.from(
    `${'49492a0008000000'}${'0100'}${'1201030001000000'}0${orientation}00000000000000`,
    'hex',
  );
}

/** The same picture, with the orientation of the camera in its EXIF data. */
export function jpegHeld(orientation: number): Buffer {
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifOf(orientation)]);
  const length = Buffer.alloc(4);
  length.writeUInt16BE(0xffe1);
  length.writeUInt16BE(exif.length + 2, 2);
  return Buffer.concat([JPEG.subarray(0, 2), length, exif, JPEG.subarray(2)]);
}

/** The same picture, but its header declares this size. */
export function jpegOfSize(width: number, height: number): Buffer {
  const jpeg = Buffer.from(JPEG);
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(height, frame + 5);
  jpeg.writeUInt16BE(width, frame + 7);
  return jpeg;
}
