import { describe, expect, test } from 'vitest';
import type { Part } from '#core/item.ts';
import { fetchPart } from '../../../clients/worker/fetch-part.ts';
import { readableObjects } from '../../../functions/store/readable-objects.ts';
import { memoryWorld } from '../../support/chunks.ts';

async function fetched(part: Partial<Part>, options?: { maxBytes: number }) {
  const world = memoryWorld();
  await world.objects.put('uploads/p/up.txt', 'uploaded');
  await world.objects.put('outputs/p/j/1/root/0/made.txt', 'made');
  const objects = readableObjects(world.objects, 'p', 'jobtree');
  const whole: Part = { type: 'BASE_PART', filename: 'a.txt', mimeType: 'text/plain', ...part };
  return Buffer.from(await fetchPart(objects, whole, options)).toString();
}

describe('the bytes of a part', () => {
  test('come from its key, an upload or the bucket that its URL names', async () => {
    expect(await fetched({ key: 'outputs/p/j/1/root/0/made.txt' })).toBe('made');
    expect(await fetched({ url: 'upload:up.txt' })).toBe('uploaded');
    expect(await fetched({ url: 's3://jobtree/uploads/p/up.txt' })).toBe('uploaded');
  });

  test.each([
    ['source-missing', { key: 'uploads/p/gone.txt' }],
    ['source-forbidden', { key: 'uploads/other/up.txt' }],
    ['source-forbidden', { url: 's3://jobtree/uploads/other/up.txt' }],
    ['invalid-part', {}],
  ])('are refused for good with %s', async (code, part) => {
    await expect(fetched(part)).rejects.toMatchObject({ name: 'PermanentFailure', code });
  });

  test('are as many as are asked for, or refused', async () => {
    expect(await fetched({ url: 'upload:up.txt' }, { maxBytes: 8 })).toBe('uploaded');
    await expect(fetched({ url: 'upload:up.txt' }, { maxBytes: 7 })).rejects.toMatchObject({
      name: 'PermanentFailure',
      code: 'document-too-large',
    });
  });
});
