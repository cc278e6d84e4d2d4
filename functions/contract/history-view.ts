import * as z from 'zod';
import { HISTORY_VERBS, type HistoryEntry } from '#core/history.ts';
import { jobStatusSchema } from './job-status-view.ts';
import { timeOf } from './quantities.ts';

/** One change of a job that users can see. */
export const historyEntrySchema = z
  .strictObject({
    version: z.int().min(1).describe('Of the job, as this change made it.'),
    time: timeOf('When it changed'),
    verb: z.enum(HISTORY_VERBS),
    actor: z.string().describe('The sub of the token that asked for it, or `system`.'),
    from: jobStatusSchema.exactOptional(),
    to: jobStatusSchema.exactOptional(),
    reason: z.string().exactOptional(),
  })
  .meta({ id: 'HistoryEntry' }) satisfies z.ZodType<HistoryEntry>;
