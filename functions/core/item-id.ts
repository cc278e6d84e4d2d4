import { idOfValue } from './json/exact-number.ts';

/** Returns the id of an entry of a list of items: its field `id`, or its index. */
export function idOfEntry(entry: unknown, index: number): string {
  const id = typeof entry === 'object' && entry !== null ? (entry as { id?: unknown }).id : undefined;
  return idOfValue(id) ?? String(index);
}
