import { describe, expect, test } from 'vitest';
import { MAX_NESTING, measure } from '#core/json-weight.ts';
import { type Child, checkpoint, item } from '#core/splitter.ts';
import { MAX_CHUNK_BYTES, packChildren } from '../../../functions/split-batch/pack-children.ts';
import { cutIntoSlices, SLICE_BYTES } from '../../../functions/split-batch/slices.ts';
import { CheckpointPace } from '../../../functions/split-batch/splitters/checkpoint-pace.ts';

const MEGABYTE = 1024 * 1024;

async function chunksOf(children: Iterable<Child>, itemsPerTask: number): Promise<number[]> {
  const sizes: number[] = [];
  for await (const packed of packChildren(children, itemsPerTask)) {
    if (packed.kind === 'child' && 'items' in packed.draft) sizes.push(packed.draft.items.length);
  }
  return sizes;
}

function* itemsOf(count: number, bytes: number): Generator<Child> {
  for (let n = 0; n < count; n += 1) yield item(`${n}`, 'x'.repeat(bytes));
}

describe('a chunk', () => {
  test('has the requested number of items if they are small', async () => {
    expect(await chunksOf(itemsOf(25, 100), 10)).toEqual([10, 10, 5]);
  });

  test('ends at its bytes where they are large', async () => {
    expect(await chunksOf(itemsOf(10, MEGABYTE), 1_000)).toEqual([4, 4, 2]);
  });

  test('has one item where that alone is too large', async () => {
    expect(await chunksOf(itemsOf(2, 2 * MAX_CHUNK_BYTES), 10)).toEqual([1, 1]);
  });
});

test('a slice ends at the first checkpoint after its bytes', async () => {
  function* children(): Generator<Child> {
    for (let n = 0; n < 40; n += 1) {
      yield item(`${n}`, 'x'.repeat(MEGABYTE));
      yield checkpoint(n);
    }
  }

  const sizes: number[] = [];
  for await (const { drafts } of cutIntoSlices(packChildren(children(), 1), () => false))
    sizes.push(drafts.length);

  expect(sizes).toEqual([SLICE_BYTES / MEGABYTE, SLICE_BYTES / MEGABYTE, 40 - (2 * SLICE_BYTES) / MEGABYTE]);
});

describe('checkpoints come', () => {
  function placesOf(count: number, bytes: number, itemsPerTask: number, from = 0): number[] {
    const pace = new CheckpointPace(itemsPerTask);
    const places = Array.from({ length: count - from }, (_, n) => (pace.isDue(bytes) ? from + n + 1 : 0));
    return places.filter((place) => place > 0);
  }

  test('after forty full chunks of small items', () => {
    expect(placesOf(2_500, 100, 25)).toEqual([1_000, 2_000]);
  });

  test('at the end of a chunk if items are large', () => {
    expect(placesOf(2_000, 20 * 1024, 50)).toEqual([450, 900, 1_350, 1_800]);
  });

  test('within a chunk if the chunk exceeds the memory limit', () => {
    expect(placesOf(40, MEGABYTE, 1_000)).toEqual([12, 24, 36]);
  });

  test('at the same positions, from whichever of them splitting resumes', () => {
    const all = placesOf(2_000, 20 * 1024, 50);

    for (const [at, place] of all.entries())
      expect(placesOf(2_000, 20 * 1024, 50, place)).toEqual(all.slice(at + 1));
  });
});

describe('the weight of a value', () => {
  test.each([
    ['a string', 'x'.repeat(1_000), 1_000, 1_100],
    ['a list', Array.from({ length: 100 }, () => 'xxxxxxxxxx'), 1_000, 3_000],
    ['a map', Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`name-${n}`, n])), 1_000, 5_000],
    ['a number', 5, 1, 100],
  ])('of %s is about what it takes', (_, value, least, most) => {
    const { weight } = measure(value);

    expect(weight).toBeGreaterThanOrEqual(least);
    expect(weight).toBeLessThanOrEqual(most);
  });

  test('is not that of one nested too deep, or of one that contains itself', () => {
    const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;

    expect(measure(nested(MAX_NESTING)).isTooDeep).toBe(false);
    expect(measure(nested(MAX_NESTING + 1)).isTooDeep).toBe(true);
    expect(measure(nested(400_000)).isTooDeep).toBe(true);
    expect(measure(circle).isTooDeep).toBe(true);
  });
});
