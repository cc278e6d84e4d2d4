import type { ObjectKey } from '#core/object-address.ts';
import type { Objects } from '#core/ports.ts';
import { manifestKey } from '../store/object-keys.ts';
import type { NodeAddress } from './child-messages.ts';
import type { Draft, Packed } from './pack-children.ts';

/** Children after which a slice ends at the next checkpoint: what is held in memory at once, and one fence write. */
export const SLICE_CHILDREN = 1_000;

/** A run of children from one cursor to the next. `end`: the splitter has no more. */
export interface Slice {
  readonly drafts: readonly Draft[];
  readonly cursor?: unknown;
  readonly end: boolean;
}

/** Cuts what a splitter gives into slices; a slice ends only where the splitter could go on from later. */
export async function* sliced(packed: AsyncIterable<Packed>, isOver: () => boolean): AsyncGenerator<Slice> {
  let drafts: Draft[] = [];
  for await (const next of packed) {
    if (next.kind !== 'checkpoint') {
      drafts.push(next);
    } else if (drafts.length >= SLICE_CHILDREN || isOver()) {
      yield { drafts, cursor: next.cursor, end: false };
      drafts = [];
    }
  }
  yield { drafts, end: true };
}

export interface SlicePlace {
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
export async function sliceThatCounts(
  objects: Objects,
  { node, earlier, slices }: SlicePlace,
  taken: Slice,
): Promise<{ slice: Slice; isOurs: boolean }> {
  for (const before of earlier) {
    const slice = await readSlice(objects, manifestKey(before.run, before.path, slices));
    if (slice !== undefined) return { slice, isOurs: false };
  }
  const key = manifestKey(node.run, node.path, slices);
  const written = await objects.putIfAbsent(key, JSON.stringify(taken), { contentType: 'application/json' });
  if (written === 'written') return { slice: taken, isOurs: true };
  const slice = await readSlice(objects, key);
  if (slice === undefined) throw new Error(`manifest ${key} exists and cannot be read`);
  return { slice, isOurs: false };
}

async function readSlice(objects: Objects, key: ObjectKey): Promise<Slice | undefined> {
  const bytes = await objects.get({ key });
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as Slice);
}
