/** Conditions on the data of an item, used by the rules of workers. */
import { fieldAt } from './item-fields.ts';
import { compareExactly, ExactNumber } from './json/exact-number.ts';

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | FieldCondition;

/**
 * True if the value at `field` meets every requirement given. With `*` in the path, one of the values is
 * enough.
 */
export interface FieldCondition {
  readonly field: string;
  readonly equals?: string | number | boolean | null | undefined;
  /** A pattern for the string: `*` matches any characters, `?` matches one. */
  readonly matches?: string | undefined;
  readonly exists?: boolean | undefined;
  readonly greater?: string | number | undefined;
  readonly less?: string | number | undefined;
}

export function isMet(condition: Condition, source: object): boolean {
  if ('all' in condition) return condition.all.every((each) => isMet(each, source));
  if ('any' in condition) return condition.any.some((each) => isMet(each, source));
  const values = fieldAt(source, condition.field);
  if (condition.exists === false) return values.length === 0;
  return values.some((value) => meets(value, condition));
}

function meets(value: unknown, { equals, matches, greater, less }: FieldCondition): boolean {
  if (equals !== undefined && compareValues(value, equals) !== 0) return false;
  if (matches !== undefined && !(isPlain(value) && matchesPattern(String(value), matches))) return false;
  if (greater !== undefined && !((compareValues(value, greater) ?? 0) > 0)) return false;
  return less === undefined || (compareValues(value, less) ?? 0) < 0;
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) || value instanceof ExactNumber;
}

/**
 * Returns a negative number, 0 or a positive number; `undefined` if the values cannot be compared. A numeric
 * string compares to a number as a number, because CSV has only strings.
 */
function compareValues(value: unknown, to: string | number | boolean | null): number | undefined {
  if (value === to) return 0;
  if (typeof to === 'number') {
    if (typeof value === 'number') return value - to;
    const text = value instanceof ExactNumber || typeof value === 'string' ? String(value).trim() : '';
    return text === '' ? undefined : compareExactly(text, to);
  }
  const comparable = value instanceof ExactNumber ? String(value) : value;
  if (comparable === to) return 0;
  return typeof comparable === 'string' && typeof to === 'string' ? (comparable < to ? -1 : 1) : undefined;
}

/** Runs in time proportional to both lengths for any pattern, because users write the patterns. */
export function matchesPattern(text: string, pattern: string): boolean {
  let textPosition = 0;
  let patternPosition = 0;
  let starPosition = -1;
  let resumePosition = 0;
  while (textPosition < text.length) {
    if (patternPosition < pattern.length && pattern[patternPosition] === '*') {
      starPosition = patternPosition;
      resumePosition = textPosition;
      patternPosition += 1;
    } else if (
      patternPosition < pattern.length &&
      (pattern[patternPosition] === '?' || pattern[patternPosition] === text[textPosition])
    ) {
      textPosition += 1;
      patternPosition += 1;
    } else if (starPosition !== -1) {
      // The last star matches one more character.
      patternPosition = starPosition + 1;
      resumePosition += 1;
      textPosition = resumePosition;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(patternPosition));
}
