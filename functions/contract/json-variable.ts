/** Environment variables that contain JSON. */
import * as v from 'valibot';
import { ENVIRONMENT_NAMES, type EnvironmentKey } from './environment.ts';

/** Value of the variable `workerQueues`. */
export const workerQueueNames = v.record(v.string(), v.string());

/**
 * Returns the content of a variable, or `absent` if the stack does not set it. Throws for content that the schema refuses,
 * and names the variable.
 */
export function readJsonVariable<T>(
  key: EnvironmentKey,
  schema: v.GenericSchema<unknown, T>,
  source: Readonly<Record<string, string | undefined>>,
  absent: T,
): T {
  const name = ENVIRONMENT_NAMES[key];
  const text = source[name];
  if (text === undefined) return absent;
  try {
    return v.parse(schema, JSON.parse(text));
  } catch (cause) {
    throw new Error(`environment variable ${name} is not valid; the stack of this function sets it`, {
      cause,
    });
  }
}
