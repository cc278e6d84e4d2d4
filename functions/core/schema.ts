/** Schemas of parameters and definitions. Users write them with a library of their choice. */

/** A schema of a library that implements Standard Schema (https://standardschema.dev), such as zod or valibot. */
export interface Schema<T = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Result<T> | Promise<Result<T>>;
  };
}

type Result<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

const MAX_SHOWN_PROBLEMS = 5;

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  /** Each problem with its location, such as `/limits/0: Expected number but received "1"`. */
  | { readonly ok: false; readonly reason: string };

/** Checks a value. The result has the defaults of the schema. */
export function checkBy<T>(schema: Schema<T>, value: unknown): Checked<T> {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) {
    throw new Error(
      `a schema of ${schema['~standard'].vendor} checks asynchronously, which is not supported; use only synchronous checks`,
    );
  }
  return result.issues === undefined
    ? { ok: true, value: result.value }
    : { ok: false, reason: reasonOf(result.issues) };
}

function reasonOf(issues: readonly SchemaIssue[]): string {
  const shown = issues.slice(0, MAX_SHOWN_PROBLEMS).map(textOf).join('; ');
  const more = issues.length - MAX_SHOWN_PROBLEMS;
  return more > 0 ? `${shown}; and ${more} more` : shown;
}

function textOf({ message, path = [] }: SchemaIssue): string {
  const names = path.map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  return `/${names.join('/')}: ${message}`;
}
