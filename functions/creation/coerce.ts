/** Converts strings to the types that a JSON Schema expects. CAF clients send every parameter as a string. */
import { jsonFault } from './inspect-json.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** Maximum number of nested references to follow, because a schema may refer to itself. */
const MAX_DEPTH = 8;

/** Returns the values with strings converted where the schema expects another type. Other strings stay unchanged. */
export function coerceTexts(
  schema: JsonSchema,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { properties, additionalProperties } = schema;
  const entries = Object.entries(values).map(([name, value]) => {
    const ownSchema = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    return [name, coerce(value, typesOf(ownSchema ?? additionalProperties, schema))];
  });
  return Object.fromEntries(entries);
}

type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'object' | 'array';

/** Returns the types that a schema allows, or none if it does not restrict them. */
function typesOf(schema: unknown, root: JsonSchema, depth = 0): Set<JsonType> {
  if (!isObject(schema) || depth > MAX_DEPTH) return new Set();
  const { type, enum: values, anyOf, oneOf, allOf, $ref } = schema;
  const constants = 'const' in schema ? [schema['const']] : values;
  const alternatives = [anyOf, oneOf, allOf].flatMap((several) => (Array.isArray(several) ? several : []));
  return new Set([
    ...([type].flat().filter((name) => typeof name === 'string') as JsonType[]),
    ...(Array.isArray(constants) ? constants.map(typeOf) : []),
    ...[...alternatives, referenced($ref, root)].flatMap((part) => [...typesOf(part, root, depth + 1)]),
  ]);
}

function typeOf(value: unknown): JsonType {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : (typeof value as JsonType);
}

/** Returns the part of the schema that a reference such as `#/$defs/name` points to. */
function referenced(reference: unknown, root: JsonSchema): unknown {
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (schema, name) => (isObject(schema) && Object.hasOwn(schema, name) ? schema[name] : undefined),
      root,
    );
}

function coerce(value: unknown, types: ReadonlySet<JsonType>): unknown {
  if (typeof value !== 'string' || types.size === 0 || types.has('string')) return value;
  const parsed = jsonOf(value);
  if (parsed === undefined) return value;
  const type = typeOf(parsed);
  return types.has(type) || (type === 'number' && types.has('integer')) ? parsed : value;
}

/** Returns the value of a string that is JSON by the rules of this API, or `undefined`. */
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
