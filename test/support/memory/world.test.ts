import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareUtf8 } from '../../../functions/kit/testing/utf8.ts';
import { SeededRandom, VirtualClock } from './world.ts';

describe('a virtual clock', () => {
  test('moves only forward', () => {
    const clock = new VirtualClock(1000);

    clock.advance(500);
    clock.advanceTo(1200);
    clock.advanceTo(2000);

    expect(clock.now()).toBe(2000);
  });
});

describe('seeded chance', () => {
  test('is the same for the same seed, and another for another', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 50 },
        (
          (random) => () =>
            random.next()
        )(new SeededRandom(seed)),
      );

    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(3).every((number) => number >= 0 && number < 1)).toBe(true);
  });

  test('is spread evenly', () => {
    const random = new SeededRandom(42);
    const counts = new Array<number>(10).fill(0);

    for (let i = 0; i < 100_000; i += 1) {
      const tenth = Math.floor(random.next() * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }

    expect(Math.min(...counts)).toBeGreaterThan(9_500);
    expect(Math.max(...counts)).toBeLessThan(10_500);
  });

  test('gives ids that sort as they came', () => {
    const random = new SeededRandom();
    const ids = Array.from({ length: 2000 }, () => random.id());

    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(2000);
  });
});

describe('the order of texts', () => {
  test('is that of their UTF-8 bytes', () => {
    const character = fc.oneof(
      fc.integer({ min: 0, max: 0xd7ff }),
      fc.integer({ min: 0xe000, max: 0xffff }),
      fc.integer({ min: 0x10000, max: 0x10ffff }),
    );
    const text = fc.array(character, { maxLength: 4 }).map((points) => String.fromCodePoint(...points));
    fc.assert(
      fc.property(text, text, text, (start, a, b) => {
        const order = Buffer.compare(Buffer.from(start + a), Buffer.from(start + b));

        expect(Math.sign(compareUtf8(start + a, start + b))).toBe(order);
      }),
    );
  });

  test('puts characters beyond 16 bits last', () => {
    expect(['😀', '\uFF5E', 'a'].toSorted(compareUtf8)).toEqual(['a', '\uFF5E', '😀']);
  });
});
