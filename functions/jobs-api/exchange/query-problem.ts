/** The problem of an invalid query: each parameter with the value received, what is allowed, and what to do. */
import type * as z from 'zod';
import type { JobServiceError, ProblemDetail } from '#core/errors.ts';
import { invalidParameters } from '../../creation/wrong-input.ts';

type Issue = z.core.$ZodIssue;
type SentQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

const MAX_SHOWN_CHARACTERS = 200;

/** `allowed` are the parameters of the operation. */
export function invalidQuery(
  issues: readonly Issue[],
  sent: SentQuery,
  allowed: readonly string[],
): JobServiceError {
  return invalidParameters(issues.flatMap((issue) => errorsOf(issue, sent, allowed)));
}

type QueryError = ProblemDetail & { readonly parameter: string };

function errorsOf(issue: Issue, sent: SentQuery, allowed: readonly string[]): QueryError[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ parameter: key, detail: unknownParameter(key, allowed) }));
  const [name, position] = issue.path;
  const parameter = String(name ?? '');
  const values = sent[parameter];
  const value = typeof values === 'string' ? values : values?.[Number(position ?? Number.NaN)];
  if (value === undefined) {
    const count = values?.length ?? 0;
    return [{ parameter, detail: `is sent ${count} times; send it once` }];
  }
  return [{ parameter, detail: `received '${shortened(value)}'; ${reasonOf(issue)}` }];
}

function reasonOf(issue: Issue): string {
  if (issue.code === 'invalid_value') return `use one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_big' && issue.origin === 'string')
    return `at most ${issue.maximum} characters are allowed`;
  return issue.message;
}

function unknownParameter(name: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return 'is not known here; this operation has no query parameters. Leave it out';
  const similar = allowed.find((other) => isSimilar(name.toLowerCase(), other.toLowerCase()));
  const hint = similar === undefined ? '' : `did you mean ${similar}? `;
  return `is not known here; ${hint}Allowed parameters: ${allowed.join(', ')}`;
}

/** True if one character was added, left out or replaced, or if two neighbors were swapped. */
function isSimilar(one: string, other: string): boolean {
  if (one === other) return true;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const [rest, otherRest] = [one.slice(start), other.slice(start)];
  const swapped = `${rest[1] ?? ''}${rest[0] ?? ''}${rest.slice(2)}`;
  return (
    rest.slice(1) === otherRest ||
    rest === otherRest.slice(1) ||
    rest.slice(1) === otherRest.slice(1) ||
    swapped === otherRest
  );
}

function shortened(value: string): string {
  const text = value.toWellFormed();
  return text.length <= MAX_SHOWN_CHARACTERS
    ? text
    : `${text.slice(0, MAX_SHOWN_CHARACTERS)}…`.toWellFormed();
}
