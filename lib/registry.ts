import * as z from 'zod';
import type { AllowedNames } from '#contract/allow-lists.ts';
import type { JobType } from '#contract/job-type.ts';
import type { TemplateVersion } from '#contract/template.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schema of parameters or definitions: a zod schema or JSON Schema. */
export type Schema = z.ZodType | JsonSchema;

interface Registered {
  readonly name: string;
  readonly description: string;
}

/**
 * The deployed workers, splitters, job types and templates. The API shows them and validates requests against
 * them (registry.json next to its code).
 */
export interface Registry {
  readonly splitters: readonly (Registered & { readonly definition: JsonSchema })[];
  readonly workers: readonly (Registered & {
    readonly parameters: JsonSchema;
    /** For jobs that do not state it. @default 25 */
    readonly itemsPerTask?: number;
  })[];
  readonly jobTypes: readonly JobType[];
  readonly templates: readonly TemplateVersion[];
  /** Names that jobs may use, without the secrets or functions behind them. */
  readonly secrets: AllowedNames;
  readonly functions: AllowedNames;
}

/** Returns the JSON Schema of the input, in which a property with a default is optional. */
export function jsonSchema(schema: Schema): JsonSchema {
  // The app may have its own copy of zod, so `instanceof` would not work.
  return '_zod' in schema
    ? z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' })
    : schema;
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** Throws for names that are not allowed. Names are used in URLs, in logical ids and in job definitions. */
export function checkNames(
  kind: 'worker' | 'splitter',
  own: readonly string[],
  shipped: readonly string[],
): void {
  for (const name of own) {
    if (!NAME.test(name)) {
      throw new Error(
        `${kind} '${name}' has a name that is not allowed; use a letter followed by a-z, 0-9 and -, at most 40 characters`,
      );
    }
    if (shipped.includes(name)) {
      throw new Error(
        `${kind} '${name}' has the name of one included in jobtree (${shipped.join(', ')}); choose another name`,
      );
    }
  }
}
