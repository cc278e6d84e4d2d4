import * as z from 'zod';
import { NewerVersion } from '#core/errors.ts';
import { parseJson } from '#core/json/parse-json.ts';
import { MESSAGE_VERSION, OLDEST_MESSAGE_VERSION } from './message-version.ts';

/**
 * Returns the parsed message, or the reason why it is not valid. Throws `NewerVersion` for a message of a
 * later release.
 */
export function parseMessage<T>(
  schema: z.ZodType<T>,
  body: string,
): { ok: true; message: T } | { ok: false; reason: string } {
  let value: unknown;
  try {
    value = parseJson(body);
  } catch (error) {
    return { ok: false, reason: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const { v } = Object(value) as { v?: unknown };
  if (typeof v === 'number' && Number.isInteger(v) && v > MESSAGE_VERSION) {
    throw new NewerVersion(
      `the message has version ${v}; this release reads versions ${OLDEST_MESSAGE_VERSION} to ${MESSAGE_VERSION}. ` +
        'It is returned to its queue until the function is updated',
    );
  }
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { ok: true, message: parsed.data }
    : { ok: false, reason: z.prettifyError(parsed.error) };
}
