import * as v from 'valibot';
import { ITEM_OUTCOMES, type OutcomeRecord } from '#core/item.ts';
import { count } from './integers.ts';

/** Selects outcomes of a job. */
export const outcomeFilter = v.strictObject({
  outcome: v.optional(v.picklist(ITEM_OUTCOMES)),
  itemIds: v.optional(v.pipe(v.array(v.string()), v.maxLength(10_000))),
  codes: v.optional(v.pipe(v.array(v.string()), v.maxLength(100), v.description('Failure codes.'))),
});
export type OutcomeFilter = v.InferOutput<typeof outcomeFilter>;

/**
 * Outcomes, by the location of their lines: the payload of an item that represents many outcomes.
 */
export const outcomeGroup = v.object({
  job: v.string(),
  /** Number of outcomes in the group. */
  count,
  filter: v.optional(outcomeFilter, {}),
  objects: v.pipe(
    v.array(
      v.object({
        key: v.string(),
        /** Range of bytes with the outcomes of one chunk, perhaps gzipped. */
        bytes: v.object({ from: count, to: count }),
        /** Index of the first line, from 0. */
        from: count,
        /** Index after the last line. */
        to: count,
      }),
    ),
    v.maxLength(20_000),
  ),
});
export type OutcomeGroup = v.InferOutput<typeof outcomeGroup>;

export function matchesFilter({ id, outcome, failure }: OutcomeRecord, filter: OutcomeFilter): boolean {
  if (filter.outcome !== undefined && filter.outcome !== outcome) return false;
  if (filter.itemIds !== undefined && !filter.itemIds.includes(id)) return false;
  return filter.codes === undefined || filter.codes.includes(failure?.code ?? '');
}
