import * as v from 'valibot';
import { storedItems } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { ObjectKey } from '#core/object-address.ts';
import type { Objects } from '#core/ports.ts';
import { manifestKey } from '../store/object-keys.ts';
import { parseStored } from '../store/stored.ts';
import type { NodeAddress } from './child-messages.ts';
import type { Draft, Packed } from './pack-children.ts';

/** A slice ends at the first checkpoint after this many children or bytes. It is held in memory and is one fence write. */
export const SLICE_CHILDREN = 1_000;
export const SLICE_BYTES = 16 * 1024 * 1024;

/** Maximum size of children without a checkpoint. A slice several times as large would not fit into memory. */
export const MAX_SLICE_BYTES = 96 * 1024 * 1024;

/** A slice as it is stored. The messages that it becomes are checked in full where they are read. */
const manifest = v.looseObject({
  drafts: v.array(v.looseObject({ kind: v.picklist(['chunk', 'batch']), items: v.optional(storedItems) })),
  end: v.boolean(),
});

/** The children from one cursor to the next. `end` is true if the splitter has no more. */
export interface Slice {
  readonly drafts: readonly Draft[];
  /** Weight of each draft. Absent if the slice was read from a manifest. */
  readonly weights?: readonly number[];
  readonly cursor?: unknown;
  readonly end: boolean;
}

/** Cuts the children of a splitter into slices. A slice ends only where the splitter can resume. */
export async function* cutIntoSlices(
  packed: AsyncIterable<Packed>,
  isTimeUp: () => boolean,
): AsyncGenerator<Slice> {
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
      // Release the slice before it is sent, because the next one is collected meanwhile.
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
    `the splitter yielded ${children} chunks and batches of more than ${MAX_SLICE_BYTES} bytes without a checkpoint. ` +
      'Yield checkpoints more often, request smaller pages, or make the items smaller.',
  );
}

export interface SliceAddress {
  readonly node: NodeAddress;
  /** The node in earlier runs, newest first. */
  readonly earlier: readonly NodeAddress[];
  /** Number of earlier slices of the node, which is the same in every run. */
  readonly slices: number;
}

/**
 * Returns the slice that was written first, in this run or an earlier one. The source may change between two reads. A
 * concurrent invocation, a redelivery or a retry that reads a different listing still sends the children of the first.
 */
export async function firstWrittenSlice(
  objects: Objects,
  { node, earlier, slices }: SliceAddress,
  ownSlice: Slice,
): Promise<{ slice: Slice; isOurs: boolean }> {
  for (const before of earlier) {
    const slice = await readSlice(objects, manifestKey(before.run, before.path, slices));
    if (slice !== undefined) return { slice, isOurs: false };
  }
  const key = manifestKey(node.run, node.path, slices);
  const { weights: _weights, ...content } = ownSlice;
  const written = await objects.putIfAbsent(key, JSON.stringify(content), {
    contentType: 'application/json',
  });
  if (written === 'written') return { slice: ownSlice, isOurs: true };
  const slice = await readSlice(objects, key);
  if (slice === undefined) throw new Error(`manifest ${key} exists but cannot be read`);
  return { slice, isOurs: false };
}

async function readSlice(objects: Objects, key: ObjectKey): Promise<Slice | undefined> {
  const bytes = await objects.get({ key });
  if (bytes === undefined) return undefined;
  return parseStored(manifest, new TextDecoder().decode(bytes), `manifest ${key}`) as Slice;
}
