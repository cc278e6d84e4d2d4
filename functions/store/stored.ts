/** Reads values that this service stored as JSON or in rows. Each is checked before it is used. */

import * as z from 'zod';
// Through `z.core`, bundles would contain all of zod.
import { type $ZodType, type $ZodTypes, clone } from 'zod/v4/core';
import { parseJson } from '#core/json/parse-json.ts';
import { omitUndefined } from '#core/omit-undefined.ts';

/**
 * Returns the value if the schema accepts it. Members that the schema does not know are accepted, because a later
 * release may have stored them before a rollback. Throws for a value that no release of this service stored.
 */
export function readStored<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = (looseInDepth(schema) as z.ZodType<T>).safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`the stored ${what} is not valid: ${z.prettifyError(parsed.error)}`);
}

export function parseStored<T>(schema: z.ZodType<T>, text: string, what: string): T {
  return readStored(schema, parseJson(text), what);
}

const count = z.int().nonnegative();

export const storedTotals = z.object({ items: count, failed: count, skipped: count });

const looseSchemas = new WeakMap<$ZodType, $ZodType>();

/** Returns the schema with every strict object in it made loose. Other objects drop unknown members as before. */
function looseInDepth(schema: $ZodType): $ZodType {
  const known = looseSchemas.get(schema);
  if (known !== undefined) return known;
  // A recursive schema finds itself here while it is made.
  looseSchemas.set(
    schema,
    z.lazy(() => loose),
  );
  const loose = withLooseParts(schema);
  looseSchemas.set(schema, loose);
  return loose;
}

function withLooseParts(schema: $ZodType): $ZodType {
  const { def } = (schema as $ZodTypes)._zod;
  switch (def.type) {
    case 'object': {
      const shape = Object.fromEntries(
        Object.entries(def.shape).map(([name, member]) => [name, looseInDepth(member)]),
      );
      const catchall = def.catchall?._zod.def.type === 'never' ? z.unknown() : def.catchall;
      return copyOf(schema, { shape, ...omitUndefined({ catchall }) });
    }
    case 'array':
      return copyOf(schema, { element: looseInDepth(def.element) });
    case 'record':
      return copyOf(schema, { valueType: looseInDepth(def.valueType) });
    case 'union':
      return copyOf(schema, { options: def.options.map(looseInDepth) });
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'readonly':
      return copyOf(schema, { innerType: looseInDepth(def.innerType) });
    case 'lazy':
      return z.lazy(() => looseInDepth(def.getter()));
    default:
      return schema;
  }
}

function copyOf(schema: $ZodType, changes: Record<string, unknown>): $ZodType {
  return clone(schema, { ...schema._zod.def, ...changes });
}
