/** Conditions on the data of an item, used by the rules of workers. */
import { fieldAt } from './item-fields.ts';

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

export function holds(condition: Condition, source: object): boolean {
  if ('all' in condition) return condition.all.every((each) => holds(each, source));
  if ('any' in condition) return condition.any.some((each) => holds(each, source));
  const values = fieldAt(source, condition.field);
  if (condition.exists === false) return values.length === 0;
  return values.some((value) => meets(value, condition));
}

function meets(value: unknown, { equals, matches, greater, less }: FieldCondition): boolean {
  if (equals !== undefined && compared(value, equals) !== 0) return false;
  if (matches !== undefined && !(isPlain(value) && matchesPattern(String(value), matches))) return false;
  if (greater !== undefined && !((compared(value, greater) ?? 0) > 0)) return false;
  return less === undefined || (compared(value, less) ?? 0) < 0;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/**
 * Returns a negative number, 0 or a positive number; `undefined` if the values cannot be compared. A numeric
 * string compares to a number as a number, because CSV has only strings.
 */
function compared(value: unknown, to: string | number | boolean | null): number | undefined {
  const known =
    typeof to === 'number' && typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (known === to) return 0;
  if (typeof known === 'number' && typeof to === 'number') return known - to;
  return typeof known === 'string' && typeof to === 'string' ? (known < to ? -1 : 1) : undefined;
}

/** Runs in time proportional to both lengths for any pattern, because users write the patterns. */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (place < pattern.length && pattern[place] === '*') {
      star = place;
      resume = at;
      place += 1;
    } else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === text[at])) {
      at += 1;
      place += 1;
    } else if (star !== -1) {
      // The last star matches one more character.
      place = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(place));
}
