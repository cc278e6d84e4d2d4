/** Formerly valid documents that are truncated or have random bytes. */
import { describe, expect, test } from 'vitest';
import { worker as mergePdfWorker } from '../../../../functions/workers/documents/merge-pdf/definition.ts';
import { worker as toPdfWorker } from '../../../../functions/workers/documents/to-pdf/definition.ts';
import { worker as toTiffWorker } from '../../../../functions/workers/documents/to-tiff/definition.ts';
import { MagickFormat, picture, tiff } from '../../../support/documents/decoded-images.ts';
import { pngOf } from '../../../support/documents/images.ts';
import { pdfOfPages } from '../../../support/documents/pdfs.ts';
import { runWorker } from '../../../support/documents/run-worker.ts';

const WORKERS = { 'to-pdf': toPdfWorker, 'merge-pdf': mergePdfWorker, 'to-tiff': toTiffWorker };

const NOISY: readonly [string, () => Buffer][] = [
  ['TIFF of LZW', () => tiff('lzw')],
  ['TIFF of JPEG', () => tiff('jpeg')],
  ['fax', () => tiff('g3')],
  ['GIF', () => picture(MagickFormat.Gif)],
  ['WebP', () => picture(MagickFormat.WebP)],
  ['BMP', () => picture(MagickFormat.Bmp)],
  ['JPEG 2000', () => picture(MagickFormat.Jp2)],
  ['AVIF', () => picture(MagickFormat.Avif)],
];

describe('a broken document fails its item permanently', () => {
  test.each(['to-pdf', 'merge-pdf', 'to-tiff'] as const)('%s: a PDF with random bytes', async (worker) => {
    const whole = await pdfOfPages(2);
    for (let round = 1; round <= 15; round += 1) {
      const noisy = Buffer.from(whole);
      for (let i = 0; i < 60; i += 1) noisy[(i * 7919 * round) % noisy.length] = (i * 31 * round) % 256;

      const { record } = await runWorker(WORKERS[worker], { 'noisy.pdf': noisy });

      expect(record.failure?.code ?? record.outcome).toMatch(
        /^(succeeded|document-(broken|encrypted|unsupported))$/,
      );
      expect(record.attempts).toBe(1);
    }
  });

  test.each(['to-pdf', 'to-tiff'] as const)(
    '%s: a PNG that is truncated or has random bytes',
    async (worker) => {
      const png = pngOf({ width: 30, height: 30, colorType: 6, pixel: (x, y) => [x, y, 0, 255] });
      const missing = pngOf({ width: 30, height: 30, colorType: 6, pixel: (x, y) => [x, y, 0, 9], rows: 20 });
      const noisy = Buffer.from(png);
      noisy[60] = (noisy[60] ?? 0) ^ 0xff;
      for (const bytes of [png.subarray(0, 70), png.subarray(0, -12), missing, noisy]) {
        const { record } = await runWorker(WORKERS[worker], { 'broken.png': bytes });

        expect(record.failure).toMatchObject({ code: 'document-broken' });
        expect(record.failure?.failureMessage).toMatch(/^'broken.png': the image is broken or cut off: /);
      }
    },
  );

  test.each(NOISY)('to-pdf: a %s with random bytes', async (name, make) => {
    const whole = make();
    for (let round = 1; round <= 15; round += 1) {
      const noisy = Buffer.from(whole);
      // Keep the first bytes, which determine the type.
      for (let i = 0; i < 6; i += 1)
        noisy[16 + ((i * 7919 * round) % (noisy.length - 16))] = (i * 31 * round) % 256;

      const { record } = await runWorker(toPdfWorker, { [name]: noisy });

      expect(record.failure?.code ?? record.outcome).toMatch(
        /^(succeeded|document-(broken|too-large|unsupported))$/,
      );
      expect(record.attempts).toBe(1);
    }
  });
});
