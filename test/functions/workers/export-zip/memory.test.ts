import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { OutcomeRecord, Part } from '#core/item.ts';
import type { Objects } from '#core/ports.ts';
import { worker as exportZipWorker } from '../../../../functions/workers/export-zip/definition.ts';
import { aChunk, aRecord, memoryWorld, workerOn } from '../../../support/chunks.ts';

const MEBIBYTE = 1024 * 1024;
const LARGE_BYTES = 50 * MEBIBYTE;
const LARGE_PARTS = 12;
const SMALL_PARTS = 5_000;

test('an archive of 600 MB with thousands of files is written within the memory limit', async () => {
  const noise = randomBytes(8 * MEBIBYTE);
  const world = memoryWorld();
  const seen = { bytes: 0, peak: 0 };
  // A bucket that generates its files and discards what is written to it.
  const objects: Objects = {
    ...world.objects,
    put: (key, body) => world.objects.put(key, body),
    putIfAbsent: (key, body) => world.objects.putIfAbsent(key, body),
    delete: (keys) => world.objects.delete(keys),
    list: (prefix, options) => world.objects.list(prefix, options),
    describe: async ({ key }) => ({ key, etag: 'e', sizeBytes: key.endsWith('large') ? LARGE_BYTES : 100 }),
    async get({ key }, range = { from: 0, to: 100 }) {
      if (key.startsWith('outcomes/')) return world.objects.get({ key });
      return noise.subarray(0, range.to - range.from);
    },
    async putStream(_key, body) {
      for await (const bytes of body) {
        seen.bytes += bytes.length;
        const { heapUsed, external } = process.memoryUsage();
        seen.peak = Math.max(seen.peak, heapUsed + external);
      }
      return { sizeBytes: seen.bytes, requests: 1 };
    },
  };
  const key = 'outcomes/p/former/1/root/0000000000.jsonl';
  const records = Array.from({ length: LARGE_PARTS + SMALL_PARTS }, (_, i) => aRecordOf(i));
  const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  await world.objects.put(key, lines);
  const object = { key, bytes: { from: 0, to: lines.length }, from: 0, to: records.length };
  const payload = { job: 'former', count: records.length, objects: [object] };
  const before = process.memoryUsage();

  await workerOn({ ...world, objects } as typeof world, { ...exportZipWorker, name: 'work' })([
    aRecord(aChunk({ items: [{ id: '0', payload }] })),
  ]);

  expect(seen.bytes).toBeGreaterThan(LARGE_PARTS * LARGE_BYTES);
  expect(seen.peak - before.heapUsed - before.external).toBeLessThan(256 * MEBIBYTE);
});

function aRecordOf(index: number): OutcomeRecord {
  const isLarge = index < LARGE_PARTS;
  const part: Part = {
    type: 'BASE_PART',
    filename: 'file.jpg',
    mimeType: 'image/jpeg',
    key: `outputs/p/former/1/${index}/${isLarge ? 'large' : 'small'}`,
    sizeBytes: isLarge ? LARGE_BYTES : 100,
  };
  return { id: String(index), path: '', outcome: 'succeeded', attempts: 1, parts: [part] };
}
