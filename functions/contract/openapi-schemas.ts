/** Schemas of the route table as JSON Schema 2020-12. Named schemas become components of the document. */
import * as z from 'zod';

export type Json = Readonly<Record<string, unknown>>;

type Override = Exclude<z.core.ToJSONSchemaParams['override'], undefined>;

const NAMED = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/** Closes objects: a body with other members is rejected, and a view never shows others. */
const closeObject: Override = ({ zodSchema, jsonSchema }) => {
  if (zodSchema._zod.def.type === 'object') jsonSchema.additionalProperties ??= false;
};

export class SchemaComponents {
  readonly #named: Record<string, Json> = {};

  /**
   * Returns the schema of a body as clients send it: members with a default are optional. Views have no
   * defaults, and a captured body is shown unchanged.
   */
  of(schema: z.ZodType): Json {
    // Inside another object, a named schema becomes a reference too.
    const json = z.toJSONSchema(z.object({ schema }), {
      io: 'input',
      unrepresentable: 'any',
      override: closeObject,
    });
    const text = JSON.stringify(json).replaceAll(`"${NAMED}`, `"${COMPONENTS}`);
    const { properties, $defs = {} } = JSON.parse(text) as { properties: { schema: Json }; $defs?: Json };
    Object.assign(this.#named, $defs);
    return properties.schema;
  }

  /** Returns all named schemas, ordered by name. */
  all(): Json {
    return Object.fromEntries(Object.entries(this.#named).sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

/** Returns the schema of a parameter as its handler receives it. */
export function parameterSchema(field: z.ZodType): Json {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(field, { io: 'output', unrepresentable: 'any' });
  return schema;
}
