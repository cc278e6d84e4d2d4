import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ObjectChanged } from '#core/ports.ts';
import type { TextObjects } from '../support/text-objects.ts';
import type { ObjectsUnderTest } from './objects.ts';
import { folder, text } from './objects-support.ts';

export function describeReading(objects: TextObjects, under: () => Promise<ObjectsUnderTest>): void {
  describe('ranges', () => {
    test.for([
      { from: 0, to: 3, expected: '012' },
      { from: 3, to: 7, expected: '3456' },
      { from: 7, to: 100, expected: '789' },
      { from: 9, to: 10, expected: '9' },
      { from: 10, to: 20, expected: '' },
      { from: 50, to: 60, expected: '' },
      { from: 4, to: 4, expected: '' },
    ])('from $from to before $to of ten bytes is "$expected"', async ({ from, to, expected }) => {
      const key = `${folder()}digits`;
      await objects.put(key, '0123456789');

      expect(text(await objects.get({ key }, { from, to }))).toBe(expected);
    });

    test('a range of the described object is returned, but not of a changed one', async () => {
      const key = `${folder()}source`;
      await objects.put(key, 'old content');
      const etag = (await objects.describe({ key }))?.etag ?? '';

      const before = await objects.get({ key }, { from: 0, to: 3, etag });
      await objects.put(key, 'new content');

      expect(text(before)).toBe('old');
      await expect(objects.get({ key }, { from: 0, to: 3, etag })).rejects.toThrow(ObjectChanged);
      await expect(objects.get({ key }, { from: 3, to: 3, etag })).rejects.toThrow(ObjectChanged);
    });
  });

  describe('describe', () => {
    test('returns size and etag, as a list does', async () => {
      const key = `${folder()}a`;
      await objects.put(key, 'größer');

      const info = await objects.describe({ key });

      expect(info).toMatchObject({ key, sizeBytes: 8 });
      expect((await objects.list(key)).objects).toEqual([{ ...info, modifiedTime: expect.any(Number) }]);
    });

    test('the etag distinguishes contents', async () => {
      const key = `${folder()}a`;
      const etags: (string | undefined)[] = [];

      for (const body of ['one', 'two', 'one']) {
        await objects.put(key, body);
        etags.push((await objects.describe({ key }))?.etag);
      }

      expect(etags[0]).toBe(etags[2]);
      expect(etags[0]).not.toBe(etags[1]);
    });
  });

  describe('other buckets', () => {
    test('are read by name', async () => {
      const prefix = folder();
      const key = `${prefix}source.csv`;
      const { otherBucket: bucket, fill } = await under();
      await fill(key, 'id,name');

      const info = await objects.describe({ bucket, key });

      expect(info?.sizeBytes).toBe(7);
      expect(text(await objects.get({ bucket, key }, { from: 3, to: 7 }))).toBe('name');
      expect((await objects.list(prefix, { bucket })).objects).toMatchObject([{ ...info }]);
      expect(await objects.get({ key })).toBeUndefined();
    });

    test('a missing bucket is an error, not an empty response', async () => {
      const bucket = `nobody-${randomUUID()}`;

      await expect(objects.get({ bucket, key: 'a' })).rejects.toThrow();
      await expect(objects.list('', { bucket })).rejects.toThrow();
    });
  });
}
