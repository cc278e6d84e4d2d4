import { beforeAll, describe, expect, test } from 'vitest';
import { mergePdfWorker } from '../../../functions/merge-pdf/merge-pdf-worker.ts';
import { toPdfWorker } from '../../../functions/to-pdf/to-pdf-worker.ts';
import { toTiffWorker } from '../../../functions/to-tiff/to-tiff-worker.ts';
import { HOSTILE } from '../../support/documents/hostile.ts';
import { pngOf } from '../../support/documents/images.ts';
import { pdfOfPages } from '../../support/documents/pdfs.ts';
import { runWorker } from '../../support/documents/run-worker.ts';

const WORKERS = { 'to-pdf': toPdfWorker, 'merge-pdf': mergePdfWorker, 'to-tiff': toTiffWorker };
const MAX_SECONDS = 5;

let honest: Uint8Array;

beforeAll(async () => {
  honest = await pdfOfPages(1);
});

/** What came of a document, and in what time, in a thread that has started already. */
async function outcomeOf(name: keyof typeof WORKERS, bytes: Uint8Array) {
  const worker = WORKERS[name];
  const warm = await runWorker(worker, { 'honest.pdf': honest });
  expect(warm.record.outcome).toBe('succeeded');
  const started = performance.now();
  const { record } = await runWorker(worker, { 'hostile.bin': bytes });
  return { record, seconds: (performance.now() - started) / 1000 };
}

async function hostile(name: string): Promise<Buffer> {
  const make = HOSTILE[name];
  if (make === undefined) throw new Error(`there is no '${name}'`);
  return make();
}

describe('a hostile document fails its item for good, within 5 seconds and by name', () => {
  test.each([
    ['to-tiff', 'forms in forms', 'document-too-large'],
    ['to-tiff', 'endless tree of pages', 'document-broken'],
    ['to-tiff', 'huge page', 'document-too-large'],
    ['to-tiff', 'huge PNG', 'document-too-large'],
    ['to-tiff', 'huge JPEG', 'document-too-large'],
    ['to-tiff', 'inflating PNG', 'document-broken'],
    ['to-pdf', 'inflating objects', 'document-too-large'],
    ['to-pdf', 'endless tree of pages', 'document-broken'],
    ['to-pdf', 'huge PNG', 'document-too-large'],
    ['to-pdf', 'huge JPEG', 'document-too-large'],
    ['to-pdf', 'inflating PNG', 'document-broken'],
    ['merge-pdf', 'inflating objects', 'document-too-large'],
    ['merge-pdf', 'endless tree of pages', 'document-broken'],
    ['merge-pdf', 'huge PNG', 'document-too-large'],
  ] as const)('%s: %s', async (worker, name, code) => {
    const { record, seconds } = await outcomeOf(worker, await hostile(name));

    expect(record).toMatchObject({ outcome: 'failed', attempts: 1, failure: { code } });
    expect(seconds).toBeLessThan(MAX_SECONDS);
  });

  test('to-tiff: content that inflates to a gigabyte is rendered or refused, in that time', async () => {
    const { record, seconds } = await outcomeOf('to-tiff', await hostile('inflating content'));

    expect(record.failure?.code ?? record.outcome).toMatch(/^(succeeded|document-too-large)$/);
    expect(seconds).toBeLessThan(MAX_SECONDS);
  });
});

describe('a broken document fails its item for good', () => {
  test.each(['to-pdf', 'merge-pdf', 'to-tiff'] as const)('%s: a PDF with noise in it', async (worker) => {
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
    '%s: a PNG that is cut off or has noise in it',
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
});

test('work that is aborted ends at once, and the next document is read', async () => {
  const over = new AbortController();
  setTimeout(() => over.abort(new Error('no time left')), 500);
  const started = performance.now();

  const run = runWorker(toTiffWorker, { 'long.pdf': await pdfOfPages(300) }, { signal: over.signal });

  await expect(run).rejects.toThrow('not final: unfinished');
  expect(performance.now() - started).toBeLessThan(10_000);
  expect((await runWorker(toTiffWorker, { 'honest.pdf': honest })).record.outcome).toBe('succeeded');
});
