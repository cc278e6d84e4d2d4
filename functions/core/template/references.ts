/** References of a template to values of the job: `$.parameters.a.b`, `$.jobId`, `$.partitionId`. */

/** The values that references can name. */
export interface ReferenceValues {
  readonly parameters: unknown;
  readonly jobId: string;
  readonly partitionId: string;
}

export interface Reference {
  /** Location of the reference in the value. */
  readonly path: readonly string[];
  /** The path that it names, such as `['parameters', 'a', 'b']`. */
  readonly names: readonly string[];
}

type JsonSchema = Readonly<Record<string, unknown>>;

/** Matches a reference. A literal string that begins like one is escaped with a second `$`: `$$.items`. */
const REFERENCE = /^\$\./;
const ESCAPED = /^\$\$\./;

/** Returns all references in a value, outermost first. */
export function referencesIn(value: unknown, path: readonly string[] = []): Reference[] {
  if (typeof value === 'string') {
    return REFERENCE.test(value) ? [{ path, names: value.slice(2).split('.') }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => referencesIn(member, [...path, name]));
}

/** Returns the value with its references replaced. A member whose reference does not exist is omitted. */
export function resolveReferences(value: unknown, words: ReferenceValues): unknown {
  if (typeof value === 'string') {
    if (REFERENCE.test(value)) return valueAt(words, value.slice(2).split('.'));
    return ESCAPED.test(value) ? value.slice(1) : value;
  }
  if (Array.isArray(value)) {
    return value
      .map((element) => resolveReferences(element, words))
      .filter((element) => element !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(
    ([name, member]) => [name, resolveReferences(member, words)] as const,
  );
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

function valueAt(value: unknown, names: readonly string[]): unknown {
  let current = value;
  for (const name of names) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined;
    current = (current as Record<string, unknown>)[name];
  }
  return current;
}

/** Returns why a reference can never have a value; `undefined` if it can. */
export function referenceFault({ names }: Reference, schema: JsonSchema | undefined): string | undefined {
  const [root = '', ...rest] = names;
  if ((root === 'jobId' || root === 'partitionId') && rest.length === 0) return undefined;
  const text = `$.${names.join('.')}`;
  if (root !== 'parameters' || rest.includes('')) {
    return `'${text}' is not a valid reference; use $.parameters.<name>, $.jobId or $.partitionId, or $${text} for the literal string`;
  }
  if (schema === undefined) return `'${text}' cannot have a value: the template has no parametersSchema`;
  const missing = missingAt(schema, rest);
  if (missing === undefined) return undefined;
  return `'${text}' cannot have a value: the parametersSchema does not allow '${missing}'`;
}

/**
 * Returns the first name that no value of the schema can have; `undefined` if one can, or if the schema does
 * not decide it.
 */
function missingAt(schema: JsonSchema, names: readonly string[]): string | undefined {
  let current: unknown = schema;
  for (const [at, name] of names.entries()) {
    if (typeof current !== 'object' || current === null) return current === false ? name : undefined;
    const next = memberSchema(current as JsonSchema, name);
    if (next === 'never') return names.slice(0, at + 1).join('.');
    if (next === 'unknown') return undefined;
    current = next;
  }
  return undefined;
}

/** Keywords with which a schema can describe members indirectly. */
const INDIRECT = ['$ref', '$dynamicRef', 'allOf', 'anyOf', 'oneOf', 'if', 'patternProperties'];

function memberSchema(schema: JsonSchema, name: string): unknown {
  const { type, properties, additionalProperties, items, prefixItems } = schema;
  if (typeof properties === 'object' && properties !== null && Object.hasOwn(properties, name)) {
    return (properties as JsonSchema)[name];
  }
  if (INDIRECT.some((word) => schema[word] !== undefined)) return 'unknown';
  const types = type === undefined ? undefined : [type].flat();
  if (types?.includes('array') && /^\d+$/.test(name)) {
    return prefixItems === undefined && items !== undefined ? items : 'unknown';
  }
  if (types !== undefined && !types.includes('object')) return 'never';
  if (additionalProperties === false || schema['unevaluatedProperties'] === false) return 'never';
  return typeof additionalProperties === 'object' ? additionalProperties : 'unknown';
}
