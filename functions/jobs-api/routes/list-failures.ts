import * as z from 'zod';
import { listFailures as readFailures } from '../../store/failures.ts';
import { failureKey } from '../../store/keys.ts';
import { existingJob } from '../existing-job.ts';
import { listGroups } from '../lists/failure-groups.ts';
import { fitAnswer, PagedList } from '../lists/pages.ts';
import type { OperationHandler } from '../request.ts';

export const listFailures: OperationHandler<'listFailures'> = async (request, tools) => {
  const { limit, groupBy } = request.query;
  if (groupBy !== undefined) return listGroups(request, tools);
  const job = await existingJob(request.parameters, tools);
  // The id of the last failure shown.
  const list = new PagedList(request, tools, z.string(), { generation: job.generation });
  const start = await list.start();
  const after = start === undefined ? {} : { after: { ...failureKey(job, start) } };
  // One more than shown tells whether there is a next page.
  const { failures, next: isLonger } = await readFailures(tools.table, job, { limit: limit + 1, ...after });
  const placed = failures.slice(0, limit).map((entry) => ({ entry, position: entry.failureId }));
  const isMore = failures.length > limit || isLonger !== undefined;
  const { entries, next } = fitAnswer(placed, isMore ? placed.at(-1)?.position : undefined);
  return list.answer(entries, next);
};
