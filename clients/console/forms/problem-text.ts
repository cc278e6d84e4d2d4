/** Problems of JSON Schema as the end of a sentence about a part: "must be at least 1". */
import type { OutputUnit } from '@cfworker/json-schema';
import { pathOf } from './pointer.ts';
import { SOURCE_PATTERN } from './source-pattern.ts';

const MAX_NAMED = 12;
export const NOT_EMPTY = 'must not be empty';

export function detailOf(unit: OutputUnit, schema: unknown): string {
  const { keyword } = unit;
  const limit = valueAt(schema, unit.keywordLocation);
  switch (keyword) {
    case 'type':
      return `must be ${[limit].flat().map(typeName).join(' or ')}`;
    case 'enum':
      return `must be one of ${listOf(limit)}`;
    case 'const':
      return `must be ${JSON.stringify(limit)}`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'exclusiveMinimum':
      return `must be above ${limit}`;
    case 'exclusiveMaximum':
      return `must be below ${limit}`;
    case 'multipleOf':
      return `must be a multiple of ${limit}`;
    case 'minLength':
      return limit === 1 ? NOT_EMPTY : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minItems':
      return `must have at least ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
    case 'maxItems':
      return `must have at most ${limit} entries`;
    case 'uniqueItems':
      return 'must not have an entry twice';
    case 'minProperties':
      return `must have at least ${limit} members`;
    case 'maxProperties':
      return `must have at most ${limit} members`;
    case 'pattern':
      return patternText(String(limit));
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not known here';
    case 'not':
      return 'is not allowed here';
    case 'anyOf':
    case 'oneOf':
      return unionText(limit);
    default:
      return `does not match ${keyword}`;
  }
}

function patternText(pattern: string): string {
  if (pattern.startsWith('^https?:')) return 'must be an address that begins with https://';
  if (!SOURCE_PATTERN.test(pattern)) return `must match the pattern ${pattern}`;
  const schemes = ['upload:<id>', 's3://bucket/key', ...(pattern.includes('http') ? ['https://…'] : [])];
  return `must be ${schemes.join(' or ')}`;
}

function unionText(branches: unknown): string {
  const types = [branches]
    .flat()
    .flatMap((branch) => (branch as { type?: unknown } | undefined)?.type)
    .filter((type) => typeof type === 'string');
  return types.length === 0
    ? 'matches none of the forms that are allowed'
    : `must be ${[...new Set(types)].map(typeName).join(' or ')}`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

function typeName(type: unknown): string {
  return TYPE_NAMES[String(type)] ?? String(type);
}

function listOf(values: unknown): string {
  const all = [values].flat();
  const named = all.slice(0, MAX_NAMED).map((value) => JSON.stringify(value));
  return `${named.join(', ')}${all.length > MAX_NAMED ? ' and others' : ''}`;
}

/** Returns the value at the location of a keyword, which leads through references. */
export function valueAt(schema: unknown, location: string): unknown {
  let value: unknown = schema;
  for (const segment of pathOf(location)) {
    value = memberOf(value, segment);
    if (segment === '$ref' && typeof value === 'string') value = valueAt(schema, value);
  }
  return value;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
