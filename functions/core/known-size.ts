/** How many items a batch has, where its definition alone tells: before anything is split or sent. Pure. */
import { tooManyItems } from './limits.ts';

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
  /** Within the definition. */
  readonly path: readonly string[];
  readonly detail: string;
}

/** Why a definition that fits its schema can be no job here; `undefined`: it can, or its size is not known yet. */
export function sizeFault(splitter: string, definition: unknown, maxItems: number): SizeFault | undefined {
  const members = definition as { readonly [name: string]: unknown } | null;
  if (splitter === 'range') return rangeFault(members, maxItems);
  const items = splitter === 'items' ? members?.['items'] : undefined;
  return Array.isArray(items) ? countFault(items.length, maxItems, ['items']) : undefined;
}

/** Why so many items are too many, at this place. */
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
    return { path: ['to'], detail: `is ${to}, below from, which is ${from}; give a number from ${from} on` };
  }
  return countFault(countOfNumbers(range), maxItems, ['to']);
}
