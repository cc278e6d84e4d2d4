/** Details of a job: items, failures, history, results, tasks, request and cost. */
import * as z from 'zod';
import { costSchema } from '../cost-view.ts';
import { createJobBody } from '../create-job.ts';
import { failureGroupSchema, failureSchema } from '../failure-view.ts';
import { historyEntrySchema } from '../history-view.ts';
import { itemDetailSchema } from '../item-detail-view.ts';
import { itemViewSchema, resultPartSchema } from '../item-view.ts';
import { getItemQuery, listFailuresQuery, listItemsQuery, listTasksQuery, pageQuery } from '../queries.ts';
import { JOB, type Route } from '../route.ts';
import { taskSchema } from '../task-view.ts';

export const JOB_DETAIL_ROUTES = [
  {
    operation: 'listItems',
    method: 'GET',
    path: `${JOB}/items`,
    role: 'viewer',
    summary: 'List the outcomes of items, as JSON or (Accept: application/x-ndjson) as lines',
    success: 200,
    query: listItemsQuery,
    response: z.array(itemViewSchema),
    lines: itemViewSchema,
    headers: ['Link'],
  },
  {
    operation: 'getItem',
    method: 'GET',
    path: `${JOB}/items/{i}`,
    role: 'viewer',
    summary: 'Get one item: its outcome, every attempt, its payload and its files',
    success: 200,
    query: getItemQuery,
    response: itemDetailSchema,
    headers: ['Link', 'Cache-Control'],
  },
  {
    operation: 'listFailures',
    method: 'GET',
    path: `${JOB}/failures`,
    role: 'viewer',
    summary: 'List the failures of items and of the job, or groups of them',
    success: 200,
    query: listFailuresQuery,
    response: z.union([z.array(failureSchema), z.array(failureGroupSchema)]),
    headers: ['Link'],
  },
  {
    operation: 'listHistory',
    method: 'GET',
    path: `${JOB}/history`,
    role: 'viewer',
    summary: 'List the changes of a job, with actor and reason, oldest first',
    success: 200,
    query: pageQuery,
    response: z.array(historyEntrySchema),
    headers: ['Link'],
  },
  {
    operation: 'getResult',
    method: 'GET',
    path: `${JOB}/result`,
    role: 'viewer',
    summary: 'List the files that the job created, with download URLs that are valid for 15 minutes',
    success: 200,
    query: pageQuery,
    response: z.array(resultPartSchema),
    headers: ['Link', 'Cache-Control'],
  },
  {
    operation: 'listTasks',
    method: 'GET',
    path: `${JOB}/tasks`,
    role: 'viewer',
    summary: "List one level of the job's tree: its steps, or the batches and chunks of a task",
    success: 200,
    query: listTasksQuery,
    response: z.array(taskSchema),
    headers: ['Link'],
  },
  {
    operation: 'getRequest',
    method: 'GET',
    path: `${JOB}/request`,
    role: 'viewer',
    summary: 'Get the request body that created the job',
    success: 200,
    response: createJobBody,
  },
  {
    operation: 'getCost',
    method: 'GET',
    path: `${JOB}/cost`,
    role: 'viewer',
    summary: 'Get the billed operations of a job and their cost',
    success: 200,
    response: costSchema,
  },
] as const satisfies readonly Route[];
