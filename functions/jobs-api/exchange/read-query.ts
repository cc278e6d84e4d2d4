import * as z from 'zod';
import type { ApiEvent } from './exchange.ts';
import { invalidQuery } from './query-problem.ts';

const NO_PARAMETERS = z.strictObject({});

/** Returns the query, checked by the schema of the route. Refuses unknown parameters by name. */
export function readQuery(event: ApiEvent, schema: z.ZodObject = NO_PARAMETERS): unknown {
  const valuesByName = new Map<string, string[]>();
  for (const [name, value] of sentQuery(event))
    valuesByName.set(name, [...(valuesByName.get(name) ?? []), value]);
  const entries = [...valuesByName].map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  const sent = Object.fromEntries(entries);
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  throw invalidQuery(parsed.error.issues, sent, Object.keys(schema.shape));
}

/** Returns the names and values of the query in their order. Gateways have already decoded them. */
export function sentQuery(event: ApiEvent): [string, string][] {
  const { multiValueQueryStringParameters, queryStringParameters } = event;
  const multiValues = Object.entries(multiValueQueryStringParameters ?? {});
  if (multiValues.length > 0) return multiValues.flatMap(([name, values]) => (values ?? []).map(pair(name)));
  return Object.entries(queryStringParameters ?? {}).map(([name, value]) => [name, value ?? '']);
}

function pair(name: string): (value: string) => [string, string] {
  return (value) => [name, value];
}
