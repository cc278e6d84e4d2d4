/** The body that makes a new job of one that is over. */
import * as z from 'zod';
import { idProblem } from './ids.ts';

export const resubmitJobBody = z
  .strictObject({
    id: z
      .string()
      .superRefine((id, context) => {
        const message = idProblem('job', id);
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      })
      .optional()
      .describe('Of the new job; absent: a new, sortable one.'),
  })
  .optional();
