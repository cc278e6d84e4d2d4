/** Turns what a schema found wrong into the places that a problem names. */
import type * as z from 'zod';
import { refusal } from '#contract/problem.ts';
import type { JobServiceError, ProblemDetail } from '#core/errors.ts';
import { jsonPointer } from './inspect-json.ts';

type Issue = z.core.$ZodIssue;

/** A body with thousands of faults is told its first ones. */
const MAX_ERRORS = 50;
const MAX_NAMED_IN_DETAIL = 3;

/** `at` is where in the body the checked value stands. */
export function wrongBody(issues: readonly Issue[], at: readonly string[] = []): JobServiceError {
  return wrongPlaces(issues.flatMap(placesOf), at);
}

interface Place {
  readonly path: readonly PropertyKey[];
  readonly detail: string;
}

export function wrongPlaces(places: readonly Place[], at: readonly string[] = []): JobServiceError {
  const errors = places.map(({ path, detail }) => ({ pointer: jsonPointer([...at, ...path]), detail }));
  return invalid('body', errors, ({ pointer }) => (pointer === '' ? 'it' : pointer));
}

export function wrongQuery(issues: readonly Issue[]): JobServiceError {
  const errors = issues.flatMap(placesOf).map(({ path, detail }) => ({
    parameter: String(path[0] ?? ''),
    detail,
  }));
  return invalid('query', errors, ({ parameter }) => parameter);
}

function invalid<E extends ProblemDetail>(
  what: string,
  all: E[],
  name: (error: E) => string,
): JobServiceError {
  const errors = all.slice(0, MAX_ERRORS);
  const named = errors.slice(0, MAX_NAMED_IN_DETAIL).map((error) => `${name(error)}: ${error.detail}`);
  const more = all.length - named.length;
  const detail = `the ${what} is not valid: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  return refusal('invalid-request', detail, { errors });
}

function placesOf(issue: Issue): Place[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], detail: 'is not known here' }));
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    // A member whose schema takes every value is still required.
    const expected = issue.expected === 'nonoptional' ? 'any value' : issue.expected;
    return [{ path: issue.path, detail: `is missing; ${expected} is expected` }];
  }
  if (issue.code === 'invalid_union') return [{ path: issue.path, detail: unionDetail(issue.errors) }];
  return [{ path: issue.path, detail: issue.message }];
}

/** What each allowed form misses: whoever wrote the value knows which one was meant. */
function unionDetail(branches: readonly (readonly Issue[])[]): string {
  const reasons = branches.flatMap(([first]) =>
    first === undefined ? [] : [[...first.path.map(String), first.message].join(': ')],
  );
  return `fits none of the allowed forms (${[...new Set(reasons)].slice(0, MAX_NAMED_IN_DETAIL).join(' | ')})`;
}
