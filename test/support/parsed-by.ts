import { checkBy, type Schema } from '#core/schema.ts';

/** Returns the value with the defaults of the schema. Throws if the schema refuses it. */
export function parsedBy<T>(schema: Schema<T>, value: unknown): T {
  const checked = checkBy(schema, value);
  if (checked.ok) return checked.value;
  throw new Error(checked.reason);
}
