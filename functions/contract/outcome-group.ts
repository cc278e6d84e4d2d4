import * as z from 'zod';
import { ITEM_OUTCOMES, type OutcomeRecord } from '#core/item.ts';

/** Selects outcomes of a job. */
export const outcomeFilter = z.strictObject({
  outcome: z.enum(ITEM_OUTCOMES).optional(),
  itemIds: z.array(z.string()).max(10_000).optional(),
  codes: z.array(z.string()).max(100).optional().describe('Failure codes.'),
});
export type OutcomeFilter = z.infer<typeof outcomeFilter>;

/**
 * Outcomes, by the location of their lines: the payload of an item that represents many outcomes.
 */
export const outcomeGroup = z.object({
  job: z.string(),
  count: z.int().nonnegative().describe('Number of outcomes in the group.'),
  filter: outcomeFilter.default({}),
  objects: z
    .array(
      z.object({
        key: z.string(),
        bytes: z
          .object({ from: z.int().nonnegative(), to: z.int().nonnegative() })
          .describe('Range of bytes with the outcomes of one chunk, perhaps gzipped.'),
        from: z.int().nonnegative().describe('Index of the first line, from 0.'),
        to: z.int().nonnegative().describe('Index after the last line.'),
      }),
    )
    .max(20_000),
});
export type OutcomeGroup = z.infer<typeof outcomeGroup>;

export function matchesFilter({ id, outcome, failure }: OutcomeRecord, filter: OutcomeFilter): boolean {
  if (filter.outcome !== undefined && filter.outcome !== outcome) return false;
  if (filter.itemIds !== undefined && !filter.itemIds.includes(id)) return false;
  return filter.codes === undefined || filter.codes.includes(failure?.code ?? '');
}
