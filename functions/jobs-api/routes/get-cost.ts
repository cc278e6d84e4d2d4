import { costView } from '#contract/cost-view.ts';
import { existingJobWithProgress } from '../existing-job.ts';
import type { OperationHandler } from '../request.ts';

export const getCost: OperationHandler<'getCost'> = async ({ parameters }, tools) => {
  const { progress } = await existingJobWithProgress(parameters, tools);
  return { status: 200, body: costView(progress.operations) };
};
