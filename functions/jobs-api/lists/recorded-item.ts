/** The record of an item as its outcome object has it, checked, because workers write these objects. */

import * as z from 'zod';
import type { ItemAttemptView } from '#contract/item-detail-view.ts';
import { itemViewSchema } from '#contract/item-view.ts';
import type { OutcomeRecord } from '#core/item.ts';
import { inputOfRecord } from '#core/item-input.ts';
import { omitUndefined } from '#core/omit-undefined.ts';

const attempt = z.object({ at: z.int().min(0).exactOptional(), error: z.string().exactOptional() });

const recordedItem = itemViewSchema.extend({
  at: z.int().min(0).optional().catch(undefined),
  earlierAttempts: z.array(attempt).default([]).catch([]),
  input: z
    .object({ json: z.string(), isExcerpt: z.literal(true).optional(), key: z.string().optional() })
    .optional()
    .catch(undefined),
});
export type RecordedItem = z.output<typeof recordedItem>;

/** Returns `undefined` if the line is not a valid record. */
export function recordedItemOf(line: OutcomeRecord): RecordedItem | undefined {
  const { data } = recordedItem.safeParse(line);
  return data && { ...data, input: data.input ?? inputOfRecord(line) };
}

/**
 * Returns one entry for each attempt. `records` are those of the item in each run, newest first. Earlier releases did not
 * record the time of an attempt.
 */
export function attemptsOf([record, ...older]: readonly RecordedItem[]): ItemAttemptView[] {
  if (record === undefined || record.attempts === 0) return [];
  const { at = record.failure?.failureTime, failure } = record;
  const last: ItemAttemptView = {
    ...omitUndefined({ at }),
    ...(failure === undefined ? {} : { error: failure.failureMessage }),
  };
  const own = [...record.earlierAttempts, last];
  const missing = Math.max(0, record.attempts - own.length);
  const known = missing === 0 ? [] : attemptsOf(older).slice(-missing);
  const unknown = Array.from({ length: missing - known.length }, () => ({}));
  return [...unknown, ...known, ...own].slice(-record.attempts);
}
