import { PDFDocument } from '@cantoo/pdf-lib';
import { decode } from 'tiff';
import { describe, expect, test } from 'vitest';
import { makeMovable } from '../../../../../functions/workers/documents/threads/movable.ts';
import { worker as toTiffWorker } from '../../../../../functions/workers/documents/to-tiff/definition.ts';
import { toTiffThread } from '../../../../../functions/workers/documents/to-tiff/to-tiff-thread.ts';
import { JPEG, jpegHeld, type PngOptions, pngOf } from '../../../../support/documents/images.ts';
import { input } from '../../../../support/documents/input.ts';
import { encryptedPdf, pdfOfPages, pdfOfScans } from '../../../../support/documents/pdfs.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';
import { realPdf } from '../extract-text/documents.ts';

/** Pages of a TIFF, read by a different library than the writer. */
async function pagesOf(name: string, bytes: Uint8Array, parameters: Record<string, unknown> = {}) {
  const { record, files } = await runWorker(toTiffWorker, { [name]: bytes }, { parameters });
  expect(record.failure).toBeUndefined();
  const tiff = [...files.values()][0] ?? new Uint8Array();
  return { output: record.output, sizeBytes: tiff.length, pages: decode(tiff) };
}

type Page = Awaited<ReturnType<typeof pagesOf>>['pages'][number];

function at(page: Page | undefined, x: number, y: number): number[] {
  if (page === undefined) throw new Error('the page does not exist');
  const start = (y * page.width + x) * page.samplesPerPixel;
  return [...page.data.subarray(start, start + page.samplesPerPixel)];
}

/** Returns the percentage of a page that is not white. */
function ink({ data }: Page, white: number): number {
  return (100 * data.filter((value) => value < white).length) / data.length;
}

describe('the pages of a PDF', () => {
  test.each([
    ['bilevel', 1, 1, 1],
    ['gray', 8, 1, 255],
    ['rgb', 8, 3, 255],
  ])('in %s have %i bits and %i samples', async (color, bits, samples, white) => {
    const { output, sizeBytes, pages } = await pagesOf('UDHR.pdf', realPdf('UDHR.pdf'), { color, dpi: 100 });

    expect(output).toEqual({ pages: 8, sizeBytes });
    expect(pages).toHaveLength(8);
    for (const page of pages) {
      expect(page).toMatchObject({ width: 850, height: 1100, bitsPerSample: bits, samplesPerPixel: samples });
      expect(page).toMatchObject({ xResolution: 100, yResolution: 100, resolutionUnit: 2 });
    }
    // The first page is full of text: some of it is black, most is white.
    const [first] = pages;
    if (first === undefined) throw new Error('the document has no pages');
    expect(ink(first, white)).toBeGreaterThan(1);
    expect(ink(first, white)).toBeLessThan(30);
  });

  test('at a high resolution are rendered in strips without a seam', async () => {
    const pixel = (x: number, y: number) => [(x * 7 + y * 13) % 256];
    const png = pngOf({ width: 2500, height: 1700, colorType: 0, pixel });

    const { pages } = await pagesOf('wide.png', png, { color: 'gray' });

    expect(pages[0]).toMatchObject({ width: 2500, height: 1700 });
    for (const [x, y] of [
      [0, 0],
      [2499, 1599],
      [1234, 1600],
      [17, 1699],
    ] as const)
      expect(at(pages[0], x, y)).toEqual(pixel(x, y));
  });
});

describe('a TIFF that is streamed page by page', () => {
  test('of a file so large that it is reopened has correct pages', async () => {
    const [width, height] = [595, 842];
    const pixels = (page: number) => Buffer.alloc(width * height, page * 5);
    const scans = pdfOfScans(40, { width, height, pixels });

    const { pages } = await pagesOf('scans.pdf', scans, { dpi: 72 });

    expect(pages.map((page) => [at(page, 0, 0), at(page, 300, 841)])).toEqual(
      Array.from({ length: 40 }, (_, page) => [[page * 5], [page * 5]]),
    );
  });

  test('is not stored if one of its pages fails', async () => {
    const good = await pdfOfPages(1);
    const document = await PDFDocument.load(good);
    document.addPage([1_000_000, 1_000_000]);

    const { record, files } = await runWorker(toTiffWorker, { 'a.pdf': await document.save() });

    expect(record.failure).toMatchObject({ code: 'document-too-large' });
    expect(record.failure?.failureMessage).toContain("'a.pdf': page 2 has");
    expect([...files]).toEqual([]);
  });

  test('that the caller abandons frees the thread for the next document', async () => {
    const limits = { timeoutSeconds: 60, stallSeconds: 30, maxMemoryMebibytes: 512 };
    const request = async () =>
      ({ name: 'a.pdf', bytes: makeMovable(await pdfOfPages(3)), dpi: 72, color: 'gray' }) as const;

    for await (const piece of toTiffThread.pieces(await request(), limits)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }

    expect(await toTiffThread.run(await request(), limits)).toEqual({ pages: 3 });
  });
});

describe('an image', () => {
  const pixels: Record<PngOptions['colorType'], (x: number, y: number) => number[]> = {
    0: (x, y) => [x * 16 + y],
    2: (x, y) => [x * 16, y * 16, 200],
    3: (x) => [x % 3],
    4: (x, y) => [x * 16, y * 16],
    6: (x, y) => [x * 16, 100, 255 - x, y * 16],
  };
  const palette = [255, 0, 0, 0, 255, 0, 0, 0, 255];
  const onWhite = (sample: number, alpha: number) => Math.round((sample * alpha + 255 * (255 - alpha)) / 255);
  const seen: Record<PngOptions['colorType'], (sample: number[]) => number[]> = {
    0: ([gray = 0]) => [gray, gray, gray],
    2: (rgb) => rgb,
    3: ([index = 0]) => palette.slice(index * 3, index * 3 + 3),
    4: ([gray = 0, alpha = 0]) => Array(3).fill(onWhite(gray, alpha)),
    6: ([r = 0, g = 0, b = 0, alpha = 0]) => [r, g, b].map((sample) => onWhite(sample, alpha)),
  };

  const kinds = ([0, 2, 3, 4, 6] as const).flatMap((colorType) =>
    [0, 1, 2, 3, 4].map((filter) => ({ colorType, filter })),
  );

  test.each(kinds)('of PNG colour type $colorType with filter $filter keeps its pixels', async (kind) => {
    const pixel = pixels[kind.colorType];
    const png = pngOf({ width: 15, height: 11, ...kind, pixel, palette });

    const { pages } = await pagesOf('a.png', png, { color: 'rgb' });

    expect(pages[0]).toMatchObject({ width: 15, height: 11 });
    for (let x = 0; x < 15; x += 1) {
      const found = at(pages[0], x, 7);
      const wanted = seen[kind.colorType](pixel(x, 7));
      for (const [i, sample] of found.entries()) expect(Math.abs(sample - (wanted[i] ?? 0))).toBeLessThan(2);
    }
  });

  test('that is interlaced keeps its pixels', async () => {
    const pixel = (x: number, y: number) => [x * 10, y * 10, 70];
    const png = pngOf({ width: 13, height: 10, colorType: 2, pixel, isInterlaced: true });

    const { pages } = await pagesOf('a.png', png, { color: 'rgb' });

    for (const [x, y] of [
      [0, 0],
      [12, 9],
      [5, 3],
      [6, 7],
    ] as const)
      expect(at(pages[0], x, y)).toEqual(pixel(x, y));
  });

  test('with a transparent palette or color key is shown on white', async () => {
    const indexed = pngOf({
      width: 3,
      height: 1,
      colorType: 3,
      palette,
      transparency: [0, 255],
      pixel: (x) => [x],
    });
    const keyed = pngOf({
      width: 2,
      height: 1,
      colorType: 2,
      transparency: [0, 10, 0, 20, 0, 30],
      pixel: (x) => (x === 0 ? [10, 20, 30] : [40, 50, 60]),
    });

    const { pages: first } = await pagesOf('a.png', indexed, { color: 'rgb' });
    const { pages: second } = await pagesOf('b.png', keyed, { color: 'rgb' });

    expect([0, 1, 2].map((x) => at(first[0], x, 0))).toEqual([
      [255, 255, 255],
      [0, 255, 0],
      [0, 0, 255],
    ]);
    expect([0, 1].map((x) => at(second[0], x, 0))).toEqual([
      [255, 255, 255],
      [40, 50, 60],
    ]);
  });

  const color = ([red = 0, green = 0, blue = 0]: number[]) => {
    if (red > 200 && green > 200) return 'white';
    return red > blue ? 'red' : 'blue';
  };

  test('of JPEG keeps its pixels', async () => {
    const { pages } = await pagesOf('a.jpg', JPEG, { color: 'rgb' });

    expect(pages[0]).toMatchObject({ width: 32, height: 16 });
    expect([at(pages[0], 4, 4), at(pages[0], 24, 4), at(pages[0], 24, 12)].map(color)).toEqual([
      'red',
      'white',
      'blue',
    ]);
  });

  /** Corners of the upright picture: upper left, upper right, lower left, lower right. */
  test.each([
    [1, 'red white white blue'],
    [2, 'white red blue white'],
    [3, 'blue white white red'],
    [4, 'white blue red white'],
    [5, 'red white white blue'],
    [6, 'white red blue white'],
    [7, 'blue white white red'],
    [8, 'white blue red white'],
  ])('with EXIF orientation %i is rotated upright', async (orientation, corners) => {
    const { pages } = await pagesOf('a.jpg', jpegHeld(orientation), { color: 'rgb' });

    const [page] = pages;
    const [width, height] = orientation < 5 ? [32, 16] : [16, 32];
    expect(page).toMatchObject({ width, height });
    const found = [
      [3, 3],
      [width - 4, 3],
      [3, height - 4],
      [width - 4, height - 4],
    ].map(([x = 0, y = 0]) => color(at(page, x, y)));
    expect(found.join(' ')).toBe(corners);
  });

  test.each([
    ['PNG', { colorType: 2 }],
    ['interlaced PNG', { colorType: 2, isInterlaced: true }],
    ['PNG with transparency', { colorType: 6 }],
  ] as const)('of %s with any EXIF orientation is rotated upright', async (_, kind) => {
    // Red in the upper left corner, blue in the lower right one.
    const pixel = (x: number, y: number) =>
      x < 16 && y < 8 ? [255, 0, 0, 255] : x >= 16 && y >= 8 ? [0, 0, 255, 255] : [255, 255, 255, 255];
    const corners = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map(async (orientation) => {
        const samples = kind.colorType === 6 ? 4 : 3;
        const png = pngOf({
          width: 32,
          height: 16,
          ...kind,
          orientation,
          pixel: (x, y) => pixel(x, y).slice(0, samples),
        });
        const [page] = (await pagesOf('a.png', png, { color: 'rgb' })).pages;
        const [width, height] = orientation < 5 ? [32, 16] : [16, 32];
        expect(page).toMatchObject({ width, height });
        return `${color(at(page, 3, 3))} ${color(at(page, width - 4, 3))}`;
      }),
    );

    expect(corners).toEqual([
      'red white',
      'white red',
      'blue white',
      'white blue',
      'red white',
      'white red',
      'blue white',
      'white blue',
    ]);
  });

  test.each(['tEXt', 'zTXt'] as const)(
    'in the raw profile of a PNG (%s) is rotated upright',
    async (profile) => {
      const png = pngOf({ width: 32, height: 16, colorType: 0, pixel: () => [0], orientation: 6, profile });

      const [page] = (await pagesOf('a.png', png)).pages;

      expect(page).toMatchObject({ width: 16, height: 32 });
    },
  );

  test('of a JPEG with fill bytes before its markers keeps its pixels', async () => {
    const filled = Buffer.concat([JPEG.subarray(0, 2), Buffer.from([0xff, 0xff]), JPEG.subarray(2)]);

    const [page] = (await pagesOf('a.jpg', filled, { color: 'rgb' })).pages;

    expect(page).toMatchObject({ width: 32, height: 16 });
    expect([color(at(page, 3, 3)), color(at(page, 28, 3))]).toEqual(['red', 'white']);
  });

  test('in a PNG file of a camera held upright is rotated', async () => {
    const [page] = (await pagesOf('a.png', input('orientation-6.png'), { color: 'rgb' })).pages;

    expect(page).toMatchObject({ width: 40, height: 80 });
  });

  test('in bilevel is black where the pixel is closer to black', async () => {
    const png = pngOf({ width: 9, height: 1, colorType: 0, pixel: (x) => [x * 30] });

    const { pages } = await pagesOf('a.png', png, { color: 'bilevel' });

    expect([...(pages[0]?.data ?? [])]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1]);
  });
});

describe('a document without pages', () => {
  test('such as text fails permanently with a hint to to-pdf', async () => {
    const { record } = await runWorker(toTiffWorker, { 'a.txt': Buffer.from('text') });

    expect(record.failure).toMatchObject({ code: 'document-unsupported' });
    expect(record.failure?.failureMessage).toContain('run to-pdf first');
  });

  test('such as an encrypted or broken PDF fails permanently', async () => {
    const encrypted = await encryptedPdf({ userPassword: 'secret', ownerPassword: 'owner' });
    const broken = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(500, 'x'), Buffer.from('%%EOF')]);

    const locked = await runWorker(toTiffWorker, { 'a.pdf': encrypted });
    const unread = await runWorker(toTiffWorker, { 'b.pdf': broken });

    expect(locked.record.failure).toMatchObject({ code: 'document-encrypted' });
    expect(unread.record.failure).toMatchObject({ code: 'document-broken' });
  });
});
