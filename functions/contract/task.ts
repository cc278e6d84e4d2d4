/** The task form, in which clients of the CAF Job Service describe the work of a job. */
import * as z from 'zod';

/** A pipe that contains the name of a worker, possibly with other text around it. */
const workerPipe = z.string().min(1).max(100);

export const taskRequest = z
  .strictObject({
    taskClassifier: z.string().min(1).describe('Kept, not used.'),
    taskApiVersion: z.int().min(1).describe('Kept, not used.'),
    taskData: z
      .union([z.string().min(1), z.record(z.string(), z.unknown())])
      .describe('What the item of the job holds; with the pipe batch, what to split and for which worker.'),
    taskDataEncoding: z
      .enum(['utf8', 'base64'])
      .optional()
      .describe('How taskData is written where it is a text; utf8 if it is absent.'),
    taskPipe: workerPipe.describe('A worker, which gets one item; or batch, which splits first.'),
    targetPipe: z.string().min(1).nullish().describe('Kept, not used.'),
  })
  .superRefine(({ taskData, taskDataEncoding }, context) => {
    if (typeof taskData === 'string' || taskDataEncoding === undefined) return;
    const message = 'belongs to a taskData that is a text; leave it out where taskData is an object';
    context.addIssue({ code: 'custom', path: ['taskDataEncoding'], message });
  });
export type TaskRequest = z.output<typeof taskRequest>;

/** The taskData of the pipe `batch`. */
export const batchTaskData = z.strictObject({
  batchDefinition: z.string().describe('The definition, parsed when it is JSON.'),
  batchType: z.string().min(1).max(100).describe('The splitter.'),
  targetPipe: workerPipe.describe('The worker.'),
  taskMessageParams: z.record(z.string(), z.unknown()).nullish().describe('The parameters of the worker.'),
  taskMessageType: z.string().nullish().describe('Kept, not used.'),
});
