import { PermanentFailure } from '#core/errors.ts';
import type { Item, NumberRange, OutcomeRecord } from '#core/item.ts';
import { MAX_NESTING, measure } from '#core/json-weight.ts';
import type { Child, StepSource } from '#core/splitter.ts';
import { DistinctIds } from './distinct-ids.ts';

/** A child of a node before it is sent: a chunk of items or a sub-batch. */
export type Draft =
  | {
      readonly kind: 'chunk';
      readonly items: readonly Item[];
      /** Number of items whose id was changed, because it repeats in the chunk. */
      readonly repeatedIds?: number;
      /** In a retry: recorded outcomes of the other items of the chunk, and the total attempts of these items. */
      readonly done?: readonly OutcomeRecord[];
      readonly maxAttempts?: number;
    }
  | { readonly kind: 'chunk'; readonly range: NumberRange }
  | { readonly kind: 'chunk'; readonly sources: readonly StepSource[] }
  | { readonly kind: 'batch'; readonly definition: unknown; readonly splitter?: string };

export type Packed =
  | { readonly kind: 'child'; readonly draft: Draft; readonly weight: number }
  | { readonly kind: 'checkpoint'; readonly cursor: unknown };

/** Maximum weight of a chunk, even with fewer than K items: worker and splitter hold a chunk in memory. */
export const MAX_CHUNK_BYTES = 4 * 1024 * 1024;

/** Weight of a chunk or batch without its items. */
const DRAFT_BYTES = 200;

/**
 * Packs items into chunks of K, or fewer if they are large. Every checkpoint closes the open chunk, not only the one that
 * ends a slice. Chunk boundaries then depend on the splitter alone, and a repeated slice gives the same children.
 */
export async function* packChildren(
  children: AsyncIterable<Child> | Iterable<Child>,
  itemsPerTask: number,
): AsyncGenerator<Packed> {
  const open = new OpenChunk();
  for await (const child of children) {
    switch (child.kind) {
      case 'item':
        open.add(child);
        if (open.size === itemsPerTask || open.weight >= MAX_CHUNK_BYTES) yield* open.closed();
        break;
      case 'range':
        yield* open.closed();
        for (const draft of chunksOfRange(child.range, itemsPerTask)) yield light(draft);
        break;
      case 'outcomes':
        yield* open.closed();
        yield light({ kind: 'chunk', sources: child.sources });
        break;
      case 'batch':
        yield* open.closed();
        yield { kind: 'child', draft: child, weight: weightOfBatch(child) };
        break;
      default:
        yield* open.closed();
        yield child;
    }
  }
  yield* open.closed();
}

function light(draft: Draft): Packed {
  return { kind: 'child', draft, weight: DRAFT_BYTES };
}

class OpenChunk {
  #items: Item[] = [];
  #ids = new DistinctIds();
  weight = DRAFT_BYTES;

  get size(): number {
    return this.#items.length;
  }

  add({ kind: _kind, ...found }: Child & { kind: 'item' }): void {
    const id = this.#ids.take(found.id);
    const item = id === found.id ? found : { ...found, id };
    const { weight, isTooDeep } = measure(item);
    this.weight += isTooDeep ? DRAFT_BYTES : weight;
    this.#items.push(isTooDeep ? tooDeep(item) : item);
  }

  closed(): Packed[] {
    const { changed } = this.#ids;
    const draft: Draft = {
      kind: 'chunk',
      items: this.#items,
      ...(changed === 0 ? {} : { repeatedIds: changed }),
    };
    const packed: Packed[] = this.#items.length === 0 ? [] : [{ kind: 'child', draft, weight: this.weight }];
    this.#items = [];
    this.#ids = new DistinctIds();
    this.weight = DRAFT_BYTES;
    return packed;
  }
}

/** Returns a broken item, so that it fails alone. A value nested this deep cannot be serialized into a message. */
function tooDeep({ id }: Item): Item {
  return {
    id,
    problem: `the item is nested deeper than ${MAX_NESTING} levels. Flatten it, or pass it as a file or a string.`,
  };
}

function weightOfBatch({ definition }: Draft & { kind: 'batch' }): number {
  const { weight, isTooDeep } = measure(definition);
  if (!isTooDeep) return DRAFT_BYTES + weight;
  throw new PermanentFailure(
    'invalid-definition',
    `the definition of a sub-batch is nested deeper than the allowed ${MAX_NESTING} levels. Flatten it.`,
  );
}

/** Returns the weight of a draft that was read from a manifest. */
export function weightOf(draft: Draft): number {
  if (draft.kind === 'batch') return DRAFT_BYTES + measure(draft.definition).weight;
  return DRAFT_BYTES + ('items' in draft ? measure(draft.items).weight : 0);
}

function* chunksOfRange({ from, step, count }: NumberRange, itemsPerTask: number): Generator<Draft> {
  for (let done = 0; done < count; done += itemsPerTask) {
    const range = { from: from + done * step, step, count: Math.min(itemsPerTask, count - done) };
    yield { kind: 'chunk', range };
  }
}

export function itemCount(draft: Draft): number {
  // Items from an earlier step were counted when they were found.
  if (draft.kind === 'batch' || 'sources' in draft) return 0;
  return 'range' in draft ? draft.range.count : draft.items.length;
}

/** Returns the note for items whose id was changed, if there are any. */
export function noteOfRepeatedIds(drafts: readonly Draft[]): string | undefined {
  const count = drafts.reduce(
    (sum, draft) => sum + ('repeatedIds' in draft ? (draft.repeatedIds ?? 0) : 0),
    0,
  );
  if (count === 0) return undefined;
  return `${count} ${count === 1 ? 'item has' : 'items have'} the id of an earlier item of the chunk; #2, #3 … was added to the id`;
}
