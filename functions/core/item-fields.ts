import type { Item } from './item.ts';

/** What paths lead into: the item as users see it. */
export type FieldSource = Pick<Item, 'id' | 'payload' | 'parts'>;

/**
 * The values at a path such as `payload.customer.name`, `payload.lines.0` or `parts.*.mimeType`; none where it leads
 * nowhere. `*` stands for every element. Only members of the data itself are found, never those of its prototype.
 */
export function fieldAt(source: object, path: string): unknown[] {
  let found: unknown[] = [source];
  for (const name of path.split('.')) found = found.flatMap((value) => members(value, name));
  return found.filter((value) => value !== undefined);
}

function members(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (name === '*') return Object.values(value);
  return Object.hasOwn(value, name) ? [(value as Record<string, unknown>)[name]] : [];
}
