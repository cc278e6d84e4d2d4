import { costView } from '#contract/cost-view.ts';
import { generationsOf } from '#core/job.ts';
import { addOperations } from '#core/meter.ts';
import { mapParallel } from '#core/parallel.ts';
import { readProgress } from '../../store/progress.ts';
import { existingJobWithProgress } from '../existing-job.ts';
import type { OperationHandler } from '../request.ts';

const PARALLEL_READS = 8;

/** Of all runs of the job. */
export const getCost: OperationHandler<'getCost'> = async ({ parameters }, tools) => {
  const { job, progress } = await existingJobWithProgress(parameters, tools);
  const [, ...earlier] = generationsOf(job);
  const before = await mapParallel(earlier, PARALLEL_READS, (generation) =>
    readProgress(tools.table, { ...job, generation }),
  );
  const operations = before.map((run) => run.operations).reduce(addOperations, progress.operations);
  return { status: 200, body: costView(operations) };
};
