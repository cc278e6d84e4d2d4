import { PermanentFailure } from '#core/errors.ts';
import type { ObjectKey } from '#core/object-address.ts';
import type { Objects } from '#core/ports.ts';
import { manifestKey } from '../store/object-keys.ts';
import type { NodeAddress } from './child-messages.ts';
import type { Draft, Packed } from './pack-children.ts';

/** A slice ends at the next checkpoint after so many children or bytes of them: it is held in memory, and is one fence write. */
export const SLICE_CHILDREN = 1_000;
export const SLICE_BYTES = 16 * 1024 * 1024;

/** Of children without a checkpoint among them. A slice several times as large would not fit in the function's memory. */
export const MAX_SLICE_BYTES = 96 * 1024 * 1024;

/** A run of children from one cursor to the next. `end`: the splitter has no more. */
export interface Slice {
  readonly drafts: readonly Draft[];
  /** Of each draft; absent where the slice was read back. */
  readonly weights?: readonly number[];
  readonly cursor?: unknown;
  readonly end: boolean;
}

/** Cuts what a splitter gives into slices; a slice ends only where the splitter could go on from later. */
export async function* cutIntoSlices(packed: AsyncIterable<Packed>, isTimeUp: () => boolean): AsyncGenerator<Slice> {
  let drafts: Draft[] = [];
  let weights: number[] = [];
  let bytes = 0;
  for await (const next of packed) {
    if (next.kind === 'child') {
      drafts.push(next.draft);
      weights.push(next.weight);
      bytes += next.weight;
      if (bytes > MAX_SLICE_BYTES) throw tooLarge(drafts.length);
    } else if (drafts.length >= SLICE_CHILDREN || bytes >= SLICE_BYTES || isTimeUp()) {
      const slice = { drafts, weights, cursor: next.cursor, end: false };
      // Not held here while the slice is sent and the next one grows.
      drafts = [];
      weights = [];
      bytes = 0;
      yield slice;
    }
  }
  yield { drafts, weights, end: true };
}

function tooLarge(children: number): PermanentFailure {
  return new PermanentFailure(
    'too-much-at-once',
    `the splitter gave ${children} tasks and batches of more than ${MAX_SLICE_BYTES} bytes without a checkpoint; ` +
      'give checkpoints more often, ask for smaller pages, or put less in one item',
  );
}

export interface SliceAddress {
  readonly node: NodeAddress;
  /** The node in the runs before this one, the newest first. */
  readonly earlier: readonly NodeAddress[];
  /** Slices of the node that came before, the same in every run. */
  readonly slices: number;
}

/**
 * The slice that counts where the source may change between two looks: the first one written down, in this run or an
 * earlier one. A twin, a repeat or a retry that finds another listing sends the children of the first all the same.
 */
export async function firstWrittenSlice(
  objects: Objects,
  { node, earlier, slices }: SliceAddress,
  taken: Slice,
): Promise<{ slice: Slice; isOurs: boolean }> {
  for (const before of earlier) {
    const slice = await readSlice(objects, manifestKey(before.run, before.path, slices));
    if (slice !== undefined) return { slice, isOurs: false };
  }
  const key = manifestKey(node.run, node.path, slices);
  const { weights: _weights, ...manifest } = taken;
  const written = await objects.putIfAbsent(key, JSON.stringify(manifest), {
    contentType: 'application/json',
  });
  if (written === 'written') return { slice: taken, isOurs: true };
  const slice = await readSlice(objects, key);
  if (slice === undefined) throw new Error(`manifest ${key} exists and cannot be read`);
  return { slice, isOurs: false };
}

async function readSlice(objects: Objects, key: ObjectKey): Promise<Slice | undefined> {
  const bytes = await objects.get({ key });
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as Slice);
}
