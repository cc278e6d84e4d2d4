import type { Item, NumberRange, OutcomeRecord } from '#core/item.ts';
import type { Child } from '#core/splitter.ts';

/** A child of a node as it will be sent: a chunk of items, or a sub-batch. */
export type Draft =
  | {
      readonly kind: 'chunk';
      readonly items: readonly Item[];
      /** Of a retry: what is recorded of the other items of the chunk, and how often these may be tried in all. */
      readonly done?: readonly OutcomeRecord[];
      readonly maxAttempts?: number;
    }
  | { readonly kind: 'chunk'; readonly range: NumberRange }
  | { readonly kind: 'chunk'; readonly sources: readonly { readonly step: string; readonly key: string }[] }
  | { readonly kind: 'batch'; readonly definition: unknown; readonly splitter?: string };

export type Packed = Draft | { readonly kind: 'checkpoint'; readonly cursor: unknown };

/**
 * Packs items into chunks of K. A chunk is closed at every checkpoint, not only where a slice happens to end:
 * the boundaries then depend on the splitter alone, and a repeated slice gives the same children.
 */
export async function* packChildren(
  children: AsyncIterable<Child> | Iterable<Child>,
  itemsPerTask: number,
): AsyncGenerator<Packed> {
  let items: Item[] = [];
  const closed = (): Draft[] => {
    const chunk = items;
    items = [];
    return chunk.length === 0 ? [] : [{ kind: 'chunk', items: chunk }];
  };
  for await (const child of children) {
    switch (child.kind) {
      case 'item': {
        const { kind: _kind, ...item } = child;
        items.push(item);
        if (items.length === itemsPerTask) yield* closed();
        break;
      }
      case 'range':
        yield* closed();
        yield* chunksOfRange(child.range, itemsPerTask);
        break;
      case 'outcomes':
        yield* closed();
        yield { kind: 'chunk', sources: child.sources };
        break;
      default:
        yield* closed();
        yield child;
    }
  }
  yield* closed();
}

function* chunksOfRange({ from, step, count }: NumberRange, itemsPerTask: number): Generator<Draft> {
  for (let done = 0; done < count; done += itemsPerTask) {
    const range = { from: from + done * step, step, count: Math.min(itemsPerTask, count - done) };
    yield { kind: 'chunk', range };
  }
}

export function itemCount(draft: Draft): number {
  // Items that a step takes over were counted when they were found.
  if (draft.kind === 'batch' || 'sources' in draft) return 0;
  return 'range' in draft ? draft.range.count : draft.items.length;
}
