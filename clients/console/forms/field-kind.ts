/** Selects how a part of a schema is edited. */
import type { UiSchema } from '@rjsf/utils';
import { isObject, type JsonSchema } from './json-schema.ts';
import { SOURCE_PATTERN } from './source-pattern.ts';

/** Fields of this project. Other parts are edited by the fields of the form library. */
export type FieldKind = 'source' | 'strings' | 'pairs' | 'json';

/** Deeper objects are edited as JSON. */
const MAX_DEPTH = 3;

/** Returns the settings of the form library that select the field of each part. */
export function uiSchemaOf(schema: unknown, depth = 0): UiSchema {
  if (!isObject(schema)) return {};
  const kind = fieldKind(schema, depth);
  if (kind !== undefined) return { 'ui:field': kind, 'ui:fieldReplacesAnyOrOneOf': true };
  const { properties, items, anyOf, oneOf } = schema;
  return {
    ...(isObject(properties) &&
      Object.fromEntries(
        Object.entries(properties).map(([name, part]) => [name, uiSchemaOf(part, depth + 1)]),
      )),
    ...(isObject(items) && { items: uiSchemaOf(items, depth + 1) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map((part) => uiSchemaOf(part, depth)) }),
    ...(Array.isArray(oneOf) && { oneOf: oneOf.map((part) => uiSchemaOf(part, depth)) }),
  };
}

function fieldKind(schema: JsonSchema, depth: number): FieldKind | undefined {
  const { type, anyOf, oneOf, allOf, properties, items } = schema;
  if (acceptsSource(schema)) return 'source';
  if (type === 'array') return arrayKind(items, depth);
  if (type === 'object') {
    if (isObject(properties)) return depth > MAX_DEPTH ? 'json' : undefined;
    if (isUnionOfObjects(schema)) return undefined;
    return isStringSchema(schema['additionalProperties']) ? 'pairs' : depth === 0 ? undefined : 'json';
  }
  if ('enum' in schema || 'const' in schema) return undefined;
  if (anyOf !== undefined || oneOf !== undefined || allOf !== undefined)
    return isUnionOfObjects(schema) ? undefined : 'json';
  return typeof type === 'string' ? undefined : 'json';
}

function arrayKind(items: unknown, depth: number): FieldKind | undefined {
  if (isStringSchema(items)) return 'strings';
  return isObject(items) && isObject(items['properties']) && depth <= MAX_DEPTH ? undefined : 'json';
}

function isStringSchema(schema: unknown): boolean {
  return isObject(schema) && schema['type'] === 'string' && !('enum' in schema);
}

function isUnionOfObjects({ anyOf, oneOf }: JsonSchema): boolean {
  const branches = anyOf ?? oneOf;
  return (
    Array.isArray(branches) &&
    branches.length > 0 &&
    branches.every((branch) => isObject(branch) && isObject(branch['properties']))
  );
}

/** True for the address of a file, and for a list of them. */
function acceptsSource({ type, pattern, anyOf, items }: JsonSchema): boolean {
  if (type === 'string') return typeof pattern === 'string' && SOURCE_PATTERN.test(pattern);
  if (type === 'array') return isObject(items) && acceptsSource(items);
  return Array.isArray(anyOf) && anyOf.every((part) => isObject(part) && acceptsSource(part));
}

/** True if a source may be a list. */
export function acceptsMany({ type, anyOf }: JsonSchema): boolean {
  return type === 'array' || (Array.isArray(anyOf) && anyOf.some((part) => part?.type === 'array'));
}

/** Gives branches of unions a name, so that the form can offer them: the names of their required members. */
export function withBranchNames(schema: JsonSchema): JsonSchema {
  const named = (branches: unknown) =>
    Array.isArray(branches)
      ? branches.map((branch) =>
          isObject(branch) && branch['title'] === undefined
            ? { ...branch, title: branchName(branch) }
            : branch,
        )
      : branches;
  const { anyOf, oneOf } = schema;
  return { ...schema, ...(anyOf ? { anyOf: named(anyOf) } : {}), ...(oneOf ? { oneOf: named(oneOf) } : {}) };
}

function branchName({ required, properties }: JsonSchema): string {
  const names = Array.isArray(required) ? required : Object.keys(isObject(properties) ? properties : {});
  return names.join(', ');
}
