/** Brent's cycle detection: notices that a sequence repeats, while remembering only one element. Pure. */

export interface CycleMark {
  /** The element that later elements are compared with. */
  readonly mark: string;
  /** Number of elements after which the mark moves. Doubles each time. */
  readonly span: number;
  /** Number of elements since the mark. */
  readonly steps: number;
}

/** Returns the mark after one more element, or `repeated` if the sequence has returned to the mark. */
export function nextMark(before: CycleMark | undefined, element: string): CycleMark | 'repeated' {
  if (before === undefined) return { mark: element, span: 1, steps: 0 };
  if (element === before.mark) return 'repeated';
  const steps = before.steps + 1;
  if (steps < before.span) return { ...before, steps };
  return { mark: element, span: 2 * before.span, steps: 0 };
}
