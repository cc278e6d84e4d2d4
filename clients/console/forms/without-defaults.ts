import { isObject } from './json-schema.ts';

/** Returns the value without members that have the default of their schema. */
export function withoutDefaults(value: unknown, schema: unknown): unknown {
  if (!isObject(schema)) return value;
  const { properties, items } = schema;
  if (Array.isArray(value)) return value.map((entry) => withoutDefaults(entry, items));
  if (!isObject(value) || !isObject(properties)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => !isDefault(member, properties[name]))
      .map(([name, member]) => [name, withoutDefaults(member, properties[name])]),
  );
}

function isDefault(value: unknown, schema: unknown): boolean {
  return (
    isObject(schema) && 'default' in schema && JSON.stringify(schema['default']) === JSON.stringify(value)
  );
}
