import * as z from 'zod';
import { wrongQuery } from '../../creation/wrong-input.ts';
import type { ApiEvent } from './exchange.ts';

const NO_PARAMETERS = z.strictObject({});

/** Checked by the schema of the route; what it does not know is refused by name. */
export function readQuery(event: ApiEvent, schema: z.ZodObject = NO_PARAMETERS): unknown {
  const several = new Map<string, string[]>();
  for (const [name, value] of sentQuery(event)) several.set(name, [...(several.get(name) ?? []), value]);
  const entries = [...several].map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  const parsed = schema.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  throw wrongQuery(parsed.error.issues);
}

/** Gateways decode the query; each value once, in its order. */
export function sentQuery(event: ApiEvent): [string, string][] {
  const { multiValueQueryStringParameters, queryStringParameters } = event;
  const several = Object.entries(multiValueQueryStringParameters ?? {});
  if (several.length > 0) return several.flatMap(([name, values]) => (values ?? []).map(pair(name)));
  return Object.entries(queryStringParameters ?? {}).map(([name, value]) => [name, value ?? '']);
}

function pair(name: string): (value: string) => [string, string] {
  return (value) => [name, value];
}
