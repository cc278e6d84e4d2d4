import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PermanentFailure } from '#core/errors.ts';
import { parseObjectKey } from '#core/object-address.ts';
import { byteLength } from '#core/send.ts';
import { MemoryObjects } from '../../functions/kit/testing/memory-objects.ts';
import { MAX_MESSAGE_BYTES, readClaimedField, withClaimCheck } from '../../functions/store/claim-check.ts';

const KEYS = {
  done: parseObjectKey('chunks/p/done.json'),
  items: parseObjectKey('chunks/p/items.json'),
};
const text = (bytes: number) => 'x'.repeat(bytes);

test('a small message is not changed, and no object is written', async () => {
  const objects = new MemoryObjects();
  const message = { kind: 'chunk', items: [1], done: [2] };

  const body = await withClaimCheck(objects, message, KEYS);

  expect(JSON.parse(body)).toEqual(message);
  expect(objects.keys()).toEqual([]);
});

test('a large message moves its fields to the bucket in the order of the caller, until it fits', async () => {
  const objects = new MemoryObjects();
  const message = { kind: 'chunk', items: [text(30_000)], done: [text(40_000)] };

  const body = await withClaimCheck(objects, message, KEYS);

  expect(JSON.parse(body)).toEqual({
    kind: 'chunk',
    items: message.items,
    doneKey: KEYS.done,
    doneCount: 1,
  });
  expect(objects.keys()).toEqual([KEYS.done]);
});

test('the size of a message is its size in UTF-8', async () => {
  const objects = new MemoryObjects();

  const body = await withClaimCheck(objects, { items: ['語'.repeat(25_000)] }, KEYS);

  expect(JSON.parse(body)).toEqual({ itemsKey: KEYS.items, itemsCount: 1 });
});

test('a missing field is ignored', async () => {
  const objects = new MemoryObjects();

  const body = await withClaimCheck(objects, { items: [text(70_000)] }, KEYS);

  expect(JSON.parse(body)).toEqual({ itemsKey: KEYS.items, itemsCount: 1 });
  expect(objects.keys()).toEqual([KEYS.items]);
});

test('any message fits and is read unchanged', async () => {
  const list = fc.array(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 40_000 }).map(text)),
    {
      maxLength: 6,
    },
  );
  await fc.assert(
    fc.asyncProperty(list, list, async (items, done) => {
      const objects = new MemoryObjects();

      const body = await withClaimCheck(objects, { kind: 'chunk', items, done }, KEYS);

      const message = JSON.parse(body);
      expect(byteLength(body)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      expect(await readClaimedField(objects, 'p', message.items, message.itemsKey)).toEqual(items);
      expect(await readClaimedField(objects, 'p', message.done, message.doneKey)).toEqual(done);
    }),
    { numRuns: 200 },
  );
});

test('a claim whose object is missing throws an error with its key', async () => {
  await expect(readClaimedField(new MemoryObjects(), 'p', undefined, 'chunks/p/gone.json')).rejects.toThrow(
    'chunks/p/gone.json',
  );
});

test.for([
  'chunks/q/items.json',
  'chunks/p2/items.json',
  'uploads/p/x',
  'chunks/p/../q/items.json',
  'chunks/p/%2e%2e/q/items.json',
  './chunks/p/items.json',
  '/chunks/p/items.json',
  '',
])('a claim at %j, outside of the areas of its partition, is refused unread', async (key) => {
  const objects = new MemoryObjects();
  if (key !== '') await objects.put(key, '"secret"');

  await expect(readClaimedField(objects, 'p', undefined, key)).rejects.toThrow(PermanentFailure);
});
