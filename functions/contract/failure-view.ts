/** Failures of items, batches and jobs as the API shows them. */
import * as z from 'zod';
import type { FailureGroup } from '#core/fingerprint.ts';
import type { Failure } from '#core/job.ts';
import { count, timeOf } from './quantities.ts';

const summary = {
  failureId: z.string().describe('The same failure of the same item keeps its id.'),
  failureTime: timeOf('When it was recorded'),
  failureSource: z
    .string()
    .describe('Step of a template, batch, chunk and item, as far as it is of one; `job` for the whole job.'),
  failureMessage: z.string().describe('What went wrong, in words to act on.'),
  code: z.string().describe('Of the worker or splitter; stable, unlike the words.'),
};

/** A failure in the view of a job. */
export const failureSummarySchema = z.strictObject(summary).meta({ id: 'FailureSummary' });
export type FailureSummary = z.output<typeof failureSummarySchema>;

/** A failure with all its stored members. Other members that workers add are not shown. */
export const failureSchema = z
  .object({
    ...summary,
    attempts: count.describe('How often the item was tried.'),
    stack: z.string().optional().describe('Where in the worker, for errors that it did not foresee.'),
  })
  .meta({ id: 'Failure' }) satisfies z.ZodType<Failure>;

/** Failures with the same fingerprint. */
export const failureGroupSchema = z
  .strictObject({
    fingerprint: z.string(),
    count: count.min(1),
    code: z.string(),
    message: z
      .string()
      .describe('What the messages have in common: # for words with digits, <item> for the item.'),
    firstTime: timeOf('When the first was recorded'),
    lastTime: timeOf('When the last was recorded'),
    example: failureSchema,
    isAtLeast: z
      .boolean()
      .describe('Whether the job has more failures than were counted; those are in its items only.'),
  })
  .meta({ id: 'FailureGroup' }) satisfies z.ZodType<FailureGroup>;
export type FailureGroupView = z.output<typeof failureGroupSchema>;
