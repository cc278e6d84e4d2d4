/** A node of a job's tree as the API shows it. */
import * as z from 'zod';
import { count, timeOf } from './quantities.ts';

/** Members of unfinished work that is being retried. */
export const retryMembers = {
  attempt: count.exactOptional().describe('Number of attempts so far, while work is being retried.'),
  lastError: z.string().exactOptional().describe('Error of the last attempt.'),
  nextAttemptAt: timeOf('Earliest time of the next attempt').exactOptional(),
  since: timeOf('Time of the first failed attempt').exactOptional(),
};

export const taskSchema = z
  .strictObject({
    path: z
      .string()
      .describe('Position in the tree: `3.17` is the eighteenth child of the fourth child of the job.'),
    kind: z
      .enum(['step', 'batch', 'chunk', 'task'])
      .describe('`task`: a batch or a chunk that has not started.'),
    state: z
      .enum(['sent', 'splitting', 'working', 'retrying', 'complete'])
      .describe(
        '`sent`: sent to its queue; a chunk may have started already. `splitting`: more children may be found. `working`: in progress; for a batch, all children are found. `retrying`: an attempt failed, and the next one follows. `complete`: all items are recorded.',
      ),
    step: z.string().exactOptional().describe('Name of the step, for a step.'),
    outcome: z.string().exactOptional().describe('Outcome of a complete step.'),
    children: count.exactOptional().describe('Number of children found so far, for a step or batch.'),
    items: z
      .strictObject({ succeeded: count, failed: count, skipped: count })
      .exactOptional()
      .describe('Outcomes of its items once it is complete or, for a step, so far.'),
    ...retryMembers,
  })
  .meta({ id: 'Task', description: 'A step, a batch or a chunk of a job.' });
export type TaskView = z.output<typeof taskSchema>;
