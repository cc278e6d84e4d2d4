import { deleteJob as removeJob } from '../../store/jobs.ts';
import { checkVersion } from '../etag.ts';
import { existingJob } from '../existing-job.ts';
import { noSuchJob } from '../missing.ts';
import type { OperationHandler } from '../request.ts';

export const deleteJob: OperationHandler<'deleteJob'> = async (request, tools) => {
  const { parameters } = request;
  checkVersion(request.header('If-Match'), await existingJob(parameters, tools));
  const key = { partition: parameters.p, job: parameters.j };
  const outcome = await removeJob(tools.table, key, tools.clock.now());
  if (outcome === 'missing') throw noSuchJob(key);
  return { status: 204 };
};
