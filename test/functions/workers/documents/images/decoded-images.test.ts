import { AlphaAction, CompressionMethod, Orientation } from '@imagemagick/magick-wasm';
import { decode } from 'tiff';
import { extractImages, getDocumentProxy } from 'unpdf';
import { describe, expect, test } from 'vitest';
import { worker as mergePdfWorker } from '../../../../../functions/workers/documents/merge-pdf/definition.ts';
import { worker as toPdfWorker } from '../../../../../functions/workers/documents/to-pdf/definition.ts';
import { worker as toTiffWorker } from '../../../../../functions/workers/documents/to-tiff/definition.ts';
import {
  blank,
  ColorSpace,
  MagickFormat,
  picture,
  pictures,
  tiff,
} from '../../../../support/documents/decoded-images.ts';
import { input } from '../../../../support/documents/input.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';

const FILES: Readonly<Record<string, () => Buffer>> = {
  'TIFF of LZW': () => tiff('lzw'),
  'TIFF of Deflate': () => tiff('zip'),
  'TIFF of PackBits': () => tiff('packbits'),
  'TIFF of JPEG': () => tiff('jpeg'),
  'TIFF of tiles': () => tiff('tiled'),
  'TIFF that does not state the rows of its strips': () => tiff('no-rows-per-strip'),
  'BigTIFF that does not state them, of the other byte order': () => tiff('big-no-rows-per-strip'),
  'TIFF in CMYK': () => picture(MagickFormat.Tiff, (image) => (image.colorSpace = ColorSpace.CMYK)),
  'TIFF without compression': () =>
    picture(MagickFormat.Tiff, (image) => image.setCompression(CompressionMethod.NoCompression)),
  GIF: () => picture(MagickFormat.Gif),
  'WebP without loss': () => picture(MagickFormat.WebP, (image) => (image.quality = 100)),
  'WebP with loss': () => picture(MagickFormat.WebP, (image) => (image.quality = 95)),
  BMP: () => picture(MagickFormat.Bmp),
  'JPEG 2000': () => picture(MagickFormat.Jp2),
  AVIF: () => picture(MagickFormat.Avif, (image) => (image.quality = 95)),
};

async function tiffOf(bytes: Uint8Array, parameters: Record<string, unknown> = { color: 'rgb' }) {
  const { record, files } = await runWorker(toTiffWorker, { a: bytes }, { parameters });
  expect(record.failure).toBeUndefined();
  return { output: record.output, pages: decode(files.get('a.tiff') ?? new Uint8Array()) };
}

async function pdfOf(bytes: Uint8Array, parameters: Record<string, unknown> = {}) {
  const { record, files } = await runWorker(toPdfWorker, { a: bytes }, { parameters });
  expect(record.failure).toBeUndefined();
  const pdf = files.get('a.pdf') ?? new Uint8Array();
  const sizeBytes = pdf.length;
  return { output: record.output, sizeBytes, opened: await getDocumentProxy(new Uint8Array(pdf)) };
}

interface Pixels {
  readonly width: number;
  readonly data: ArrayLike<number>;
}

function colorAt({ width, data }: Pixels, x: number, y: number, samples = 3): string {
  const start = (y * width + x) * samples;
  const [red = 0, green = 0, blue = 0] = Array.from({ length: 3 }, (_, i) => data[start + (i % samples)]);
  if (red > 200 && green > 200 && blue > 200) return 'white';
  if (red < 50 && green < 50 && blue < 50) return 'black';
  if (red > 200 && green < 60 && blue < 60) return 'red';
  return blue > 200 && red < 60 && green < 60 ? 'blue' : `${red} ${green} ${blue}`;
}

/** Returns the color at the center of each quarter. */
function quarters(pixels: Pixels & { readonly height: number }, samples?: number): string[] {
  const [left, right] = [pixels.width / 4, (pixels.width * 3) / 4];
  const [top, bottom] = [pixels.height / 4, (pixels.height * 3) / 4];
  const centers = [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ] as const;
  return centers.map(([x, y]) => colorAt(pixels, x, y, samples));
}

const PICTURE = ['red', 'white', 'white', 'blue'];

describe.each(Object.keys(FILES))('%s', (name) => {
  const bytes = FILES[name]?.() ?? Buffer.alloc(0);

  test('becomes a TIFF with the same pixels', async () => {
    const { output, pages } = await tiffOf(bytes);

    expect(output).toMatchObject({ pages: 1 });
    expect(pages).toMatchObject([{ width: 32, height: 16, samplesPerPixel: 3 }]);
    expect(pages.map((page) => quarters(page))).toEqual([PICTURE]);
  });

  test('becomes a page with the same pixels', async () => {
    const { output, opened } = await pdfOf(bytes);
    const images = await extractImages(opened, 1);

    expect(output).toMatchObject({ pages: 1 });
    expect(images).toMatchObject([{ width: 32, height: 16, channels: 3 }]);
    expect(images.map((image) => quarters(image))).toEqual([PICTURE]);
  });
});

describe('the pages of a TIFF', () => {
  test.each([
    ['g3', 2],
    ['g4', 3],
    ['big', 2],
    // The second image is a smaller version of the first.
    ['thumbnail', 1],
  ])('of the file %s become %i pages', async (name, pages) => {
    const pdf = await pdfOf(tiff(name));
    const made = await tiffOf(tiff(name));

    expect([pdf.output, made.output]).toMatchObject([{ pages }, { pages }]);
    expect(pdf.opened.numPages).toBe(pages);
    expect(made.pages).toHaveLength(pages);
    const last = made.pages.at(-1);
    expect(last && quarters(last)).toEqual(['black', 'white', 'white', 'white']);
  });

  test('keep their order, each its own size', async () => {
    const widths = Array.from({ length: 12 }, (_, i) => 40 + i);

    const { pages } = await tiffOf(pictures(MagickFormat.Tiff, widths));

    expect(pages.map(({ width }) => width)).toEqual(widths);
  });

  test('of a fax keep their height, in a PDF and in a TIFF', async () => {
    const { opened } = await pdfOf(tiff('fax'));
    const { pages } = await tiffOf(tiff('fax'), { color: 'bilevel', dpi: 300 });

    expect(pages).toMatchObject([{ width: 32, height: 16, xResolution: 204, yResolution: 98 }]);
    const { argsArray } = await (await opened.getPage(1)).getOperatorList();
    const [matrix = []] = argsArray.filter((args) => args?.length === 6);
    expect([matrix[0], matrix[3]]).toEqual([32, expect.closeTo((16 * 204) / 98, 2)]);
  });

  test('in black and white have one bit per pixel in the PDF', async () => {
    const page = blank(MagickFormat.Tiff, 2480, 3508, (image) => {
      image.setCompression(CompressionMethod.Group4);
      image.depth = 1;
    });

    const { sizeBytes } = await pdfOf(page);

    expect(sizeBytes).toBeLessThan(5_000);
  });

  test('in black and white are drawn in black and white', async () => {
    const { record, files } = await runWorker(toPdfWorker, { a: tiff('g4') });
    const { pages } = await tiffOf(files.get('a.pdf') ?? new Uint8Array(), { color: 'gray', dpi: 72 });

    expect(record.outcome).toBe('succeeded');
    for (const { data } of pages) {
      const dark = data.filter((value) => value < 128).length;
      // A quarter of 32 × 16 pixels, which is not aligned to the pixels of the page.
      expect(dark).toBeGreaterThan(16 * 8 * 0.8);
      expect(dark).toBeLessThan(16 * 8 * 1.2);
    }
  });

  test('are bookmarked once in a merged PDF', async () => {
    const { record, files } = await runWorker(
      mergePdfWorker,
      { 'a.tif': tiff('g4'), 'b.webp': picture(MagickFormat.WebP) },
      { parameters: { title: 'both' } },
    );

    expect(record).toMatchObject({ outcome: 'succeeded', output: { pages: 4 } });
    const opened = await getDocumentProxy(new Uint8Array(files.get('both.pdf') ?? []));
    expect((await opened.getOutline()).map(({ title }) => title)).toEqual(['a.tif', 'b.webp']);
  });
});

test('16 bits per sample become 8', async () => {
  const { pages } = await tiffOf(tiff('sixteen'));

  const [first] = pages;
  expect([...(first?.data.subarray(0, 3) ?? [])]).toEqual([255, 128, 0]);
});

test.each([[MagickFormat.Tiff], [MagickFormat.WebP]])(
  'transparent pixels in %s are shown on white',
  async (format) => {
    const bytes = picture(format, (image) => {
      image.alpha(AlphaAction.Opaque);
      image.quality = 100;
      image.getPixels((pixels) => {
        for (let y = 0; y < 8; y += 1) for (let x = 0; x < 16; x += 1) pixels.setPixel(x, y, [0, 0, 0, 0]);
      });
    });

    const { pages } = await tiffOf(bytes);
    const { opened } = await pdfOf(bytes);

    expect(pages.map((page) => quarters(page))).toEqual([['white', 'white', 'white', 'blue']]);
    const [image] = await extractImages(opened, 1);
    expect(image && quarters(image)).toEqual(['white', 'white', 'white', 'blue']);
  },
);

test('an image is rotated upright by its EXIF orientation', async () => {
  const bytes = picture(MagickFormat.Tiff, (image) => (image.orientation = Orientation.RightTop));

  const { pages } = await tiffOf(bytes);
  const { opened } = await pdfOf(bytes);

  expect(pages).toMatchObject([{ width: 16, height: 32 }]);
  expect(pages.map((page) => quarters(page))).toEqual([['white', 'red', 'blue', 'white']]);
  const { argsArray } = await (await opened.getPage(1)).getOperatorList();
  const [matrix = []] = argsArray.filter((args) => args?.length === 6);
  expect(matrix.slice(0, 4)).toEqual([0, -32, 16, 0]);
});

test.each(['camera-upright.heic', 'camera-upright.webp'])('%s is rotated upright', async (name) => {
  const { pages } = await tiffOf(input(name));

  expect(pages).toMatchObject([{ width: 64, height: 128 }]);
  expect(pages.map((page) => quarters(page))).toEqual([['white', 'red', 'blue', 'white']]);
});

test.each([
  ['lzma', 'LZMA compression on page 1'],
  ['webp', 'WebP compression on page 1'],
  ['cmyk-jpeg-tiles', 'tiles of CMYK in JPEG compression on page 1'],
])('a TIFF of %s is refused as unsupported, not as broken', async (name, reason) => {
  for (const worker of [toPdfWorker, toTiffWorker, mergePdfWorker]) {
    const { record } = await runWorker(worker, { a: tiff(name) });

    expect(record.failure?.code).toBe('document-unsupported');
    expect(record.failure?.failureMessage).toContain(
      `the image has ${reason}, which is not supported; save it`,
    );
  }
});

test.each([[MagickFormat.Gif], [MagickFormat.WebP]])(
  'the first image of a %s animation becomes a page, with a note',
  async (format) => {
    const bytes = pictures(format, [40, 40, 40, 40, 40]);

    const [pdf, made] = [await pdfOf(bytes), await tiffOf(bytes)];

    const note = 'a: only the first of several images, such as the frames of an animation, is shown';
    expect([pdf.output, made.output]).toMatchObject([
      { pages: 1, note },
      { pages: 1, note },
    ]);
  },
);

test('TIFFs can be gray or bilevel', async () => {
  const gray = await tiffOf(FILES['BMP']?.() ?? Buffer.alloc(0), { color: 'gray' });
  const bilevel = await tiffOf(FILES['BMP']?.() ?? Buffer.alloc(0), { color: 'bilevel' });

  expect(gray.pages).toMatchObject([{ bitsPerSample: 8, samplesPerPixel: 1 }]);
  expect(bilevel.pages).toMatchObject([{ bitsPerSample: 1, samplesPerPixel: 1 }]);
  expect(gray.pages[0]?.data[8 * 32]).toBe(255);
});

test('a TIFF with signed samples is refused, because they would be shown as unsigned ones', async () => {
  // Tag, type SHORT, count and value of each entry: one gray pixel of 8 bits.
  const entries = [
    [256, 1],
    [257, 1],
    [258, 8],
    [259, 1],
    [262, 1],
    [273, 122],
    [277, 1],
    [279, 1],
    [339, 2],
  ];
  const hex = (value: number) => `${Buffer.from(Uint16Array.of(value).buffer).toString('hex')}`;
  const directory = entries.map(([tag = 0, value = 0]) => `${hex(tag)}030001000000${hex(value)}0000`);
  const bytes = Buffer.from(`49492a0008000000${hex(entries.length)}${directory.join('')}00000000ff`, 'hex');

  const { record } = await runWorker(toTiffWorker, { a: bytes });

  expect(record.failure).toMatchObject({
    code: 'document-unsupported',
    failureMessage: expect.stringContaining(
      'signed samples on page 1, which is not supported; save it with samples from 0 up',
    ),
  });
});
