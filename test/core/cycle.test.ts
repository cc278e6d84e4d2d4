import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CycleMark, nextMark } from '#core/cycle.ts';

/** Returns the number of elements until the cycle is detected; `undefined` if it is not. */
function noticedAfter(elements: readonly string[]): number | undefined {
  let mark: CycleMark | undefined;
  for (const [position, element] of elements.entries()) {
    const next = nextMark(mark, element);
    if (next === 'repeated') return position + 1;
    mark = next;
  }
  return undefined;
}

test('a cycle is detected within three times the length of the sequence', () => {
  const lengths = { lead: fc.integer({ min: 0, max: 200 }), cycle: fc.integer({ min: 1, max: 200 }) };
  fc.assert(
    fc.property(fc.record(lengths), ({ lead, cycle }) => {
      const elements = Array.from({ length: 4 * (lead + cycle) }, (_, at) =>
        at < lead ? `lead ${at}` : `cycle ${(at - lead) % cycle}`,
      );

      const noticed = noticedAfter(elements) ?? Number.POSITIVE_INFINITY;

      expect(noticed).toBeGreaterThan(lead + cycle);
      expect(noticed).toBeLessThanOrEqual(3 * (lead + cycle) + 1);
    }),
  );
});

test('a sequence without repetition is never reported as a cycle', () => {
  expect(noticedAfter(Array.from({ length: 10_000 }, (_, at) => String(at)))).toBeUndefined();
});
