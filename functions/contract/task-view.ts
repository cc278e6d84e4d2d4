/** A node of a job's tree as the API shows it. */
import * as z from 'zod';
import { count } from './quantities.ts';

export const taskSchema = z
  .strictObject({
    path: z
      .string()
      .describe('Where it stands: `3.17` is the eighteenth child of the fourth child of the job.'),
    kind: z
      .enum(['step', 'batch', 'chunk', 'task'])
      .describe('`task`: a batch or a chunk; which of them shows once it is begun.'),
    state: z
      .enum(['sent', 'splitting', 'working', 'complete'])
      .describe(
        '`sent`: to its queue; a chunk may be worked on already. `splitting`: more children may be found. `complete`: all of its items are recorded.',
      ),
    step: z.string().exactOptional().describe('Of a step: its name.'),
    outcome: z.string().exactOptional().describe('Of a step that is complete: what it came to.'),
    children: count.exactOptional().describe('Of a step or batch: how many were found so far.'),
    items: z
      .strictObject({ succeeded: count, failed: count, skipped: count })
      .exactOptional()
      .describe('What came of its items, once it is complete; of a step, so far.'),
  })
  .meta({ id: 'Task', description: 'A step, a batch or a chunk of a job.' });
export type TaskView = z.output<typeof taskSchema>;
