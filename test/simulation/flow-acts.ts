/** What the workers of a flow do with an item: by letters for each step, and each time that it is done there. */
import { MAX_INLINE_OUTPUT_BYTES } from '#core/item.ts';
import type { HandedItem } from '../support/reference-flow.ts';

export interface FlowTask {
  readonly step: string;
  /** By item, a letter for each time; the last one also for all later times. Absent: `s`. */
  readonly letters: Readonly<Record<string, string>>;
}

export const CODES: Readonly<Record<string, string>> = { m: 'MORE', d: 'DONE' };

const LARGE = 'x'.repeat(MAX_INLINE_OUTPUT_BYTES + 1);

/**
 * Beside the letters of `workers.ts`: `m` and `d` set an outcome code, `n` gives no answer. A payload may say it with a
 * letter of its own. The answer counts how often the item was done in each step, so that it goes with the item.
 */
export function actOf({ step, letters }: FlowTask, { id, payload }: HandedItem) {
  const counts = countsIn(payload);
  const count = counts[step] ?? 0;
  const told = letters[id] ?? 's';
  const letter = wordOf(payload) ?? told[Math.min(count, told.length - 1)] ?? 's';
  if (letter === 'n' || letter === 'k') return { letter, answer: undefined };
  const done = { counts: { ...counts, [step]: count + 1 } };
  return { letter, answer: letter === 'b' ? { ...done, ballast: LARGE } : done };
}

/** What workers look at in a payload. */
export function gistOf(payload: unknown) {
  return { word: wordOf(payload), counts: countsIn(payload) };
}

function wordOf(payload: unknown): string | undefined {
  if (typeof payload === 'string') return payload;
  return (payload as { does?: string } | null | undefined)?.does;
}

/** Of what came out of several branches, for each step the largest number. */
function countsIn(payload: unknown): Readonly<Record<string, number>> {
  if (typeof payload !== 'object' || payload === null) return {};
  const counts: Record<string, number> = {};
  for (const [name, value] of Object.entries(payload)) {
    const inner = name === 'counts' ? (value as Record<string, number>) : countsIn(value);
    for (const [step, count] of Object.entries(inner)) counts[step] = Math.max(counts[step] ?? 0, count);
  }
  return counts;
}
