import { describe, expect, test } from 'vitest';
import type { TextObjects } from '../support/text-objects.ts';
import { folder, putAll, text } from './objects-support.ts';

export function describeWriting(objects: TextObjects): void {
  describe('put and get', () => {
    test('text and bytes are read as they were written', async () => {
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

    test('a missing object is undefined', async () => {
      const key = `${folder()}missing`;

      expect(await objects.get({ key })).toBeUndefined();
      expect(await objects.get({ key }, { from: 0, to: 10 })).toBeUndefined();
      expect(await objects.get({ key }, { from: 5, to: 5 })).toBeUndefined();
      expect(await objects.describe({ key })).toBeUndefined();
    });

    test('keys may contain any character', async () => {
      const prefix = folder();
      const keys = ['a b+c%20d', "it's (1)!", 'größe', 'x&y<z>"', '~*.json', '@k3x9'].map(
        (key) => prefix + key,
      );

      await putAll(objects, keys);

      for (const key of keys) expect(text(await objects.get({ key }))).toBe(key);
      expect((await objects.list(prefix)).objects.map(({ key }) => key).sort()).toEqual(keys.toSorted());
    });
  });

  describe('putIfAbsent', () => {
    test('the first writer wins, and the second learns it', async () => {
      const key = `${folder()}outcome`;

      const first = await objects.putIfAbsent(key, 'first', { contentType: 'application/jsonl' });
      const second = await objects.putIfAbsent(key, 'second');

      expect([first, second]).toEqual(['written', 'exists']);
      expect(text(await objects.get({ key }))).toBe('first');
    });

    test('exactly one of many concurrent writers wins, and its bytes stay', async () => {
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

    test('a streamed object is read completely, for any size of its pieces and in total', async () => {
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
      'a stream that fails after %i bytes leaves the previous object',
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

  describe('delete', () => {
    test('deleting missing keys succeeds', async () => {
      const prefix = folder();
      await putAll(objects, [`${prefix}a`, `${prefix}b`]);

      await objects.delete([`${prefix}a`, `${prefix}missing`]);
      await objects.delete([`${prefix}a`]);
      await objects.delete([]);

      expect((await objects.list(prefix)).objects.map(({ key }) => key)).toEqual([`${prefix}b`]);
    });
  });
}
