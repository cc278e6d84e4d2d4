import type { ResponseOf } from '#contract/routes.ts';
import { readRequest } from '../../store/requests.ts';
import { existingJob } from '../existing-job.ts';
import { noSuchJob } from '../missing.ts';
import type { OperationHandler } from '../request.ts';

export const getRequest: OperationHandler<'getRequest'> = async ({ parameters }, tools) => {
  const job = await existingJob(parameters, tools);
  const body = await readRequest(tools.table, tools.objects, job);
  // It goes with its job: whoever finds none came between the deletion and its end.
  if (body === undefined) throw noSuchJob(job);
  // It was checked before it was captured.
  return { status: 200, body: body as ResponseOf<'getRequest'> };
};
