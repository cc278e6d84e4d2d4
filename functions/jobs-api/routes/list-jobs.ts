import * as z from 'zod';
import { type JobSort, parseSort, type SortValue } from '#contract/job-sort.ts';
import { type JobView, jobView } from '#contract/job-view.ts';
import type { QueryOf } from '#contract/routes.ts';
import type { Job } from '#core/job.ts';
import { mapParallel } from '#core/parallel.ts';
import { positionOf } from '../../store/job-list.ts';
import { type FoundJob, subjectOf, walkJobs } from '../../store/job-search.ts';
import { progressOfRow, readProgress } from '../../store/progress.ts';
import { criteriaOf, isUnfiltered, tooBroad, withinRequest } from '../lists/criteria.ts';
import { fitAnswer, PagedList, type Placed } from '../lists/pages.ts';
import type { ApiPorts, OperationHandler } from '../request.ts';

/** Maximum number of rows read for one page, so that a selective filter does not read a whole partition. */
const MAX_EXAMINED = 10_000;
/** Number of rows of one query if a filter drops some of them. */
const FILTERED_QUERY_ROWS = 250;
const PARALLEL_READS = 32;
/** Maximum number of jobs to sort in memory, in an order that the index does not have. */
const MAX_SORTED = 10_000;

/** The last job of the page before. It is not a key of the table, so it cannot reach another partition. */
const listPosition = z.strictObject({
  job: z.string(),
  createTime: z.int(),
  /** Number of jobs still to skip, if the query has an offset. */
  skip: z.int().optional(),
  /** Value of the sort field, in another order than createTime. */
  value: z.union([z.string(), z.number(), z.null()]).optional(),
});
type ListPosition = z.output<typeof listPosition>;

interface PageOfJobs {
  readonly jobs: readonly Placed<FoundJob, ListPosition>[];
  readonly next: ListPosition | undefined;
}

export const listJobs: OperationHandler<'listJobs'> = async (request, ports) => {
  const { parameters, query } = request;
  const list = new PagedList(request, ports, listPosition);
  const start = await list.start();
  const sort = parseSort(query.sort);
  const readPage = sort.field === 'createTime' ? inOrderOfIndex : inSortedOrder;
  const page = await readPage({ partition: parameters.p, query, sort, start }, ports);
  const placed = await mapParallel(page.jobs, PARALLEL_READS, async ({ entry, position }) => ({
    entry: await viewOf(entry, ports),
    position,
  }));
  const { entries, next } = fitAnswer(placed, page.next);
  return list.answer(entries, next);
};

interface ListRequest {
  readonly partition: string;
  readonly query: QueryOf<'listJobs'>;
  readonly sort: JobSort;
  readonly start: ListPosition | undefined;
}

/** Reads a page in the order of the index. It ends when it is full or after `MAX_EXAMINED` rows. */
async function inOrderOfIndex(request: ListRequest, { table }: ApiPorts): Promise<PageOfJobs> {
  const { partition, query, sort, start } = request;
  const criteria = criteriaOf(query);
  let skip = start === undefined ? (query.offset ?? 0) : (start.skip ?? 0);
  const jobs: Placed<FoundJob, ListPosition>[] = [];
  const steps = walkJobs(table, partition, {
    criteria,
    after: start,
    oldestFirst: sort.direction === 'asc',
    // Read one more, to know if there is a next page.
    rows: (before) => {
      const missing = skip + query.limit - jobs.length + 1;
      return before === 0 && isUnfiltered(criteria) ? missing : Math.max(missing, FILTERED_QUERY_ROWS);
    },
  });
  let position = start;
  let examined = 0;
  for await (const step of steps) {
    for (const entry of step.found) {
      if (jobs.length === query.limit) return { jobs, next: position };
      position = positionOf(entry.job);
      if (skip > 0) skip -= 1;
      else jobs.push({ entry, position });
    }
    if (step.next === undefined) break;
    position = { ...step.next, ...(skip > 0 && { skip }) };
    examined += step.examined;
    if (examined >= MAX_EXAMINED) return { jobs, next: position };
  }
  return { jobs, next: undefined };
}

/** Reads all jobs that match and sorts them, because no index has this order. */
async function inSortedOrder(request: ListRequest, { table, clock }: ApiPorts): Promise<PageOfJobs> {
  const { partition, query, sort, start } = request;
  const matching: Placed<FoundJob, SortedPosition>[] = [];
  const steps = walkJobs(table, partition, { criteria: criteriaOf(query), fields: [sort.field] });
  for await (const { found } of withinRequest(steps, clock)) {
    for (const entry of found) matching.push({ entry, position: sortedPosition(entry, sort) });
    if (matching.length > MAX_SORTED) {
      throw tooBroad(
        `more than ${MAX_SORTED} jobs match, too many to sort by ${sort.field}; narrow the filter`,
      );
    }
  }
  const compare = inOrder(sort);
  matching.sort((one, other) => compare(one.position, other.position));
  const rest =
    start === undefined ? matching : matching.filter(({ position }) => compare(position, start) > 0);
  const from = start === undefined ? (query.offset ?? 0) : 0;
  const jobs = rest.slice(from, from + query.limit);
  return { jobs, next: from + query.limit < rest.length ? jobs.at(-1)?.position : undefined };
}

type SortedPosition = ListPosition & { readonly value: SortValue };

function sortedPosition(found: FoundJob, sort: JobSort): SortedPosition {
  return { ...positionOf(found.job), value: sort.sortValueOf(subjectOf(found)) };
}

/** Jobs with equal values are sorted by time, newest first, as in every list. */
function inOrder({ compare }: JobSort): (one: ListPosition, other: ListPosition) => number {
  return (one, other) =>
    compare(one.value ?? null, other.value ?? null) ||
    other.createTime - one.createTime ||
    Number(other.job > one.job) - Number(other.job < one.job);
}

async function viewOf(
  { job, progress: knownProgress }: FoundJob,
  { table, clock }: ApiPorts,
): Promise<JobView> {
  const progress =
    knownProgress ?? (isComplete(job) ? progressOfRow(undefined) : await readProgress(table, job));
  return jobView({ job, progress, now: clock.now() });
}

/** True if the row of the job contains everything that its view shows. */
function isComplete({ status, totals }: Job): boolean {
  return status === 'Completed' && totals !== undefined;
}
