/** Brent's detection of cycles: finds that a sequence repeats itself, and remembers one element of it. Pure. */

export interface CycleMark {
  /** The element that later ones are compared with. */
  readonly mark: string;
  /** Elements after which the mark moves on; doubles each time. */
  readonly span: number;
  /** Elements since the mark. */
  readonly steps: number;
}

/** The mark after one more element; `repeated`: the sequence has come back to the mark. */
export function nextMark(before: CycleMark | undefined, element: string): CycleMark | 'repeated' {
  if (before === undefined) return { mark: element, span: 1, steps: 0 };
  if (element === before.mark) return 'repeated';
  const steps = before.steps + 1;
  if (steps < before.span) return { ...before, steps };
  return { mark: element, span: 2 * before.span, steps: 0 };
}
