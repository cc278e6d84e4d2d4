import { walkJobs } from '../../store/job-search.ts';
import { criteriaOf, withinRequest } from '../lists/criteria.ts';
import type { OperationHandler } from '../request.ts';

export const countJobs: OperationHandler<'countJobs'> = async ({ parameters, query }, { table, clock }) => {
  let count = 0;
  const steps = walkJobs(table, parameters.p, { criteria: criteriaOf(query) });
  for await (const { found } of withinRequest(steps, clock)) count += found.length;
  return { status: 200, body: count };
};
