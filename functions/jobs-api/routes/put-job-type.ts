import { findFaults } from '../../creation/evaluator.ts';
import { wrongPlaces } from '../../creation/wrong-input.ts';
import { jobTypes } from '../job-types/job-types.ts';
import type { OperationHandler } from '../request.ts';

export const putJobType: OperationHandler<'putJobType'> = async (request, tools) => {
  const { body } = request;
  const { name } = request.parameters;
  jobTypes.checkPut(name, body, tools);
  const faults = await findFaults(body);
  if (faults.length > 0) throw wrongPlaces(faults);
  return jobTypes.put(name, { said: body, keep: () => body }, request, tools);
};
