/** Schemas of the route table as JSON Schema 2020-12, those with a name as components of the document. */
import * as z from 'zod';

export type Json = Readonly<Record<string, unknown>>;

type Override = Exclude<z.core.ToJSONSchemaParams['override'], undefined>;

const NAMED = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/** What a body says beyond its schema is refused, and what a view says beyond it is not shown. */
const closeObject: Override = ({ zodSchema, jsonSchema }) => {
  if (zodSchema._zod.def.type === 'object') jsonSchema.additionalProperties ??= false;
};

export class SchemaComponents {
  readonly #named: Record<string, Json> = {};

  /**
   * The schema of a body, as it is sent: what has a default may be left out. Views have no defaults, and a body that
   * was captured is shown as it came.
   */
  of(schema: z.ZodType): Json {
    // Within another one, a schema that has a name itself becomes a reference too.
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

  /** By name, in its order. */
  all(): Json {
    return Object.fromEntries(Object.entries(this.#named).sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

/** The schema of a parameter, as its handler gets it. */
export function parameterSchema(field: z.ZodType): Json {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(field, { io: 'output', unrepresentable: 'any' });
  return schema;
}
