import { findFaults } from '../../creation/evaluator.ts';
import { wrongPlaces } from '../../creation/wrong-input.ts';
import type { ApiRequest, ApiTools } from '../request.ts';
import { jobTypes } from './job-types.ts';

type PutRequest = ApiRequest<'putJobType'> | ApiRequest<'putPartitionJobType'>;

/** PUT of a global job type, or of one of a partition. */
export async function putAnyJobType(request: PutRequest, tools: ApiTools) {
  const { body, parameters } = request;
  jobTypes.checkPut(parameters, body, tools);
  const faults = await findFaults(body);
  if (faults.length > 0) throw wrongPlaces(faults);
  return jobTypes.put({ said: body, keep: () => body }, request, tools);
}
