/** Counts the items of a batch from its definition alone, before anything is split or sent. Pure. */
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
  return Array.isArray(items) ? countFault(items.length, maxItems, ['items']) : undefined;
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
