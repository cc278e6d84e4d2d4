import { describe, expect, test } from 'vitest';
import type { TextObjects } from '../support/text-objects.ts';
import { folder, putAll } from './objects-support.ts';

/** More than one page of S3, and more than one delete request. */
const MANY = 1005;

export function describeListing(objects: TextObjects): void {
  async function pagesOf(
    prefix: string,
    options: { limit?: number; delimiter?: '/' } = {},
  ): Promise<string[][]> {
    const pages: string[][] = [];
    let next: string | undefined;
    do {
      const page = await objects.list(prefix, next === undefined ? options : { ...options, after: next });
      pages.push(page.objects.map(({ key }) => key.slice(prefix.length)));
      next = page.next;
    } while (next !== undefined);
    return pages;
  }

  describe('list', () => {
    test('keys are listed in the order of their UTF-8 bytes', async () => {
      const prefix = folder();
      const sorted = ['A', 'a', 'a/b', 'b', 'é', '\uFF5E', '😀'];

      await putAll(
        objects,
        sorted.toReversed().map((key) => prefix + key),
      );

      expect(await pagesOf(prefix)).toEqual([sorted]);
      expect(await pagesOf(prefix, { limit: 2 })).toEqual([
        ['A', 'a'],
        ['a/b', 'b'],
        ['é', '\uFF5E'],
        ['😀'],
      ]);
    });

    test('only keys after the given one are listed, even if that one does not exist', async () => {
      const prefix = folder();
      await putAll(
        objects,
        ['a', 'b', 'd'].map((key) => prefix + key),
      );

      const behindB = await objects.list(prefix, { after: `${prefix}b` });
      const behindC = await objects.list(prefix, { after: `${prefix}c` });

      expect(behindB.objects.map(({ key }) => key)).toEqual([`${prefix}d`]);
      expect(behindC.objects.map(({ key }) => key)).toEqual([`${prefix}d`]);
    });

    test('a prefix without objects gives one empty page', async () => {
      expect(await objects.list(folder())).toEqual({ objects: [] });
    });

    test('a page that ends with the last key is the last one', async () => {
      const prefix = folder();
      await putAll(
        objects,
        ['a', 'b'].map((key) => prefix + key),
      );

      expect(await pagesOf(prefix, { limit: 2 })).toEqual([['a', 'b']]);
    });

    test('with a delimiter, folders are skipped', async () => {
      const prefix = folder();
      const keys = ['a', 'b/1', 'b/2', 'b/3/4', 'b0', 'c/1', 'd', 'e/1', 'e/2'];
      await putAll(
        objects,
        keys.map((key) => prefix + key),
      );

      for (const limit of [1, 2, 3, 100]) {
        const pages = await pagesOf(prefix, { limit, delimiter: '/' });
        expect(pages.flat()).toEqual(['a', 'b0', 'd']);
      }
      // A folder counts like a key, so a page can be empty without being the last one.
      const single = await pagesOf(prefix, { limit: 1, delimiter: '/' });
      expect(single).toEqual([['a'], [], ['b0'], [], ['d'], []]);
    });

    test('more than a page of keys is listed and deleted completely', { timeout: 60_000 }, async () => {
      const prefix = folder();
      const keys = Array.from({ length: MANY }, (_, i) => `${i}`.padStart(5, '0'));
      await putAll(
        objects,
        keys.map((key) => prefix + key),
      );

      const pages = await pagesOf(prefix);
      await objects.delete(keys.map((key) => prefix + key));

      expect(pages.map(({ length }) => length)).toEqual([1000, MANY - 1000]);
      expect(pages.flat()).toEqual(keys);
      expect((await objects.list(prefix)).objects).toEqual([]);
    });
  });
}
