/** Makes an example value of a JSON Schema, with the members that are required. */
import { isObject, type JsonSchema, resolve } from './schema-rows.ts';

/** Strings that match the patterns of sources and addresses. */
const STRINGS = ['example', 'upload:<id>', 'https://example.com/items', 's3://bucket/key'];
const MAX_DEPTH = 6;

export function exampleOf(schema: JsonSchema, root: JsonSchema = schema, depth = 0): unknown {
  const { default: fallback, examples, const: fixed, enum: choices, anyOf, oneOf, type } = schema;
  if (fallback !== undefined) return fallback;
  if (fixed !== undefined) return fixed;
  const [given] = [examples, choices].flatMap((list) => (Array.isArray(list) ? list.slice(0, 1) : []));
  if (given !== undefined) return given;
  const branches = anyOf ?? oneOf;
  if (Array.isArray(branches)) return exampleOf(resolve(branches[0], root), root, depth + 1);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object':
      return objectOf(schema, root, depth);
    case 'array':
      return listOf(schema, root, depth);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return true;
    default:
      return stringOf(schema);
  }
}

function objectOf({ properties, required }: JsonSchema, root: JsonSchema, depth: number): unknown {
  if (!isObject(properties) || !Array.isArray(required) || depth > MAX_DEPTH) return {};
  return Object.fromEntries(
    required.map((name: string) => [name, exampleOf(resolve(properties[name], root), root, depth + 1)]),
  );
}

/** Returns one entry, so that the example shows its form. */
function listOf({ items }: JsonSchema, root: JsonSchema, depth: number): unknown {
  return [exampleOf(resolve(items, root), root, depth + 1)];
}

function numberOf({ minimum, exclusiveMinimum, maximum }: JsonSchema): number {
  if (typeof minimum === 'number' && minimum > 0) return minimum;
  if (typeof exclusiveMinimum === 'number' && exclusiveMinimum >= 1) return exclusiveMinimum + 1;
  return typeof maximum === 'number' && maximum < 10 ? maximum : 10;
}

function stringOf({ pattern, minLength }: JsonSchema): string {
  const matching =
    STRINGS.find((text) => typeof pattern !== 'string' || matches(pattern, text)) ?? STRINGS[0];
  return (matching ?? '').padEnd(typeof minLength === 'number' ? minLength : 0, '-');
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return false;
  }
}
