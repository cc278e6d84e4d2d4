import type { DraftState } from '../../forms/draft.ts';
import type { Problem } from '../../forms/json-schema.ts';
import type { Path } from '../../forms/pointer.ts';
import type { CatalogQueries } from './use-catalog.ts';

/** The state that the parts of the form share. */
export interface FormState {
  readonly draft: DraftState;
  readonly catalog: CatalogQueries;
  /** Problems to show at their fields. */
  readonly problems: readonly Problem[];
}

/** Returns the problems of exactly this part. */
export function problemsAt(problems: readonly Problem[], ...path: Path): string[] {
  return problems.filter((problem) => isAt(problem.path, path)).map(({ detail }) => detail);
}

function isAt(path: Path, other: Path): boolean {
  return path.length === other.length && path.every((segment, at) => segment === other[at]);
}

/** Returns the problems of a part and of everything below it, with paths from the part. */
export function problemsBelow(problems: readonly Problem[], ...path: Path): Problem[] {
  return problems
    .filter((problem) => path.every((segment, at) => problem.path[at] === segment))
    .map((problem) => ({ ...problem, path: problem.path.slice(path.length) }));
}
