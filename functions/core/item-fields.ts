import type { Item } from './item.ts';

/** The fields of an item that paths can name. */
export type FieldSource = Pick<Item, 'id' | 'payload' | 'parts'>;

/**
 * Returns the values at a path such as `payload.customer.name`, `payload.lines.0` or `parts.*.mimeType`; an
 * empty list if the path does not exist. `*` matches every element. Only own properties are found, never
 * inherited ones.
 */
export function fieldAt(source: object, path: string): unknown[] {
  let values: unknown[] = [source];
  for (const name of path.split('.')) values = values.flatMap((value) => members(value, name));
  return values.filter((value) => value !== undefined);
}

function members(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (name === '*') return Object.values(value);
  return Object.hasOwn(value, name) ? [(value as Record<string, unknown>)[name]] : [];
}
