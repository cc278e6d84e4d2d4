/** Turns a JSON Schema into rows for a table: one for each member, with the members of nested objects below. */

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface SchemaRow {
  /** Path of the member, such as `rules[].set`. */
  readonly path: string;
  readonly depth: number;
  readonly type: string;
  readonly isRequired: boolean;
  /** Allowed values, as JSON. */
  readonly choices: readonly string[];
  /** Default value, as JSON. */
  readonly fallback?: string;
  /** Limits in words, such as "from 1 to 120". */
  readonly limits: readonly string[];
  readonly pattern?: string;
  readonly description?: string;
}

/** Members that belong together. A schema with alternatives has one group for each. */
export interface SchemaGroup {
  readonly title?: string;
  readonly rows: readonly SchemaRow[];
}

const MAX_DEPTH = 4;

/** Returns the rows of a schema of an object. */
export function schemaGroups(schema: JsonSchema): SchemaGroup[] {
  const branches = branchesOf(schema, schema);
  const objects = branches.filter((branch) => isObject(branch['properties']));
  if (objects.length === 0) return [{ rows: rowsOf(schema, schema, '', 0) }];
  return objects.map((branch) => ({ title: branchName(branch), rows: rowsOf(branch, schema, '', 0) }));
}

function rowsOf(schema: JsonSchema, root: JsonSchema, parent: string, depth: number): SchemaRow[] {
  const { properties, required } = schema;
  if (!isObject(properties) || depth > MAX_DEPTH) return [];
  const names = Array.isArray(required) ? required : [];
  return Object.entries(properties).flatMap(([name, member]) => {
    const path = parent === '' ? name : `${parent}.${name}`;
    const resolved = resolve(member, root);
    const list = resolved['type'] === 'array' ? resolve(resolved['items'], root) : undefined;
    return [
      { ...rowOf(resolved, root), path, depth, isRequired: names.includes(name) },
      ...rowsOf(list ?? resolved, root, list === undefined ? path : `${path}[]`, depth + 1),
    ];
  });
}

function rowOf(schema: JsonSchema, root: JsonSchema): Omit<SchemaRow, 'path' | 'depth' | 'isRequired'> {
  const { pattern, description, enum: choices } = schema;
  return {
    type: typeName(schema, root),
    choices: Array.isArray(choices) ? choices.map((choice) => JSON.stringify(choice)) : [],
    limits: limitsOf(schema),
    ...('default' in schema && { fallback: JSON.stringify(schema['default']) }),
    ...(typeof pattern === 'string' && { pattern }),
    ...(typeof description === 'string' && { description }),
  };
}

function typeName(schema: JsonSchema, root: JsonSchema, many = false): string {
  const { type } = schema;
  const branches = branchesOf(schema, root);
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (branches.length > 0) return joined(branches.map((branch) => branchType(branch, root)));
  if (Array.isArray(type)) return joined(type.map(String));
  if (type === 'array')
    return `${many ? 'lists' : 'list'} of ${typeName(resolve(schema['items'], root), root, true)}`;
  if (type === 'object') return objectName(schema, root, many);
  if (typeof type !== 'string') return many ? 'any values' : 'any JSON';
  return many ? `${type}s` : type;
}

function objectName(schema: JsonSchema, root: JsonSchema, many: boolean): string {
  const word = many ? 'objects' : 'object';
  const { properties, additionalProperties } = schema;
  if (isObject(properties) || !isObject(additionalProperties)) return word;
  return `${word} of ${typeName(resolve(additionalProperties, root), root, true)}`;
}

function branchType(branch: JsonSchema, root: JsonSchema): string {
  return isObject(branch['properties']) ? `{${branchName(branch)}}` : typeName(branch, root);
}

function joined(names: readonly string[]): string {
  return [...new Set(names)].join(' or ');
}

/** The names of the members that an alternative needs. */
function branchName({ required, properties }: JsonSchema): string {
  const names = Array.isArray(required) ? required : isObject(properties) ? Object.keys(properties) : [];
  return names.join(', ');
}

function branchesOf({ anyOf, oneOf }: JsonSchema, root: JsonSchema): JsonSchema[] {
  const branches = anyOf ?? oneOf;
  return Array.isArray(branches) ? branches.map((branch) => resolve(branch, root)) : [];
}

function limitsOf(schema: JsonSchema): string[] {
  const number = (name: string) => {
    const value = schema[name];
    // Schemas of integers have the limits of JavaScript, which limit nothing.
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
  };
  const above = number('exclusiveMinimum');
  const below = number('exclusiveMaximum');
  return [
    range(number('minimum'), number('maximum'), ''),
    above === undefined ? undefined : `above ${above.toLocaleString('en')}`,
    below === undefined ? undefined : `below ${below.toLocaleString('en')}`,
    range(number('minLength'), number('maxLength'), ' characters'),
    range(number('minItems'), number('maxItems'), ' entries'),
  ].filter((text) => text !== undefined);
}

function range(from: number | undefined, to: number | undefined, unit: string): string | undefined {
  const [first, last] = [from?.toLocaleString('en'), to?.toLocaleString('en')];
  if (first !== undefined && last !== undefined) return `${first} to ${last}${unit}`;
  if (first !== undefined) return `at least ${first}${unit}`;
  return last === undefined ? undefined : `up to ${last}${unit}`;
}

/** Follows a reference inside the document. Unknown references allow any value. */
export function resolve(part: unknown, root: JsonSchema): JsonSchema {
  if (!isObject(part)) return {};
  const { $ref: reference, ...rest } = part;
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return part;
  let target: unknown = root;
  for (const segment of reference.slice(2).split('/')) {
    target = isObject(target) ? target[segment.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  return isObject(target) ? { ...target, ...rest } : rest;
}

export function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
