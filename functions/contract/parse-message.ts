import * as v from 'valibot';
import { NewerVersion } from '#core/errors.ts';
import { parseJson } from '#core/json/parse-json.ts';
import { MESSAGE_VERSION, OLDEST_MESSAGE_VERSION } from './message-version.ts';

/**
 * Returns the parsed message, or the reason why it is not valid. Throws `NewerVersion` for a message of a
 * later release.
 */
export function parseMessage<T>(
  schema: v.GenericSchema<unknown, T>,
  body: string,
): { ok: true; message: T } | { ok: false; reason: string } {
  let value: unknown;
  try {
    value = parseJson(body);
  } catch (error) {
    return { ok: false, reason: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const { v: version } = Object(value) as { v?: unknown };
  if (typeof version === 'number' && Number.isInteger(version) && version > MESSAGE_VERSION) {
    throw new NewerVersion(
      `the message has version ${version}; this release reads versions ${OLDEST_MESSAGE_VERSION} to ${MESSAGE_VERSION}. ` +
        'It is returned to its queue until the function is updated',
    );
  }
  const parsed = v.safeParse(schema, value);
  return parsed.success
    ? { ok: true, message: parsed.output }
    : { ok: false, reason: v.summarize(parsed.issues) };
}
