/** Shortens payloads for outcomes. */
import { truncate } from './failure.ts';
import type { ItemInput, OutcomeRecord } from './item.ts';
import { byteLength } from './send.ts';

/** Maximum bytes of a payload in an outcome. */
export const MAX_INPUT_BYTES = 4 * 1024;

/** Returns `undefined` for an item without a payload. */
export function inputOf(payload: unknown): ItemInput | undefined {
  const json = JSON.stringify(payload) as string | undefined;
  if (json === undefined) return undefined;
  if (byteLength(json) <= MAX_INPUT_BYTES) return { json };
  return { json: truncate(json, MAX_INPUT_BYTES), isExcerpt: true };
}

/** Returns the input of a recorded item. The outcome of a step may contain the payload itself instead. */
export function inputOfRecord({ input, payload, isAnswer }: OutcomeRecord): ItemInput | undefined {
  return input ?? (isAnswer === true ? undefined : inputOf(payload));
}
