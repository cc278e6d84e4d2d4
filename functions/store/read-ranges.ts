import type { ObjectKey } from '#core/object-address.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Objects } from '#core/ports.ts';

/** The outcomes of a chunk: a range of bytes of a block. */
interface Range {
  readonly key: ObjectKey;
  readonly from: number;
  readonly to: number;
}

/** Adjacent ranges are read together up to this size. */
const MAX_READ_BYTES = 4 * 1024 * 1024;
const PARALLEL_READS = 8;

/**
 * Returns the bytes of each range; `undefined` if its object is missing. Adjacent ranges of a block, as chunks that were
 * reported together have them, are read with one request.
 */
export async function readRanges(
  objects: Pick<Objects, 'get'>,
  ranges: readonly Range[],
): Promise<(Uint8Array | undefined)[]> {
  const reads = await mapParallel(adjacentRanges(ranges), PARALLEL_READS, async (group) => {
    const [first] = group;
    const from = first?.from ?? 0;
    const to = group.at(-1)?.to ?? 0;
    if (first === undefined || from === to) return group.map(() => new Uint8Array());
    const bytes = await objects.get({ key: first.key }, { from, to });
    return group.map((range) => bytes?.subarray(range.from - from, range.to - from));
  });
  return reads.flat();
}

function adjacentRanges(ranges: readonly Range[]): Range[][] {
  const groups: Range[][] = [];
  for (const range of ranges) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const isAdjacent = last?.key === range.key && last.to === range.from;
    const isSmall = group?.[0] !== undefined && range.to - group[0].from <= MAX_READ_BYTES;
    if (group !== undefined && isAdjacent && isSmall) group.push(range);
    else groups.push([range]);
  }
  return groups;
}
