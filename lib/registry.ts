import { type ConversionConfig, toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import * as z from 'zod';
import type { AllowedNames } from '#contract/allow-lists.ts';
import type { JobType } from '#contract/job-type.ts';
import type { TemplateVersion } from '#contract/template.ts';
import type { Schema as StandardSchema } from '#core/schema.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Schema of parameters or definitions: a JSON Schema, or a schema of zod, of valibot, or of another library that implements
 * Standard JSON Schema (https://standardschema.dev).
 */
export type Schema = StandardSchema | JsonSchema;

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
  if (!('~standard' in schema)) return schema;
  const { vendor, jsonSchema: converter } = (schema as Convertible)['~standard'];
  // The app may have its own copy of the library, so `instanceof` would not work.
  if (vendor === 'zod')
    return z.toJSONSchema(schema as unknown as z.ZodType, { io: 'input', unrepresentable: 'any' });
  if (vendor === 'valibot') return { ...toJsonSchema(schema as unknown as GenericSchema, OF_VALIBOT) };
  if (converter !== undefined) return converter.input({ target: 'draft-2020-12' });
  throw new Error(
    `jobtree cannot convert a schema of ${vendor} to JSON Schema; use zod, valibot, a library that implements Standard JSON Schema, or write a JSON Schema`,
  );
}

type Convertible = StandardSchema & {
  readonly '~standard': {
    readonly jsonSchema?: { readonly input: (options: { readonly target: string }) => JsonSchema };
  };
};

const OF_VALIBOT: ConversionConfig = {
  target: 'draft-2020-12',
  typeMode: 'input',
  // Checks that JSON Schema cannot express run when the definition or the parameters are used.
  errorMode: 'ignore',
  // Flags of a pattern cannot be expressed either, but the pattern can.
  overrideAction: ({ valibotAction, jsonSchema: made }) =>
    valibotAction.type === 'regex'
      ? {
          ...made,
          pattern: (valibotAction as unknown as { readonly requirement: RegExp }).requirement.source,
        }
      : undefined,
};

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
