import * as z from 'zod';
import { HISTORY_VERBS, type HistoryEntry } from '#core/history.ts';
import { jobStatusSchema } from './job-status-view.ts';
import { timeOf } from './quantities.ts';

/** One change of a job that users can see. */
export const historyEntrySchema = z
  .strictObject({
    version: z.int().min(1).describe('Version of the job after this change.'),
    time: timeOf('Time of the change'),
    verb: z.enum(HISTORY_VERBS),
    actor: z.string().describe('The sub of the token that made the request, or `system`.'),
    from: jobStatusSchema.exactOptional(),
    to: jobStatusSchema.exactOptional(),
    reason: z.string().exactOptional(),
  })
  .meta({ id: 'HistoryEntry' }) satisfies z.ZodType<HistoryEntry>;
