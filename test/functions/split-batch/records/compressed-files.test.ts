/** Files in gzip and zstd, of one or several members, are decompressed once, and only to a limit. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { constants, createGzip, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decompressed } from '../../../../functions/split-batch/records/decompress.ts';
import { readLines } from '../../../support/read-lines.ts';
import { type FoundItem, type ReadOptions, readLinesFile } from './read-lines-file.ts';

const COMPRESSORS = [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const;
const BLOCK_BYTES = 1024 * 1024;

const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, row) => `${from + row},value ${from + row}\n`).join('');
const numbers = (found: readonly FoundItem[]) => found.map(({ payload }) => (payload as string[])[0]);
const upTo = (count: number) => Array.from({ length: count }, (_, row) => String(row));

const read = (bytes: Uint8Array, options?: ReadOptions, more: object = {}) =>
  readLinesFile(bytes, { format: 'csv', header: false, rangeBytes: 64 * 1024, ...more }, options);

describe.each(COMPRESSORS)('a file in %s', (name, compress) => {
  test('is read by its content, with interruptions', async () => {
    const found = await read(compress(rows(10_000)), { isInterrupted: true });

    expect(numbers(found)).toEqual(upTo(10_000));
  });

  test('of several members is read to its end', async () => {
    const parts = Array.from({ length: 50 }, (_, part) => compress(rows(20, 20 * part)));

    expect(numbers(await read(Buffer.concat(parts)))).toEqual(upTo(1_000));
  });

  test('may have blocks that end anywhere in and between members', async () => {
    const file = Buffer.concat([compress('one'), compress('two'), compress('three')]);
    for (let size = 1; size <= file.length; size += 1) {
      const blocks = Readable.from(
        Array.from({ length: Math.ceil(file.length / size) }, (_, at) =>
          file.subarray(at * size, (at + 1) * size),
        ),
      );
      let text = '';
      for await (const block of decompressed(blocks, name)) text += Buffer.from(block).toString();

      expect(text).toBe('onetwothree');
    }
  });

  test('is decompressed once if it is large, however often the splitter is interrupted', async () => {
    const bytes = compress(rows(70_000));
    let readBytes = 0;
    let ranges = 0;
    const found = await read(bytes, {
      isInterrupted: true,
      onRead: (count) => {
        readBytes += count;
      },
      onRanges: (count) => {
        ranges = count;
      },
    });

    expect(found).toHaveLength(70_000);
    expect(ranges).toBeGreaterThan(10);
    expect(readBytes).toBeLessThan(2 * bytes.length);
  });

  test('that is cut off fails the job', async () => {
    const whole = compress(Buffer.from(rows(10_000)));

    for (const length of [5, 20, 5_000, whole.length - 1])
      await expect(read(whole.subarray(0, length))).rejects.toMatchObject({ code: 'source-broken' });
  });

  test('with other bytes after it fails the job', async () => {
    const bytes = Buffer.concat([compress(rows(10)), Buffer.from('1,2\n')]);

    await expect(read(bytes)).rejects.toMatchObject({ code: 'source-broken' });
  });

  test('that is much larger after decompression fails the job with its limits', async () => {
    const zeros = Buffer.alloc(16 * BLOCK_BYTES);
    const bomb = Buffer.concat(Array.from({ length: 12 }, () => compress(zeros)));

    await expect(read(bomb)).rejects.toMatchObject({
      code: 'source-too-large',
      message: expect.stringMatching(/more than \d+ after decompression.*Split it/),
    });
  });
});

test('frames of zstd that can be skipped are skipped', async () => {
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 7]);
  const parts = [skippable, zstdCompressSync(rows(5)), skippable, zstdCompressSync(rows(5, 5)), skippable];

  expect(numbers(await read(Buffer.concat(parts)))).toEqual(upTo(10));
});

test('zeros between and after members of gzip are padding', async () => {
  const parts = [gzipSync(rows(5)), Buffer.alloc(700), gzipSync(rows(5, 5)), Buffer.alloc(BLOCK_BYTES)];

  expect(numbers(await read(Buffer.concat(parts)))).toEqual(upTo(10));
});

test('an empty member has no record', async () => {
  const parts = [gzipSync(''), gzipSync(rows(2)), gzipSync('')];

  expect(numbers(await read(Buffer.concat(parts)))).toEqual(upTo(2));
});

test('a file that was flushed while it was written is read', async () => {
  const gzip = createGzip();
  gzip.write(rows(5));
  await new Promise<void>((resolve) => gzip.flush(constants.Z_FULL_FLUSH, resolve));
  gzip.end(rows(5, 5));
  const blocks: Uint8Array[] = [];
  for await (const block of gzip) blocks.push(block);

  expect(numbers(await read(Buffer.concat(blocks)))).toEqual(upTo(10));
});

test('a real file has its rows', async () => {
  const bytes = readFileSync(join(import.meta.dirname, 'files', '07-table.csv.gz'));

  expect(numbers(await read(bytes)).length).toBeGreaterThan(0);
});

test('a large file is read by a job, from its decompressed file', async () => {
  const text = Array.from({ length: 2_000 }, (_, row) => `${row},${'x'.repeat(600)}\n`).join('');

  const { status, payloads } = await readLines(gzipSync(text), { format: 'csv', header: false });

  expect(status).toBe('Completed');
  expect(payloads).toHaveLength(2_000);
});
