/** Builds the `input` of an outcome: the payload of the item, shortened if it is large. */
import { truncate } from './failure.ts';
import type { ItemInput, OutcomeRecord } from './item.ts';
import { byteLength } from './send.ts';

/** Maximum size of a payload in an outcome. */
export const MAX_INPUT_BYTES = 4 * 1024;

/** Returns a payload as JSON, shortened if it is too large. Returns `undefined` for an item without a payload. */
export function inputOf(payload: unknown): ItemInput | undefined {
  const json = JSON.stringify(payload) as string | undefined;
  if (json === undefined) return undefined;
  if (fits(json)) return { json };
  return { json: truncate(json, MAX_INPUT_BYTES), isExcerpt: true };
}

/** Returns the input of an item from its outcome. In a template, the outcome may have the whole payload instead. */
export function inputOfRecord({ input, payload, isAnswer }: OutcomeRecord): ItemInput | undefined {
  return input ?? (isAnswer === true ? undefined : inputOf(payload));
}

/** A character has up to three bytes, so a short text needs no measurement. */
function fits(json: string): boolean {
  return json.length * 3 <= MAX_INPUT_BYTES || byteLength(json) <= MAX_INPUT_BYTES;
}
