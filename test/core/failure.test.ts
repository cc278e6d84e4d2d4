import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { type FailureLocation, failureIdOf, failureOf } from '#core/failure.ts';
import { childPath, ROOT } from '#core/task-path.ts';
import { rowBytes, utf8Bytes, writeUnits } from '#core/units.ts';
import { failureRow } from '../../functions/store/failures.ts';

const run = { partition: 'p', job: 'j', runNumber: 1 };
const when = { now: 1_767_225_600_000, attempts: 3 };
const path = fc.array(fc.nat(300), { maxLength: 6 }).map((way) => way.reduce(childPath, ROOT));
const item = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', minLength: 140, maxLength: 160 }),
  fc.tuple(fc.constantFrom('a', '/', '語'), fc.integer({ min: 1, max: 900 })).map(([c, n]) => c.repeat(n)),
);
const itemPlace = fc.record<FailureLocation>({ path, index: fc.nat(70_000), item });
const place = fc.oneof(
  itemPlace,
  path.map((of): FailureLocation => ({ path: of })),
);

describe('the id of a failure', () => {
  test('is the same for the same location, and different for another location', () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);

        expect(failureIdOf(one) === failureIdOf(other)).toBe(isSame);
        expect(failureIdOf({ ...one })).toBe(failureIdOf(one));
      }),
      { numRuns: 2_000 },
    );
  });

  test('distinguishes long item ids with the same prefix', () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => `${'folder/'.repeat(100)}${i}`);

    const failures = ids.map((id) => failureIdOf({ path: '3', index: 1, item: id }));

    expect(new Set(failures).size).toBe(1_000);
  });

  test('fits in the key of a row for item ids of any length', () => {
    fc.assert(
      fc.property(itemPlace, (of) => {
        expect(utf8Bytes(`F#${failureIdOf(of)}`)).toBeLessThanOrEqual(1024);
        expect(failureIdOf(of).length).toBeLessThan(250);
      }),
    );
  });

  test('contains the location', () => {
    expect(failureIdOf({ path: '', index: 3, item: 'a.txt' })).toBe('root/3/a.txt');
    expect(failureIdOf({ path: '3.17', index: 0, item: '204' })).toBe('3.17/0/204');
    expect(failureIdOf({ path: '' })).toBe('root');
    expect(failureIdOf({ path: '3.17', index: 4 })).toBe('3.17/4');
  });
});

describe('a failure', () => {
  test('of an item contains the code and message of its error', () => {
    const error = new PermanentFailure('no-such-file', 'a.txt is not there; upload it');

    const failure = failureOf({ path: '3', index: 2, item: 'a.txt' }, error, when);

    expect(failure).toEqual({
      failureId: '3/2/a.txt',
      failureTime: when.now,
      failureSource: 'batch 3, chunk 2, item a.txt',
      failureMessage: 'a.txt is not there; upload it',
      code: 'no-such-file',
      attempts: 3,
    });
  });

  test('of an item in a step names the step', () => {
    const place = { step: 'to-pdf', path: '0', index: 2, item: 'a.txt' };

    const { failureId, failureSource } = failureOf(place, new PermanentFailure('no', 'no'), when);

    expect(failureId).toBe('0/2/a.txt');
    expect(failureSource).toBe('step to-pdf, batch 0, chunk 2, item a.txt');
  });

  test('of a batch names the batch', () => {
    const failure = failureOf({ path: '' }, new RetryableFailure('busy', 'later'), when);

    expect(failure).toMatchObject({ failureId: 'root', failureSource: 'batch root', code: 'busy' });
  });

  test('has a stack only if it is an unexpected error of the worker', () => {
    const ofWorker = failureOf({ path: '' }, new TypeError('x is undefined'), when);
    const foreseen = failureOf({ path: '' }, new PermanentFailure('no', 'no'), when);

    expect(ofWorker.code).toBe('worker-error');
    expect(ofWorker.stack).toMatch(/TypeError: x is undefined/);
    expect(foreseen).not.toHaveProperty('stack');
  });

  test.each([
    ['a text', 'just this', 'just this'],
    ['nothing', undefined, 'undefined'],
    ['an object', { a: 1 }, '[object Object]'],
    ['an error without a message', new Error(''), 'the error of the worker has no message'],
  ])('may be thrown as %s', (_, thrown, message) => {
    expect(failureOf({ path: '' }, thrown, when)).toMatchObject({
      failureMessage: message,
      code: 'worker-error',
    });
  });

  test('is truncated if it is long', () => {
    const error = new Error('long '.repeat(10_000));

    const { failureMessage, stack = '' } = failureOf({ path: '', index: 0, item: 'a' }, error, when);

    expect(failureMessage).toHaveLength(500);
    expect(stack.length).toBeLessThanOrEqual(300);
  });

  test('is valid Unicode even if the cut falls inside a character', () => {
    const pairs = `x${'😀'.repeat(600)}`;

    const failure = failureOf({ path: '', index: 0, item: pairs }, new Error(pairs), when);

    for (const text of Object.values(failure)) expect(String(text).isWellFormed()).toBe(true);
    expect(failure.failureMessage).toMatch(/^x😀+/u);
  });

  const longest = (character: string) =>
    failureRow(
      run,
      failureOf(
        { step: 's'.repeat(32), path: '17.200', index: 65_000, item: character.repeat(1_000) },
        new Error(character.repeat(1_000)),
        when,
      ),
    );

  test('costs one write unit if its item has a short id', () => {
    const of = { path: '17.200', index: 65_000, item: 'row-12345' };

    const row = failureRow(run, failureOf(of, new Error('x'.repeat(1_000)), when));

    expect(writeUnits(rowBytes(row))).toBe(1);
  });

  test.each(['x', 'é', '語', '😀'])('costs one write unit with strings of %s of any length', (character) => {
    const row = longest(character);

    expect(writeUnits(rowBytes(row))).toBe(1);
    expect(utf8Bytes(String(row['failureMessage']))).toBeGreaterThan(200);
  });

  test('costs one write unit and keeps some of its message with a long code, deep in a tree', () => {
    const of = { path: '65535.65535.65535.65535.65535', index: 65_535, item: '語'.repeat(300) };

    const failure = failureOf(of, new PermanentFailure('c'.repeat(500), 'm'.repeat(1_000)), when);

    expect(writeUnits(rowBytes(failureRow(run, failure)))).toBe(1);
    expect(failure.code).toBe('c'.repeat(60));
    expect(failure.failureMessage.length).toBeGreaterThan(200);
  });
});
