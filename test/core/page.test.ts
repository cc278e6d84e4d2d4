import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addTotals,
  encodeElement,
  isComplete,
  NO_ITEMS,
  PAGE_SIZE,
  pageAbove,
  pageOfChild,
  pageTotals,
  positionOf,
  sealedPages,
  subtractTotals,
  type Totals,
  totalsOf,
} from '#core/page.ts';

const SQUARE = PAGE_SIZE * PAGE_SIZE;
const EDGES = [0, 1, 2, 255, 256, 257, 511, 512, 513, SQUARE - 1, SQUARE, SQUARE + 1];

const itemsPerTask = fc.integer({ min: 1, max: 1_000 });
const totals = fc.record({
  items: fc.oneof(
    fc.nat(1_000),
    fc.maxSafeNat().map((n) => n % (10 ** 12 - 1)),
  ),
  failed: fc.oneof(
    fc.nat(1_000),
    fc.maxSafeNat().map((n) => n % 10 ** 12),
  ),
  skipped: fc.oneof(
    fc.nat(1_000),
    fc.maxSafeNat().map((n) => n % 10 ** 11),
  ),
});
const index = fc.oneof(fc.nat(1_000), fc.nat(2 ** 31 - 1));

/** Number of elements that each page of a level expects once the node is sealed. */
function placesOf(children: number): number[] {
  return sealedPages(children).map(({ page, expected }) => page * PAGE_SIZE + expected);
}

describe('the seal of a node', () => {
  test.each(EDGES)('gives each of %i children exactly one position', (children) => {
    const pages = new Map<string, number>();
    for (let child = 0; child < children; child += 1) {
      const { level, page } = pageOfChild(child);
      const place = `${level}.${page}`;
      pages.set(place, (pages.get(place) ?? 0) + 1);
    }

    const [bottom] = sealedPages(children);

    const expectedOf = (page: number) => (page === bottom?.page ? bottom.expected : PAGE_SIZE);
    const wanted = Array.from({ length: (bottom?.page ?? 0) + 1 }, (_, page) => expectedOf(page));
    expect(Array.from(wanted, (_, page) => pages.get(`0.${page}`) ?? 0)).toEqual(wanted);
    expect(pages.size).toBe(children === 0 ? 0 : wanted.length);
  });

  test.each([
    [0, [[0, 0, 0, true]]],
    [1, [[0, 0, 1, true]]],
    [256, [[0, 0, 256, true]]],
    [
      257,
      [
        [0, 1, 1, false],
        [1, 0, 2, true],
      ],
    ],
    [
      SQUARE,
      [
        [0, 255, 256, false],
        [1, 0, 256, true],
      ],
    ],
    [
      SQUARE + 1,
      [
        [0, 256, 1, false],
        [1, 1, 1, false],
        [2, 0, 2, true],
      ],
    ],
  ])('of %i children names the right edge and its top', (children, edge) => {
    const pages = sealedPages(children);

    expect(pages.map(({ level, page, expected, top }) => [level, page, expected, top])).toEqual(edge);
  });

  test('expects on each level the pages of the level below, up to one top page', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...EDGES), fc.nat(70_000), fc.nat(2 ** 40)), (children) => {
        const edge = sealedPages(children);
        const places = placesOf(children);

        expect(places[0]).toBe(children);
        expect(places.slice(1)).toEqual(edge.slice(0, -1).map(({ page }) => page + 1));
        expect(edge.map(({ level }) => level)).toEqual(edge.map((_, level) => level));
        expect(edge.map(({ top }) => top)).toEqual(edge.map((_, level) => level === edge.length - 1));
        for (const { expected } of edge) expect(expected).toBeLessThanOrEqual(PAGE_SIZE);
        if (children > 0) for (const { expected } of edge) expect(expected).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test('leads every child to the top page through the pages that it lists', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, at) => {
          const edge = sealedPages(n);
          let place = pageOfChild(Math.min(n - 1, Math.floor(at * n)));

          while (place.level < edge.length - 1) place = pageAbove(place);

          expect(place).toEqual({ level: edge.length - 1, page: 0 });
        },
      ),
    );
  });

  test('writes at most 4 pages for up to 4 billion children', () => {
    expect(sealedPages(PAGE_SIZE ** 4)).toHaveLength(4);
    expect(sealedPages(PAGE_SIZE ** 4 + 1)).toHaveLength(5);
  });
});

describe('an element', () => {
  test('decodes to the values that it was encoded from, in at most 38 digits', () => {
    fc.assert(
      fc.property(index, totals, itemsPerTask, (child, of, full) => {
        const element = encodeElement(child, of, full);

        expect(totalsOf(element, full)).toEqual(of);
        expect(positionOf(element)).toBe(child % PAGE_SIZE);
        expect(String(element).length).toBeLessThanOrEqual(38);
      }),
      { numRuns: 1_000 },
    );
  });

  test('encodes the largest possible numbers', () => {
    const most = { items: 10 ** 12 - 2, failed: 10 ** 12 - 1, skipped: 10 ** 11 - 1 };

    const element = encodeElement(255, most, 25);

    expect(totalsOf(element, 25)).toEqual(most);
    expect(String(element)).toHaveLength(38);
  });

  test('of a full chunk of successes is only its position, below 1000', () => {
    fc.assert(
      fc.property(index, totals, itemsPerTask, (child, of, full) => {
        const isPlain = encodeElement(child, of, full) < 1_000n;

        expect(isPlain).toBe(of.items === full && of.failed === 0 && of.skipped === 0);
      }),
    );
    expect(encodeElement(300, { items: 25, failed: 0, skipped: 0 }, 25)).toBe(44n);
  });

  test('of a child without items differs from a full chunk', () => {
    const element = encodeElement(7, NO_ITEMS, 25);

    expect(element).not.toBe(encodeElement(7, { items: 25, failed: 0, skipped: 0 }, 25));
    expect(totalsOf(element, 25)).toEqual(NO_ITEMS);
  });

  test('differs from that of the same child with other totals', () => {
    fc.assert(
      fc.property(index, totals, totals, itemsPerTask, (child, a, b, full) => {
        const isSame = a.items === b.items && a.failed === b.failed && a.skipped === b.skipped;

        expect(encodeElement(child, a, full) === encodeElement(child, b, full)).toBe(isSame);
      }),
    );
  });
});

describe('a page', () => {
  const full: Totals = { items: 10, failed: 0, skipped: 0 };
  const small = fc.record({ items: fc.nat(12), failed: fc.nat(3), skipped: fc.nat(3) });
  const ticks = fc.array(
    fc
      .tuple(fc.nat(PAGE_SIZE - 1), fc.oneof(fc.constant(full), small))
      .map(([i, of]) => encodeElement(i, of, 10)),
    { maxLength: 60 },
  );

  test('has the same totals in any order and with any duplicates', () => {
    fc.assert(
      fc.property(
        ticks.chain((elements) =>
          fc.tuple(
            fc.constant(elements),
            fc.shuffledSubarray(elements, { minLength: elements.length }),
            fc.subarray(elements),
          ),
        ),
        ([elements, shuffled, repeated]) => {
          const united = new Set([...shuffled.slice(0, 9), ...repeated, ...shuffled]);

          expect(pageTotals(united, 10)).toEqual(pageTotals(elements, 10));
          expect(isComplete({ elements: united, expected: 9 })).toBe(
            isComplete({ elements: new Set(elements), expected: 9 }),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('counts each child once, by the larger of its elements', () => {
    const one = encodeElement(4, { items: 10, failed: 1, skipped: 0 }, 10);
    const other = encodeElement(4, { items: 10, failed: 3, skipped: 0 }, 10);
    const plain = encodeElement(4, full, 10);

    expect(pageTotals([other, plain, one], 10)).toEqual({ items: 10, failed: 3, skipped: 0 });
  });

  test('adds up its children', () => {
    const elements = [
      encodeElement(0, full, 10),
      encodeElement(1, NO_ITEMS, 10),
      encodeElement(2, { items: 7, failed: 2, skipped: 1 }, 10),
    ];

    expect(pageTotals(elements, 10)).toEqual({ items: 17, failed: 2, skipped: 1 });
  });

  test('is complete when all expected children are recorded, and two elements of one child count once', () => {
    const twice = [full, NO_ITEMS].map((of) => encodeElement(0, of, 10));

    expect(isComplete({ elements: new Set(twice), expected: 2 })).toBe(false);
    expect(isComplete({ elements: new Set([...twice, 1n]), expected: 2 })).toBe(true);
    expect(isComplete({ elements: new Set(), expected: 0 })).toBe(true);
  });

  test('that is not sealed is complete only when it is full', () => {
    const elements = Array.from({ length: PAGE_SIZE }, (_, i) => BigInt(i));

    expect(isComplete({ elements: new Set(elements.slice(1)) })).toBe(false);
    expect(isComplete({ elements: new Set(elements) })).toBe(true);
    expect(isComplete({ elements: new Set() })).toBe(false);
  });
});

test('subtracting totals reverses adding them', () => {
  fc.assert(
    fc.property(totals, totals, (a, b) => {
      expect(subtractTotals(addTotals(a, b), b)).toEqual(a);
      expect(addTotals(a, b)).toEqual(addTotals(b, a));
    }),
  );
});
