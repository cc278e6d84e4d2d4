import * as z from 'zod';
import { type JobSort, parseSort, type SortValue } from '#contract/job-sort.ts';
import { type JobView, jobView } from '#contract/job-view.ts';
import type { QueryOf } from '#contract/routes.ts';
import type { Job } from '#core/job.ts';
import { mapParallel } from '#core/parallel.ts';
import { placeOf } from '../../store/job-list.ts';
import { type FoundJob, subjectOf, walkJobs } from '../../store/job-search.ts';
import { progressOfRow, readProgress } from '../../store/progress.ts';
import { criteriaOf, isUnfiltered, tooBroad, withinRequest } from '../lists/criteria.ts';
import { fitAnswer, PagedList, type Placed } from '../lists/pages.ts';
import type { ApiTools, OperationHandler } from '../request.ts';

/** Rows looked at for one page: a filter that few jobs pass must not read a whole partition. */
const MAX_EXAMINED = 10_000;
/** Rows of one query where a filter drops some of them. */
const FILTERED_QUERY_ROWS = 250;
const PARALLEL_READS = 32;
/** Jobs that can be brought into an order which the index does not have. */
const MAX_SORTED = 10_000;

/** The last job of the page before: no key of the table, so no other partition can be reached by it. */
const listPosition = z.strictObject({
  job: z.string(),
  createTime: z.int(),
  /** Of an offset, what is not yet skipped. */
  skip: z.int().optional(),
  /** Of another order than createTime. */
  value: z.union([z.string(), z.number(), z.null()]).optional(),
});
type ListPosition = z.output<typeof listPosition>;

interface PageOfJobs {
  readonly jobs: readonly Placed<FoundJob, ListPosition>[];
  readonly next: ListPosition | undefined;
}

export const listJobs: OperationHandler<'listJobs'> = async (request, tools) => {
  const { parameters, query } = request;
  const list = new PagedList(request, tools, listPosition);
  const start = await list.start();
  const sort = parseSort(query.sort);
  const read = sort.field === 'createTime' ? inOrderOfIndex : sorted;
  const page = await read({ partition: parameters.p, query, sort, start }, tools);
  const placed = await mapParallel(page.jobs, PARALLEL_READS, async ({ entry, position }) => ({
    entry: await viewOf(entry, tools),
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

/** Pages without bound: a page ends when it is full, or when enough was looked at. */
async function inOrderOfIndex(request: ListRequest, { table }: ApiTools): Promise<PageOfJobs> {
  const { partition, query, sort, start } = request;
  const criteria = criteriaOf(query);
  let skip = start === undefined ? (query.offset ?? 0) : (start.skip ?? 0);
  const jobs: Placed<FoundJob, ListPosition>[] = [];
  const steps = walkJobs(table, partition, {
    criteria,
    after: start,
    oldestFirst: sort.direction === 'asc',
    // One more than needed tells whether there is a next page.
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
      position = placeOf(entry.job);
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

/** Reads all that match, since no index has them in this order. */
async function sorted(request: ListRequest, { table, clock }: ApiTools): Promise<PageOfJobs> {
  const { partition, query, sort, start } = request;
  const withProgress = sort.field === 'percentageComplete';
  const matching: Placed<FoundJob, SortedPosition>[] = [];
  const steps = walkJobs(table, partition, { criteria: criteriaOf(query), withProgress });
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
  return { ...placeOf(found.job), value: sort.placeOf(subjectOf(found)) };
}

/** Among equals, the newest first, as everywhere. */
function inOrder({ compare }: JobSort): (one: ListPosition, other: ListPosition) => number {
  return (one, other) =>
    compare(one.value ?? null, other.value ?? null) ||
    other.createTime - one.createTime ||
    Number(other.job > one.job) - Number(other.job < one.job);
}

async function viewOf({ job, progress: known }: FoundJob, { table, clock }: ApiTools): Promise<JobView> {
  const progress = known ?? (isComplete(job) ? progressOfRow(undefined) : await readProgress(table, job));
  return jobView({ job, progress, now: clock.now() });
}

/** Everything that a view shows of such a job stands in its own row. */
function isComplete({ status, totals }: Job): boolean {
  return status === 'Completed' && totals !== undefined;
}
