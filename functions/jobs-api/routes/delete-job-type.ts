import { jobTypes } from '../../store/job-types.ts';
import { checkTypeVersion, refuseDeployed } from '../job-types/job-types.ts';
import { noSuchJobType } from '../missing.ts';
import type { OperationHandler } from '../request.ts';

export const deleteJobType: OperationHandler<'deleteJobType'> = async ({ parameters, header }, tools) => {
  const { name } = parameters;
  refuseDeployed(name, tools);
  const outcome = await jobTypes.delete(tools.table, name, (standing) =>
    checkTypeVersion(header('If-Match'), name, standing),
  );
  if (outcome === 'missing') throw noSuchJobType(name);
  return { status: 204 };
};
