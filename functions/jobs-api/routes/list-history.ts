import * as z from 'zod';
import { creationOf } from '#core/job.ts';
import { listHistory as readHistory } from '../../store/history.ts';
import { historyKey } from '../../store/keys.ts';
import { existingJob } from '../existing-job.ts';
import { PagedList } from '../lists/pages.ts';
import type { OperationHandler } from '../request.ts';

export const listHistory: OperationHandler<'listHistory'> = async (request, tools) => {
  const { limit } = request.query;
  const job = await existingJob(request.parameters, tools);
  // The version that the last change shown made.
  const list = new PagedList(request, tools, z.int(), { generation: creationOf(job) });
  const start = await list.start();
  const after =
    start === undefined ? {} : { after: { ...historyKey({ ...job, generation: creationOf(job) }, start) } };
  // One more than shown tells whether there is a next page.
  const { entries, next: isLonger } = await readHistory(tools.table, job, { limit: limit + 1, ...after });
  const shown = entries.slice(0, limit);
  const isMore = entries.length > limit || isLonger !== undefined;
  return list.answer(shown, isMore ? shown.at(-1)?.version : undefined);
};
