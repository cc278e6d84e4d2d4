/** Converts the issues of a schema into the errors of a problem, each with its location. */
import type * as z from 'zod';
import { refusal } from '#contract/problem.ts';
import type { JobServiceError, ProblemDetail } from '#core/errors.ts';
import { jsonPointer } from './inspect-json.ts';

type Issue = z.core.$ZodIssue;

/** Maximum number of errors in a problem; a body can have thousands of faults. */
const MAX_ERRORS = 50;
const MAX_NAMED_IN_DETAIL = 3;

/** `at` is the path of the checked value in the body. */
export function invalidBody(issues: readonly Issue[], at: readonly string[] = []): JobServiceError {
  return invalidMembers(issues.flatMap(faultsOf), at);
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly detail: string;
}

export function invalidMembers(faults: readonly Fault[], at: readonly string[] = []): JobServiceError {
  const errors = faults.map(({ path, detail }) => ({ pointer: jsonPointer([...at, ...path]), detail }));
  return invalid('body', errors, ({ pointer }) => (pointer === '' ? 'it' : pointer));
}

export function invalidParameters(
  errors: (ProblemDetail & { readonly parameter: string })[],
): JobServiceError {
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

function faultsOf(issue: Issue): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], detail: 'is not known here' }));
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    // A member whose schema accepts every value is still required.
    const expected = issue.expected === 'nonoptional' ? 'any value' : issue.expected;
    return [{ path: issue.path, detail: `is missing; ${expected} is expected` }];
  }
  if (issue.code === 'invalid_union') return [{ path: issue.path, detail: unionDetail(issue.errors) }];
  return [{ path: issue.path, detail: issue.message }];
}

/** Lists the fault of each allowed form, because only the author of the value knows which form it was meant to have. */
function unionDetail(branches: readonly (readonly Issue[])[]): string {
  const reasons = branches.flatMap(([first]) =>
    first === undefined ? [] : [[...first.path.map(String), first.message].join(': ')],
  );
  return `matches none of the allowed forms (${[...new Set(reasons)].slice(0, MAX_NAMED_IN_DETAIL).join(' | ')})`;
}
