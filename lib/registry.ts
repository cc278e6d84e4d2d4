import * as z from 'zod';
import type { AllowedNames } from '#contract/allow-lists.ts';
import type { JobType } from '#contract/job-type.ts';
import type { TemplateVersion } from '#contract/template.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What parameters or definitions must look like: a zod schema, or JSON Schema as it is. */
export type Schema = z.ZodType | JsonSchema;

interface Registered {
  readonly name: string;
  readonly description: string;
}

/** What is deployed, as the API shows it and checks requests against it (registry.json beside its code). */
export interface Registry {
  readonly splitters: readonly (Registered & { readonly definition: JsonSchema })[];
  readonly workers: readonly (Registered & { readonly parameters: JsonSchema })[];
  readonly jobTypes: readonly JobType[];
  readonly templates: readonly TemplateVersion[];
  /** Names that jobs may use, without what stands behind them. */
  readonly secrets: AllowedNames;
  readonly functions: AllowedNames;
}

/** JSON Schema of what a caller may send, so a property with a default is optional. */
export function jsonSchema(schema: Schema): JsonSchema {
  // Users' apps may have a zod of their own, whose classes are not ours.
  return '_zod' in schema
    ? z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' })
    : schema;
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** Names are parts of URLs, of logical ids and of what users write into their jobs. */
export function checkNames(
  kind: 'worker' | 'splitter',
  own: readonly string[],
  shipped: readonly string[],
): void {
  for (const name of own) {
    if (!NAME.test(name)) {
      throw new Error(
        `${kind} '${name}' has a name that is not allowed; use a-z, 0-9 and -, a letter first, at most 40`,
      );
    }
    if (shipped.includes(name)) {
      throw new Error(
        `${kind} '${name}' is one that jobtree brings (${shipped.join(', ')}); choose another name`,
      );
    }
  }
}
