/** Behavior of the workers of a flow: one letter for each visit of an item to a step. */
import { MAX_INLINE_OUTPUT_BYTES } from '#core/item.ts';
import type { HandedItem } from '../support/reference-flow.ts';

export interface FlowTask {
  readonly step: string;
  /** Letters by item, one for each visit; the last letter also applies to all later visits. Default: `s`. */
  readonly letters: Readonly<Record<string, string>>;
}

export const CODES: Readonly<Record<string, string>> = { m: 'MORE', d: 'DONE' };

const LARGE = 'x'.repeat(MAX_INLINE_OUTPUT_BYTES + 1);

/**
 * Returns the behavior for an item. In addition to the letters of `workers.ts`, `m` and `d` set an outcome
 * code and `n` returns no answer. A payload can override the letter. The answer counts the visits of the item
 * to each step, so that the counts travel with the item.
 */
export function actOf({ step, letters }: FlowTask, { id, payload }: HandedItem) {
  const counts = countsIn(payload);
  const count = counts[step] ?? 0;
  const itemLetters = letters[id] ?? 's';
  const letter = wordOf(payload) ?? itemLetters[Math.min(count, itemLetters.length - 1)] ?? 's';
  if (letter === 'n' || letter === 'k') return { letter, answer: undefined };
  const newPayload = { counts: { ...counts, [step]: count + 1 } };
  return { letter, answer: letter === 'b' ? { ...newPayload, ballast: LARGE } : newPayload };
}

/** Returns the parts of a payload that workers read. */
export function gistOf(payload: unknown) {
  return { word: wordOf(payload), counts: countsIn(payload) };
}

function wordOf(payload: unknown): string | undefined {
  if (typeof payload === 'string') return payload;
  return (payload as { does?: string } | null | undefined)?.does;
}

/**
 * Returns the visit counts in a payload. For results of several branches, takes the maximum for each step.
 */
function countsIn(payload: unknown): Readonly<Record<string, number>> {
  if (typeof payload !== 'object' || payload === null) return {};
  const counts: Record<string, number> = {};
  for (const [name, value] of Object.entries(payload)) {
    const inner = name === 'counts' ? (value as Record<string, number>) : countsIn(value);
    for (const [step, count] of Object.entries(inner)) counts[step] = Math.max(counts[step] ?? 0, count);
  }
  return counts;
}
