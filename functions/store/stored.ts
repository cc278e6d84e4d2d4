/** Reads values that this service stored as JSON or in rows. Each is checked before it is used. */

import * as v from 'valibot';
import { count } from '#contract/integers.ts';
import { parseJson } from '#core/json/parse-json.ts';
import type { Retry } from '#core/retry.ts';

/**
 * Returns the value if the schema accepts it. Throws for a value that no release of this service stored. Schemas of stored
 * values accept members that they do not know, because a later release may have stored them before a rollback.
 */
export function readStored<T>(schema: v.GenericSchema<unknown, T>, value: unknown, what: string): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new Error(`the stored ${what} is not valid: ${v.summarize(parsed.issues)}`);
}

export function parseStored<T>(schema: v.GenericSchema<unknown, T>, text: string, what: string): T {
  return readStored(schema, parseJson(text), what);
}

export const storedTotals = v.object({ items: count, failed: count, skipped: count });

export const storedRetry: v.GenericSchema<Retry> = v.looseObject({
  filter: v.looseObject({
    codes: v.optional(v.array(v.string())),
    itemIds: v.optional(v.array(v.string())),
  }),
  patch: v.optional(v.unknown()),
  restartDependents: v.optional(v.boolean()),
});
