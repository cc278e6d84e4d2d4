/** The task form, in which clients of the CAF Job Service describe the work of a job. */
import * as z from 'zod';

/** A pipe that contains the name of a worker, possibly with other text around it. */
const workerPipe = z.string().min(1).max(100);

export const taskRequest = z
  .strictObject({
    taskClassifier: z.string().min(1).describe('Stored but not used.'),
    taskApiVersion: z.int().min(1).describe('Stored but not used.'),
    taskData: z
      .union([z.string().min(1), z.record(z.string(), z.unknown())])
      .describe(
        'Payload of the only item of the job. For the pipe batch: the definition to split, and the worker.',
      ),
    taskDataEncoding: z
      .enum(['utf8', 'base64'])
      .optional()
      .describe('Encoding of taskData if it is a string. Default: utf8.'),
    taskPipe: workerPipe.describe('A worker, which receives one item, or batch, which splits first.'),
    targetPipe: z.string().min(1).nullish().describe('Stored but not used.'),
  })
  .superRefine(({ taskData, taskDataEncoding }, context) => {
    if (typeof taskData === 'string' || taskDataEncoding === undefined) return;
    const message = 'is only allowed if taskData is a string; leave it out if taskData is an object';
    context.addIssue({ code: 'custom', path: ['taskDataEncoding'], message });
  });
export type TaskRequest = z.output<typeof taskRequest>;

/** The taskData of the pipe `batch`. */
export const batchTaskData = z.strictObject({
  batchDefinition: z.string().describe('Definition for the splitter; parsed if it is JSON.'),
  batchType: z.string().min(1).max(100).describe('Name of the splitter.'),
  targetPipe: workerPipe.describe('Name of the worker.'),
  taskMessageParams: z.record(z.string(), z.unknown()).nullish().describe('Parameters of the worker.'),
  taskMessageType: z.string().nullish().describe('Stored but not used.'),
});
