import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLog, encodeLog } from '#core/outcome-log.ts';
import { encodeElement, PAGE_SIZE, positionOf } from '#core/page.ts';
import type { OutcomeRef } from '#core/recorded-outcomes.ts';

const K = 25;
const count = fc.integer({ min: 0, max: 1_000 });
const ref: fc.Arbitrary<OutcomeRef> = fc
  .record({
    position: fc.integer({ min: 0, max: PAGE_SIZE - 1 }),
    totals: fc.oneof(
      fc.constant({ items: K, failed: 0, skipped: 0 }),
      fc.record({ items: count, failed: count, skipped: count }),
    ),
    block: fc.constantFrom('0a', 'zz00zz00', '@9'),
    from: fc.integer({ min: 0, max: 2 ** 32 }),
    bytes: fc.integer({ min: 0, max: 4 * 1024 * 1024 }),
    codes: fc.array(fc.constantFrom('MORE', 'A', 'B_2'), { maxLength: 3 }),
  })
  .map(({ position, totals, block, from, bytes, codes }) => ({
    element: encodeElement(position, totals, K),
    location: { block, from, to: from + bytes },
    codes,
  }));

/** The first reference to each position, as the log must return it. */
function firstOf(refs: readonly OutcomeRef[]): Map<number, OutcomeRef> {
  const first = new Map<number, OutcomeRef>();
  for (const one of refs) {
    const position = positionOf(one.element);
    if (!first.has(position)) first.set(position, one);
  }
  return first;
}

function consecutive(length: number): OutcomeRef[] {
  return Array.from({ length }, (_, position) => ({
    element: BigInt(position),
    location: { block: 'a1b2c3d4', from: position * 300, to: (position + 1) * 300 },
    codes: [],
  }));
}

describe('the log of a page', () => {
  test('returns the first reference of each position, however the references are divided into writes', () => {
    const writes = fc.array(fc.array(ref, { maxLength: 8 }), { maxLength: 6 });
    fc.assert(
      fc.property(writes, (groups) => {
        const log = groups.flatMap((group) => encodeLog(group));

        expect(decodeLog(log)).toEqual(firstOf(groups.flat()));
      }),
    );
  });

  test('has one entry for chunks that are adjacent in a block, and stays small', () => {
    const log = encodeLog(consecutive(PAGE_SIZE));

    expect(log).toHaveLength(1);
    expect(log.join('').length).toBeLessThan(4 * PAGE_SIZE);
    expect(decodeLog(log).size).toBe(PAGE_SIZE);
  });

  test('does not change if a write is repeated', () => {
    const log = encodeLog(consecutive(3));

    expect(decodeLog([...log, ...log])).toEqual(decodeLog(log));
  });

  test('with an unknown entry is refused', () => {
    expect(() => decodeLog(['nothing'])).toThrow('not a valid entry of an outcome log');
  });
});
