/** Properties of a schedule that follow from its seed before any choice is drawn. */
import { FULL_PAGE, SMALL_PAGE } from './sizes.ts';

/** Emphasis of a schedule. Without one, rare events seldom meet in the same schedule. */
export type Focus =
  /** Most jobs run templates. */
  | 'templates'
  /** Many tiny jobs start, wait for each other and expire at nearly the same time. */
  | 'crowd'
  /** Splitters throw errors, often without other faults. */
  | 'splitErrors'
  | 'none';

/** Focus by the last digit of the seed in base 8, so that each focus occurs with both page sizes. */
const FOCUS_BY_REMAINDER: Readonly<Record<number, Focus>> = {
  4: 'crowd',
  5: 'crowd',
  6: 'templates',
  7: 'templates',
};

export function focusOf(seed: number): Focus {
  const focus = FOCUS_BY_REMAINDER[seed % 8] ?? 'none';
  return focus === 'crowd' && seed % 24 >= 16 ? 'splitErrors' : focus;
}

/** Returns the page size of a schedule: every second schedule uses small pages. */
export function pageSizeOf(seed: number): number {
  return seed % 2 === 0 ? SMALL_PAGE : FULL_PAGE;
}
