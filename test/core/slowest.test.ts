import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChunkTime, decodeSlowest, encodeSlowest, MAX_SLOWEST, slowestOf } from '#core/slowest.ts';

const time = fc.record({
  path: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }).map((steps) => steps.join('.')),
  millis: fc.nat(50),
});
const times = fc.array(time, { maxLength: 60 });

test('the slowest chunks do not depend on order, repetition or grouping', () => {
  fc.assert(
    fc.property(times, times, (some, others) => {
      const all = slowestOf([...some, ...others]);

      expect(slowestOf([...others, ...some, ...others])).toEqual(all);
      expect(slowestOf([...slowestOf(some), ...slowestOf(others)])).toEqual(all);
    }),
  );
});

test('a chunk that ran twice counts once, with its longer time', () => {
  const twice: ChunkTime[] = [
    { path: '0', millis: 200 },
    { path: '1', millis: 300 },
    { path: '0', millis: 900 },
  ];

  expect(slowestOf(twice)).toEqual([
    { path: '0', millis: 900 },
    { path: '1', millis: 300 },
  ]);
});

test('the form of a row is read again, and other text gives nothing', () => {
  fc.assert(
    fc.property(times, (some) => {
      const slowest = slowestOf(some);

      expect(slowest.length).toBeLessThanOrEqual(MAX_SLOWEST);
      expect(decodeSlowest(encodeSlowest(slowest))).toEqual(slowest);
    }),
  );
  expect(decodeSlowest('')).toEqual([]);
  expect(decodeSlowest('3= =5 4=x 7=12')).toEqual([{ path: '7', millis: 12 }]);
});
