/** Checks the items that a definition itself contains, before anything is split or sent: their number and ids. Pure. */

import { shortenId } from './failure.ts';
import { idOfEntry } from './item-id.ts';
import { tooManyItems } from './item-limit.ts';

export interface NumbersFromTo {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly step: number;
}

export function countOfNumbers({ from, to, step }: NumbersFromTo): number {
  return Math.max(0, Math.ceil((to - from) / step));
}

export interface SizeFault {
  /** Path within the definition. */
  readonly path: readonly string[];
  readonly detail: string;
}

/**
 * Returns why the stack cannot accept a definition that matches its schema; `undefined` if it can, or if the
 * size is not known yet.
 */
export function sizeFault(splitter: string, definition: unknown, maxItems: number): SizeFault | undefined {
  const members = definition as { readonly [name: string]: unknown } | null;
  if (splitter === 'range') return rangeFault(members, maxItems);
  const items = splitter === 'items' ? members?.['items'] : undefined;
  if (!Array.isArray(items)) return undefined;
  return countFault(items.length, maxItems, ['items']) ?? repeatedId(items);
}

/** Returns the first item with the id of an earlier one. */
function repeatedId(items: readonly unknown[]): SizeFault | undefined {
  const positions = new Map<string, number>();
  for (const [at, item] of items.entries()) {
    const id = idOfEntry(item, at);
    const first = positions.get(id);
    if (first !== undefined) {
      const detail = `has the id '${shortenId(id)}', which is already the id of item ${first}; use unique ids. The id of an item is its field id, or its index`;
      return { path: ['items', String(at)], detail };
    }
    positions.set(id, at);
  }
  return undefined;
}

/** Returns the error for more than `maxItems` items, located at `path`. */
export function countFault(items: number, maxItems: number, path: readonly string[]): SizeFault | undefined {
  const failure = tooManyItems(items, maxItems);
  return failure && { path, detail: failure.message };
}

function rangeFault(
  members: { readonly [name: string]: unknown } | null,
  maxItems: number,
): SizeFault | undefined {
  const { from, to, step = 1 } = members ?? {};
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || !Number.isSafeInteger(step))
    return undefined;
  const range = { from, to, step } as NumbersFromTo;
  if (range.to < range.from) {
    return { path: ['to'], detail: `is ${to}, which is less than from (${from}); use ${from} or more` };
  }
  return countFault(countOfNumbers(range), maxItems, ['to']);
}
