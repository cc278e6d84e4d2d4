/** Reads values that this service stored as JSON or in rows. Each is checked before it is used. */
import * as z from 'zod';

/** Returns the value if the schema accepts it. Throws for a value that no release of this service stored. */
export function readStored<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`the stored ${what} is not valid: ${z.prettifyError(parsed.error)}`);
}

export function parseStored<T>(schema: z.ZodType<T>, text: string, what: string): T {
  return readStored(schema, JSON.parse(text), what);
}

const count = z.int().nonnegative();

export const storedTotals = z.object({ items: count, failed: count, skipped: count });
