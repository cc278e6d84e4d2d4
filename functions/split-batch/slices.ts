import type { Objects } from '#core/ports.ts';
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

/**
 * The slice that counts where the source may change between two looks: the first one written down. A twin or a
 * repeat that finds another listing sends the children of the first all the same.
 */
export async function firstWritten(
  objects: Objects,
  key: string,
  slice: Slice,
): Promise<{ slice: Slice; isOurs: boolean }> {
  const written = await objects.putIfAbsent(key, JSON.stringify(slice), { contentType: 'application/json' });
  if (written === 'written') return { slice, isOurs: true };
  const bytes = await objects.get({ key });
  if (bytes === undefined) throw new Error(`manifest ${key} exists and cannot be read`);
  return { slice: JSON.parse(new TextDecoder().decode(bytes)) as Slice, isOurs: false };
}
