/** Items of a request, which may come from text and have any form. */

import type { JsonObject as Request } from '../../forms/draft.ts';
import { isObject, type JsonSchema } from '../../forms/json-schema.ts';

export type Item = JsonSchema;

export function itemsOf({ items }: Request): readonly Item[] {
  return Array.isArray(items) ? items.map((item) => (isObject(item) ? item : {})) : [];
}

export function partsOf({ parts }: Item): readonly JsonSchema[] {
  return Array.isArray(parts) ? parts.map((part) => (isObject(part) ? part : {})) : [];
}

export function textOf(value: JsonSchema, name: string): string {
  const member = value[name];
  return typeof member === 'string' ? member : '';
}

/** Returns the name, with a number if it is taken, and takes it. */
export function freeId(taken: Set<string>, name: string): string {
  let id = name;
  for (let number = 2; taken.has(id); number += 1) id = `${name} (${number})`;
  taken.add(id);
  return id;
}
