import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { ObjectChanged, type Objects } from '#core/ports.ts';

export interface ObjectsUnderTest {
  readonly objects: Objects;
  /** A bucket beside the stack's own, and a way to put something there. */
  readonly otherBucket: string;
  fill(key: string, body: string): Promise<void>;
}

const text = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes);

/** More than one page of S3 holds, and more than one request can delete. */
const MANY = 1005;

export function describeObjects(name: string, make: () => Promise<ObjectsUnderTest>): void {
  describe(`objects: ${name}`, () => {
    let under: ObjectsUnderTest;
    let objects: Objects;
    beforeAll(async () => {
      under = await make();
      objects = under.objects;
    });

    const folder = () => `area/${randomUUID()}/`;

    async function putAll(keys: readonly string[]): Promise<void> {
      for (let start = 0; start < keys.length; start += 50) {
        await Promise.all(keys.slice(start, start + 50).map((key) => objects.put(key, key)));
      }
    }

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

    describe('put and get', () => {
      test('text and bytes come back as they were put', async () => {
        const prefix = folder();
        const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);

        await objects.put(`${prefix}text`, 'größer 😀', { contentType: 'text/plain' });
        await objects.put(`${prefix}bytes`, bytes);
        await objects.put(`${prefix}empty`, '');

        expect(text(await objects.get({ key: `${prefix}text` }))).toBe('größer 😀');
        expect(Array.from((await objects.get({ key: `${prefix}bytes` })) ?? [])).toEqual(Array.from(bytes));
        expect(text(await objects.get({ key: `${prefix}empty` }))).toBe('');
      });

      test('a later put replaces the object', async () => {
        const key = `${folder()}a`;

        await objects.put(key, 'first');
        await objects.put(key, 'second');

        expect(text(await objects.get({ key }))).toBe('second');
      });

      test('an object that is not there is undefined', async () => {
        const key = `${folder()}missing`;

        expect(await objects.get({ key })).toBeUndefined();
        expect(await objects.get({ key }, { from: 0, to: 10 })).toBeUndefined();
        expect(await objects.get({ key }, { from: 5, to: 5 })).toBeUndefined();
        expect(await objects.describe({ key })).toBeUndefined();
      });

      test('keys may hold any character', async () => {
        const prefix = folder();
        const keys = ['a b+c%20d', "it's (1)!", 'größe', 'x&y<z>"', '~*.json'].map((key) => prefix + key);

        await putAll(keys);

        for (const key of keys) expect(text(await objects.get({ key }))).toBe(key);
        expect((await objects.list(prefix)).objects.map(({ key }) => key).sort()).toEqual(keys.toSorted());
      });
    });

    describe('putIfAbsent', () => {
      test('the first writer wins, the second is told', async () => {
        const key = `${folder()}outcome`;

        const first = await objects.putIfAbsent(key, 'first', { contentType: 'application/jsonl' });
        const second = await objects.putIfAbsent(key, 'second');

        expect([first, second]).toEqual(['written', 'exists']);
        expect(text(await objects.get({ key }))).toBe('first');
      });

      test('of many writers at once exactly one wins, and its bytes stay', async () => {
        const key = `${folder()}outcome`;

        const answers = await Promise.all(
          Array.from({ length: 12 }, (_, i) => objects.putIfAbsent(key, `writer ${i}`)),
        );

        const winners = answers.flatMap((answer, i) => (answer === 'written' ? [`writer ${i}`] : []));
        expect(winners).toHaveLength(1);
        expect(text(await objects.get({ key }))).toBe(winners[0]);
      });

      test('a deleted object is absent again', async () => {
        const key = `${folder()}outcome`;
        await objects.putIfAbsent(key, 'first');

        await objects.delete([key]);

        expect(await objects.putIfAbsent(key, 'second')).toBe('written');
      });
    });

    describe('putStream', () => {
      async function* pieces(...bodies: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
        for (const body of bodies) yield typeof body === 'string' ? new TextEncoder().encode(body) : body;
      }

      test('what is streamed comes back whole, however small the pieces or large the whole', async () => {
        const prefix = folder();
        const large = Buffer.alloc(40 * 1024 * 1024, 'some bytes of an object in parts');

        const small = await objects.putStream(`${prefix}small`, pieces('he', '', 'llo'), {
          contentType: 'text/plain',
        });
        const none = await objects.putStream(`${prefix}none`, pieces());
        const inParts = await objects.putStream(
          `${prefix}large`,
          pieces(large.subarray(0, 1_000), large.subarray(1_000, 30_000_000), large.subarray(30_000_000)),
        );

        expect([small, none]).toEqual([
          { sizeBytes: 5, requests: 1 },
          { sizeBytes: 0, requests: 1 },
        ]);
        expect(inParts.sizeBytes).toBe(large.length);
        expect(text(await objects.get({ key: `${prefix}small` }))).toBe('hello');
        expect(text(await objects.get({ key: `${prefix}none` }))).toBe('');
        const stored = (await objects.get({ key: `${prefix}large` })) ?? new Uint8Array();
        expect(Buffer.compare(stored, large)).toBe(0);
      });

      test.for([10, 40 * 1024 * 1024])(
        'a stream that fails after %i bytes leaves what was there before',
        async (size) => {
          const key = `${folder()}a`;
          await objects.put(key, 'before');
          async function* failing() {
            yield Buffer.alloc(size);
            throw new Error('the source broke');
          }

          await expect(objects.putStream(key, failing())).rejects.toThrow('the source broke');

          expect(text(await objects.get({ key }))).toBe('before');
        },
      );
    });

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

      test('a range of the object that was described comes, of a changed one it does not', async () => {
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
      test('tells size and etag, as a list does', async () => {
        const key = `${folder()}a`;
        await objects.put(key, 'größer');

        const info = await objects.describe({ key });

        expect(info).toMatchObject({ key, sizeBytes: 8 });
        expect((await objects.list(key)).objects).toEqual([info]);
      });

      test('the etag tells contents apart', async () => {
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

    describe('list', () => {
      test('keys come in the order of their UTF-8 bytes', async () => {
        const prefix = folder();
        const sorted = ['A', 'a', 'a/b', 'b', 'é', '\uFF5E', '😀'];

        await putAll(sorted.toReversed().map((key) => prefix + key));

        expect(await pagesOf(prefix)).toEqual([sorted]);
        expect(await pagesOf(prefix, { limit: 2 })).toEqual([
          ['A', 'a'],
          ['a/b', 'b'],
          ['é', '\uFF5E'],
          ['😀'],
        ]);
      });

      test('only keys behind the given one come, be it there or not', async () => {
        const prefix = folder();
        await putAll(['a', 'b', 'd'].map((key) => prefix + key));

        const behindB = await objects.list(prefix, { after: `${prefix}b` });
        const behindC = await objects.list(prefix, { after: `${prefix}c` });

        expect(behindB.objects.map(({ key }) => key)).toEqual([`${prefix}d`]);
        expect(behindC.objects.map(({ key }) => key)).toEqual([`${prefix}d`]);
      });

      test('a prefix without any object is one empty page', async () => {
        expect(await objects.list(folder())).toEqual({ objects: [] });
      });

      test('a page that just holds the last key is the last', async () => {
        const prefix = folder();
        await putAll(['a', 'b'].map((key) => prefix + key));

        expect(await pagesOf(prefix, { limit: 2 })).toEqual([['a', 'b']]);
      });

      test('with a delimiter, folders are passed over', async () => {
        const prefix = folder();
        const keys = ['a', 'b/1', 'b/2', 'b/3/4', 'b0', 'c/1', 'd', 'e/1', 'e/2'];
        await putAll(keys.map((key) => prefix + key));

        for (const limit of [1, 2, 3, 100]) {
          const pages = await pagesOf(prefix, { limit, delimiter: '/' });
          expect(pages.flat()).toEqual(['a', 'b0', 'd']);
        }
        // A folder counts like a key, so that a page can be empty and yet not be the last.
        const single = await pagesOf(prefix, { limit: 1, delimiter: '/' });
        expect(single).toEqual([['a'], [], ['b0'], [], ['d'], []]);
      });

      test('more than a page of keys is listed and deleted in full', { timeout: 60_000 }, async () => {
        const prefix = folder();
        const keys = Array.from({ length: MANY }, (_, i) => `${i}`.padStart(5, '0'));
        await putAll(keys.map((key) => prefix + key));

        const pages = await pagesOf(prefix);
        await objects.delete(keys.map((key) => prefix + key));

        expect(pages.map(({ length }) => length)).toEqual([1000, MANY - 1000]);
        expect(pages.flat()).toEqual(keys);
        expect((await objects.list(prefix)).objects).toEqual([]);
      });
    });

    describe('delete', () => {
      test('keys that are not there are deleted all the same', async () => {
        const prefix = folder();
        await putAll([`${prefix}a`, `${prefix}b`]);

        await objects.delete([`${prefix}a`, `${prefix}missing`]);
        await objects.delete([`${prefix}a`]);
        await objects.delete([]);

        expect((await objects.list(prefix)).objects.map(({ key }) => key)).toEqual([`${prefix}b`]);
      });
    });

    describe('other buckets', () => {
      test('are read under their name', async () => {
        const prefix = folder();
        const key = `${prefix}source.csv`;
        await under.fill(key, 'id,name');
        const { otherBucket: bucket } = under;

        const info = await objects.describe({ bucket, key });

        expect(info?.sizeBytes).toBe(7);
        expect(text(await objects.get({ bucket, key }, { from: 3, to: 7 }))).toBe('name');
        expect((await objects.list(prefix, { bucket })).objects).toEqual([info]);
        expect(await objects.get({ key })).toBeUndefined();
      });

      test('one that does not exist is an error, not an empty answer', async () => {
        const bucket = `nobody-${randomUUID()}`;

        await expect(objects.get({ bucket, key: 'a' })).rejects.toThrow();
        await expect(objects.list('', { bucket })).rejects.toThrow();
      });
    });
  });
}
