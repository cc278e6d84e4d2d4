/** Texts where a JSON Schema asks for something else: CAF clients write every parameter as a text. */
import { jsonFault } from './inspect-json.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** References are followed so far; a schema may refer to itself. */
const MAX_DEPTH = 8;

/** The values with those texts read that the schema wants otherwise; what cannot be read stays as it is. */
export function coerceTexts(
  schema: JsonSchema,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { properties, additionalProperties } = schema;
  const entries = Object.entries(values).map(([name, value]) => {
    const own = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    return [name, coerced(value, typesOf(own ?? additionalProperties, schema))];
  });
  return Object.fromEntries(entries);
}

type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'object' | 'array';

/** The types that a schema allows; none if it does not say. */
function typesOf(schema: unknown, root: JsonSchema, depth = 0): Set<JsonType> {
  if (!isObject(schema) || depth > MAX_DEPTH) return new Set();
  const { type, enum: values, anyOf, oneOf, allOf, $ref } = schema;
  const constants = 'const' in schema ? [schema['const']] : values;
  const below = [anyOf, oneOf, allOf].flatMap((several) => (Array.isArray(several) ? several : []));
  return new Set([
    ...([type].flat().filter((name) => typeof name === 'string') as JsonType[]),
    ...(Array.isArray(constants) ? constants.map(typeOf) : []),
    ...[...below, referred($ref, root)].flatMap((part) => [...typesOf(part, root, depth + 1)]),
  ]);
}

function typeOf(value: unknown): JsonType {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : (typeof value as JsonType);
}

/** What `#/$defs/name` refers to. */
function referred(reference: unknown, root: JsonSchema): unknown {
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (place, name) => (isObject(place) && Object.hasOwn(place, name) ? place[name] : undefined),
      root,
    );
}

function coerced(value: unknown, types: ReadonlySet<JsonType>): unknown {
  if (typeof value !== 'string' || types.size === 0 || types.has('string')) return value;
  const read = jsonOf(value);
  if (read === undefined) return value;
  const type = typeOf(read);
  return types.has(type) || (type === 'number' && types.has('integer')) ? read : value;
}

/** The value of a text that is JSON as this API takes it. */
function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return jsonFault(text) === undefined ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
