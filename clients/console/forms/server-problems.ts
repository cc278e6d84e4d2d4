import { JobtreeError } from 'jobtree/client';
import type { Problem } from './json-schema.ts';
import { pathOf } from './pointer.ts';

/** Returns the parts of the body that the API found wrong. */
export function serverProblems(error: unknown): Problem[] {
  if (!(error instanceof JobtreeError)) return [];
  return error.errors.flatMap(({ pointer, detail }) =>
    pointer === undefined ? [] : [{ path: pathOf(pointer), detail, isMissing: false }],
  );
}
