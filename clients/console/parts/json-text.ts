/** Parses JSON that a user writes. */
import { ExactNumber, parseJson } from 'jobtree/client';

export type JsonText<T = Record<string, unknown> | undefined> =
  | { readonly value: T }
  | { readonly problem: string };

/** Parses JSON; the problem is a sentence with the position. */
export function parsedJson(text: string): JsonText<unknown> {
  try {
    const value = parseJson(text);
    const long = exactNumberIn(value);
    if (long === undefined) return { value };
    return { problem: `${long} has more digits than a number keeps. Write it as a string.` };
  } catch (error) {
    return { problem: `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Returns a number of the value that the API would refuse, because it loses digits. */
function exactNumberIn(value: unknown): ExactNumber | undefined {
  if (value instanceof ExactNumber) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const part of Object.values(value)) {
    const found = exactNumberIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Parses a JSON object. */
export function parsedObject(text: string): JsonText<Record<string, unknown>> {
  const parsed = parsedJson(text);
  if ('problem' in parsed) return parsed;
  const { value } = parsed;
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { value: value as Record<string, unknown> };
  return { problem: 'Write a JSON object: { … }' };
}
