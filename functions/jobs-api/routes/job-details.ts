/** The history, tasks, request and cost of a job. */
import * as z from 'zod';
import { costView } from '#contract/cost-view.ts';
import type { ResponseOf } from '#contract/routes.ts';
import type { TaskView } from '#contract/task-view.ts';
import { generationOf } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { listHistory as readHistory } from '../../store/history.ts';
import { historyKey } from '../../store/keys.ts';
import { operationsOfJob } from '../../store/progress.ts';
import { readRequest } from '../../store/requests.ts';
import { listTasks as readTasks, type Task } from '../../store/tasks.ts';
import { existingJob, existingJobWithProgress } from '../existing-job.ts';
import { PagedList } from '../lists/pages.ts';
import { noSuchJob } from '../missing.ts';
import type { OperationHandler } from '../request.ts';

export const listHistory: OperationHandler<'listHistory'> = async (request, ports) => {
  const { limit } = request.query;
  const job = await existingJob(request.parameters, ports);
  // The position is the version of the last entry on the page.
  const list = new PagedList(request, ports, z.int(), { generation: generationOf(job) });
  const start = await list.start();
  const after =
    start === undefined ? undefined : { ...historyKey({ ...job, runNumber: generationOf(job) }, start) };
  // Read one more, to know if there is a next page.
  const { entries, next: isLonger } = await readHistory(ports.table, job, {
    limit: limit + 1,
    ...omitUndefined({ after }),
  });
  const shown = entries.slice(0, limit);
  const isMore = entries.length > limit || isLonger !== undefined;
  return list.answer(shown, isMore ? shown.at(-1)?.version : undefined);
};

export const listTasks: OperationHandler<'listTasks'> = async (request, ports) => {
  const { limit, parent } = request.query;
  const job = await existingJob(request.parameters, ports);
  // The position is the index of the first child of the page.
  const list = new PagedList(request, ports, z.int(), { runNumber: job.runNumber });
  const from = (await list.start()) ?? 0;
  const { tasks, next } = await readTasks(ports, job, parent, { from, limit });
  return list.answer(tasks.map(viewOf), next);
};

function viewOf({ totals, ...task }: Task): TaskView {
  if (totals === undefined) return task;
  const { items, failed, skipped } = totals;
  return { ...task, items: { succeeded: items - failed - skipped, failed, skipped } };
}

export const getRequest: OperationHandler<'getRequest'> = async ({ parameters }, ports) => {
  const job = await existingJob(parameters, ports);
  const body = await readRequest(ports.table, ports.objects, job);
  // The request is deleted together with its job, so a missing request means that the job is being deleted.
  if (body === undefined) throw noSuchJob(job);
  // The body was checked before it was stored.
  return { status: 200, body: body as ResponseOf<'getRequest'> };
};

/** Returns the cost of all runs of the job. */
export const getCost: OperationHandler<'getCost'> = async ({ parameters }, ports) => {
  const { job, progress } = await existingJobWithProgress(parameters, ports);
  return { status: 200, body: costView(await operationsOfJob(ports.table, job, progress)) };
};
