/** Failures of items, batches and jobs as the API shows them. */
import * as z from 'zod';
import type { FailureGroup } from '#core/fingerprint.ts';
import type { Failure } from '#core/job.ts';
import { count, timeOf } from './quantities.ts';

const summary = {
  failureId: z.string().describe('Id of the failure. The same failure of the same item has the same id.'),
  failureTime: timeOf('Time at which it was recorded'),
  failureSource: z
    .string()
    .describe(
      'Location of the failure: step of a template, batch, chunk and item, as far as they apply; `job` for the whole job.',
    ),
  failureMessage: z.string().describe('The cause and, where known, what to do next.'),
  code: z.string().describe('Code from the worker or splitter. It is stable, while the message can change.'),
};

/** A failure in the view of a job. */
export const failureSummarySchema = z.strictObject(summary).meta({ id: 'FailureSummary' });
export type FailureSummary = z.output<typeof failureSummarySchema>;

/** A failure with all its stored members. Other members that workers add are not shown. */
export const failureSchema = z
  .object({
    ...summary,
    attempts: count.describe('Number of attempts at the item.'),
    stack: z.string().optional().describe('Stack trace, for unexpected errors of the worker.'),
    payloadExcerpt: z
      .string()
      .optional()
      .describe(
        'Beginning of the payload of the item as JSON, up to 4 KB. GET …/items/{i} returns all of it.',
      ),
  })
  .meta({ id: 'Failure' }) satisfies z.ZodType<Failure>;

export type FailureView = z.output<typeof failureSchema>;

/** Failures with the same fingerprint. */
export const failureGroupSchema = z
  .strictObject({
    fingerprint: z.string(),
    count: count.min(1),
    code: z.string(),
    message: z
      .string()
      .describe('Common pattern of the messages: # replaces words with digits, <item> the item id.'),
    firstTime: timeOf('Time of the first failure'),
    lastTime: timeOf('Time of the last failure'),
    example: failureSchema,
    isAtLeast: z
      .boolean()
      .describe('True if the job has more failures than were counted. The others are only in its items.'),
  })
  .meta({ id: 'FailureGroup' }) satisfies z.ZodType<FailureGroup>;
export type FailureGroupView = z.output<typeof failureGroupSchema>;
