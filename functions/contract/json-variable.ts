/** Environment variables that contain JSON. */
import * as z from 'zod';
import { ENVIRONMENT_NAMES, type EnvironmentKey } from './environment.ts';

/** Value of the variable `workerQueues`. */
export const workerQueueNames = z.record(z.string(), z.string());

/**
 * Returns the content of a variable, or `absent` if the stack does not set it. Throws for content that the schema refuses,
 * and names the variable.
 */
export function readJsonVariable<T>(
  key: EnvironmentKey,
  schema: z.ZodType<T>,
  source: Readonly<Record<string, string | undefined>>,
  absent: T,
): T {
  const name = ENVIRONMENT_NAMES[key];
  const text = source[name];
  if (text === undefined) return absent;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`environment variable ${name} is not valid; the stack of this function sets it`, {
      cause,
    });
  }
}
