import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parseObjectKey } from '#core/object-address.ts';
import { firstWrittenSlice } from '../../../functions/split-batch/slices.ts';
import { storedCursor } from '../../../functions/split-batch/splitters/stored-cursor.ts';
import { manifestKey } from '../../../functions/store/object-keys.ts';
import { memoryWorld } from '../../support/chunks.ts';

const cursor = v.object({ at: v.number() });
const run = { partition: 'p', job: 'j', runNumber: 1 };
const address = { node: { run, path: '' }, earlier: [], slices: 0 };
const ownSlice = { drafts: [], end: true };

test('a cursor that a later release stored is read after a rollback', () => {
  expect(storedCursor(cursor, { cursor: { at: 3, pages: 2 } })).toMatchObject({ at: 3 });
  expect(storedCursor(cursor, {})).toBeUndefined();
});

test('a cursor of another form is refused with the reason', () => {
  expect(() => storedCursor(cursor, { cursor: 'three' })).toThrow('the stored cursor is not valid');
});

test('a manifest that a later release wrote is read after a rollback', async () => {
  const { objects } = memoryWorld();
  const item = { id: '1', payload: 1, colour: 'red' };
  const drafts = [{ kind: 'chunk', items: [item], shelf: 4 }];
  await objects.putIfAbsent(manifestKey(run, '', 0), JSON.stringify({ drafts, end: true, pages: 7 }));

  const { slice, isOurs } = await firstWrittenSlice(objects, address, ownSlice);

  expect(isOurs).toBe(false);
  expect(slice).toMatchObject({ drafts: [{ kind: 'chunk', items: [item] }], end: true });
});

test('a manifest that is not one is refused with its key', async () => {
  const { objects } = memoryWorld();
  const key = manifestKey(run, '', 0);
  await objects.putIfAbsent(parseObjectKey(key), '{"drafts": 3}');

  await expect(firstWrittenSlice(objects, address, ownSlice)).rejects.toThrow(
    `the stored manifest ${key} is not valid`,
  );
});
