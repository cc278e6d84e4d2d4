/**
 * The tree of pages that detects when a node is complete, without counting down.
 *
 * The children of a node are numbered 0, 1, 2 … in the order of emission. Child i is element i mod 256 of
 * page (level 0, ⌊i/256⌋). A complete page is an element of a page one level up, until one page is the top. A
 * page only grows by set union, so duplicates, reordering and repeats have no effect (docs/explanation/decisions/0002).
 */

import type { OutcomeRef } from './recorded-outcomes.ts';

/** Children of a page: the largest power of two for which a full page still costs one write unit (1 KB). */
export const PAGE_SIZE = 256;

/** Totals of a child, a page or a node: its items, and how many of them failed or were skipped. */
export interface Totals {
  readonly items: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NO_ITEMS: Totals = { items: 0, failed: 0, skipped: 0 };

export function addTotals(a: Totals, b: Totals): Totals {
  return { items: a.items + b.items, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

export function subtractTotals(a: Totals, b: Totals): Totals {
  return { items: a.items - b.items, failed: a.failed - b.failed, skipped: a.skipped - b.skipped };
}

export interface PageAddress {
  readonly level: number;
  readonly page: number;
}

/** The stored state of a page. `expected` and `top` are known only on the right edge of a sealed node. */
export interface PageState {
  readonly elements: ReadonlySet<bigint>;
  readonly expected?: number;
  readonly top?: boolean;
  /** Number of children of the node, on the first page of a sealed node. */
  readonly children?: number;
  /** Partial progress of chunks, by position, in thousandths of items. */
  readonly underway?: ReadonlyMap<number, number>;
  /** Recorded outcomes of chunks, by position. Absent if the page has none. */
  readonly outcomes?: ReadonlyMap<number, OutcomeRef>;
}

const PLAIN_LIMIT = 1_000n;
const ITEMS_UNIT = 1_000n;
const FAILED_UNIT = 10n ** 15n;
const SKIPPED_UNIT = 10n ** 27n;

/**
 * Encodes a child as an element of a page, with at most 38 digits. Below 1000 it is the position of a chunk
 * whose full count of items succeeded. Otherwise it is skipped·10^27 + failed·10^15 + (items + 1)·10^3 +
 * position. The + 1 distinguishes a child without items from a full chunk.
 */
export function encodeElement(index: number, totals: Totals, itemsPerTask: number): bigint {
  const position = BigInt(index % PAGE_SIZE);
  if (totals.items === itemsPerTask && totals.failed === 0 && totals.skipped === 0) return position;
  return (
    BigInt(totals.skipped) * SKIPPED_UNIT +
    BigInt(totals.failed) * FAILED_UNIT +
    BigInt(totals.items + 1) * ITEMS_UNIT +
    position
  );
}

/** True for a chunk whose full count of items succeeded. */
export function isFullSuccess(element: bigint): boolean {
  return element < PLAIN_LIMIT;
}

export function positionOf(element: bigint): number {
  return Number(element % ITEMS_UNIT);
}

export function totalsOf(element: bigint, itemsPerTask: number): Totals {
  if (isFullSuccess(element)) return { items: itemsPerTask, failed: 0, skipped: 0 };
  return {
    items: Number((element % FAILED_UNIT) / ITEMS_UNIT) - 1,
    failed: Number((element % SKIPPED_UNIT) / FAILED_UNIT),
    skipped: Number(element / SKIPPED_UNIT),
  };
}

/**
 * Returns the element that counts for each position: the largest, so that union is commutative and
 * idempotent.
 */
export function elementsByPosition(elements: Iterable<bigint>): Map<number, bigint> {
  const byPosition = new Map<number, bigint>();
  for (const element of elements) {
    const position = positionOf(element);
    const current = byPosition.get(position);
    if (current === undefined || element > current) byPosition.set(position, element);
  }
  return byPosition;
}

export function pageTotals(elements: Iterable<bigint>, itemsPerTask: number): Totals {
  let sum = NO_ITEMS;
  for (const element of elementsByPosition(elements).values())
    sum = addTotals(sum, totalsOf(element, itemsPerTask));
  return sum;
}

/** True if every expected child is recorded. An unsealed page is complete only when it is full. */
export function isComplete(state: PageState): boolean {
  return elementsByPosition(state.elements).size === (state.expected ?? PAGE_SIZE);
}

/** Returns the partial progress of chunks that are not recorded yet, in thousandths of items. */
export function pageUnderway({ elements, underway }: PageState): number {
  if (underway === undefined || underway.size === 0) return 0;
  const recorded = elementsByPosition(elements);
  let sum = 0;
  for (const [position, thousandths] of underway) if (!recorded.has(position)) sum += thousandths;
  return sum;
}

export function pageOfChild(index: number): PageAddress {
  return { level: 0, page: Math.floor(index / PAGE_SIZE) };
}

export function pageAbove({ level, page }: PageAddress): PageAddress {
  return { level: level + 1, page: Math.floor(page / PAGE_SIZE) };
}

/** The page that every seal writes first, so that conflicting seals meet on it. */
export const FIRST_PAGE: PageAddress = { level: 0, page: 0 };

export interface SealedPage extends PageAddress {
  readonly expected: number;
  readonly top: boolean;
}

/**
 * Returns the pages that a seal writes: the right edge of the tree, one page per level, at most 4 for up to 4
 * billion children.
 */
export function sealedPages(children: number): SealedPage[] {
  const edge: SealedPage[] = [];
  for (let count = children, level = 0; ; level += 1) {
    const page = Math.max(0, Math.floor((count - 1) / PAGE_SIZE));
    const top = page === 0;
    edge.push({ level, page, expected: count - page * PAGE_SIZE, top });
    if (top) return edge;
    count = page + 1;
  }
}
