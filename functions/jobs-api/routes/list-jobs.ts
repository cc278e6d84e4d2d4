import * as z from 'zod';
import { type JobView, jobView } from '#contract/job-view.ts';
import { STATUS_TYPES } from '#contract/queries.ts';
import type { QueryOf } from '#contract/routes.ts';
import type { Job } from '#core/job.ts';
import type { JobStatus } from '#core/job-status.ts';
import { mapParallel } from '#core/parallel.ts';
import { listJobs as readJobs } from '../../store/jobs.ts';
import { jobKey, listKeys } from '../../store/keys.ts';
import { readProgress } from '../../store/progress.ts';
import { fitAnswer, PagedList } from '../pages.ts';
import type { ApiTools, OperationHandler } from '../request.ts';

/** Rows looked at for one page: a filter that few jobs pass must not read a whole partition. */
const MAX_EXAMINED = 10_000;
/** Rows of one query where a filter drops some of them. */
const FILTERED_QUERY_ROWS = 250;
const PARALLEL_READS = 32;

/** The last job of the page before: no key of the table, so no other partition can be reached by it. */
const listPosition = z.strictObject({ job: z.string(), createTime: z.int() });
type ListPosition = z.output<typeof listPosition>;

export const listJobs: OperationHandler<'listJobs'> = async (request, tools) => {
  const list = new PagedList(request, tools, listPosition);
  const found = await findJobs(request.parameters.p, request.query, await list.start(), tools);
  const views = await mapParallel(found.jobs, PARALLEL_READS, (job) => viewOf(job, tools));
  const placed = views.map((entry) => ({ entry, position: { job: entry.id, createTime: entry.createTime } }));
  const { entries, next } = fitAnswer(placed, found.next);
  return list.answer(entries, next);
};

async function findJobs(
  partition: string,
  query: QueryOf<'listJobs'>,
  start: ListPosition | undefined,
  { table }: ApiTools,
): Promise<{ jobs: Job[]; next: ListPosition | undefined }> {
  const matches = matcher(query);
  const isFiltered = query.jobIdStartsWith !== undefined || allowedStatuses(query) !== STATUS_TYPES.All;
  const jobs: Job[] = [];
  let position = start;
  let behind = after(partition, position);
  for (let examined = 0; examined < MAX_EXAMINED; ) {
    // One more than needed tells whether there is a next page.
    const missing = query.limit - jobs.length + 1;
    const limit = isFiltered ? Math.max(missing, FILTERED_QUERY_ROWS) : missing;
    const page = await readJobs(table, partition, { limit, ...behind });
    for (const job of page.jobs) {
      if (jobs.length === query.limit) return { jobs, next: position };
      position = { job: job.job, createTime: job.createTime };
      if (matches(job)) jobs.push(job);
    }
    if (page.next === undefined) return { jobs, next: undefined };
    behind = { after: page.next };
    examined += limit;
  }
  return { jobs, next: position };
}

function after(partition: string, position: ListPosition | undefined) {
  if (position === undefined) return {};
  const key = { partition, ...position };
  return { after: { ...jobKey(key), ...listKeys(key) } as Readonly<Record<string, unknown>> };
}

function matcher(query: QueryOf<'listJobs'>): (job: Job) => boolean {
  const { jobIdStartsWith = '' } = query;
  const statuses = allowedStatuses(query);
  return ({ job, status }) => statuses.includes(status) && job.startsWith(jobIdStartsWith);
}

function allowedStatuses({ statusType, status }: QueryOf<'listJobs'>): readonly JobStatus[] {
  const ofType: readonly JobStatus[] = STATUS_TYPES[statusType];
  return status === undefined ? ofType : ofType.filter((candidate) => status.includes(candidate));
}

async function viewOf(job: Job, { table, clock }: ApiTools): Promise<JobView> {
  const progress = await readProgress(table, job);
  return jobView({ job, progress, now: clock.now() });
}
