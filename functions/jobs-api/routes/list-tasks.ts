import * as z from 'zod';
import type { TaskView } from '#contract/task-view.ts';
import { listTasks as readTasks, type Task } from '../../store/tasks.ts';
import { existingJob } from '../existing-job.ts';
import { PagedList } from '../lists/pages.ts';
import type { OperationHandler } from '../request.ts';

export const listTasks: OperationHandler<'listTasks'> = async (request, tools) => {
  const { limit, parent } = request.query;
  const job = await existingJob(request.parameters, tools);
  // The index of the first child to show.
  const list = new PagedList(request, tools, z.int(), { generation: job.generation });
  const from = (await list.start()) ?? 0;
  const { tasks, next } = await readTasks(tools.table, job, parent, { from, limit });
  return list.answer(tasks.map(viewOf), next);
};

function viewOf({ totals, ...task }: Task): TaskView {
  if (totals === undefined) return task;
  const { items, failed, skipped } = totals;
  return { ...task, items: { succeeded: items - failed - skipped, failed, skipped } };
}
