/**
 * Finds the jobs of a partition that match criteria, in the order of creation. Used by lists, counts and bulk
 * actions.
 */
import { type JobFilter, parseFilter } from '#contract/job-filter.ts';
import type { SortSubject } from '#contract/job-sort.ts';
import { itemCounts, percentageComplete } from '#contract/job-view.ts';
import type { Job } from '#core/job.ts';
import { JOB_STATUSES, type JobStatus } from '#core/job-status.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Table } from '#core/ports.ts';
import { type ListPosition, listJobs } from './job-list.ts';
import { progressOfRow, readProgress, type StoredProgress } from './progress.ts';

/** Criteria for jobs. An absent criterion matches every job. */
export interface JobCriteria {
  readonly jobIdStartsWith?: string | undefined;
  readonly statuses?: readonly JobStatus[] | undefined;
  /** Matches jobs with any of these label keys. */
  readonly labelExist?: readonly string[] | undefined;
  /** An RSQL expression. */
  readonly filter?: string | undefined;
  /** Absent or false: hidden jobs do not match. */
  readonly includeHidden?: boolean | undefined;
}

export interface FoundJob {
  readonly job: Job;
  /** Set if the progress was already read. */
  readonly progress?: StoredProgress | undefined;
}

export interface WalkStep {
  readonly found: readonly FoundJob[];
  /** Number of examined rows, matching or not. */
  readonly examined: number;
  /** Position after the last examined row; absent at the end. */
  readonly next?: ListPosition;
}

export interface WalkOptions {
  readonly criteria: JobCriteria;
  readonly after?: ListPosition | undefined;
  readonly oldestFirst?: boolean;
  /** Fields that the caller reads besides those of the filter; the progress is read if they need it. */
  readonly fields?: readonly string[];
  /** Number of rows of the next query; absent: as many as one query returns. */
  readonly rows?: (stepsBefore: number) => number;
}

const PARALLEL_READS = 32;
const NO_PROGRESS = progressOfRow(undefined);

/**
 * Yields jobs in steps until the end. Jobs may be created or deleted meanwhile. The index may lag by up to a
 * second.
 */
export async function* walkJobs(
  table: Table,
  partition: string,
  options: WalkOptions,
): AsyncGenerator<WalkStep> {
  const { criteria, oldestFirst = false, fields = [], rows } = options;
  const matcher = new JobMatcher(criteria);
  let { after } = options;
  for (let step = 0; ; step += 1) {
    const limit = rows?.(step);
    const page = await listJobs(table, partition, { limit, after, oldestFirst });
    const found = await matcher.select(table, page.jobs, fields);
    const examined = page.jobs.length;
    if (page.next === undefined) {
      yield { found, examined };
      return;
    }
    yield { found, examined, next: page.next };
    after = page.next;
  }
}

export class JobMatcher {
  readonly #criteria: JobCriteria;
  readonly #statuses: readonly JobStatus[];
  readonly #filter: JobFilter | undefined;

  constructor(criteria: JobCriteria) {
    this.#criteria = criteria;
    this.#statuses = criteria.statuses ?? JOB_STATUSES;
    this.#filter = criteria.filter === undefined ? undefined : parseFilter(criteria.filter);
  }

  /** `progress` is required if the filter uses a field of the progress, unless the row of the job has its value. */
  matches({ job, progress }: FoundJob): boolean {
    return this.#matchesRow(job) && this.#filter?.matches(subjectOf({ job, progress })) !== false;
  }

  /** Returns the jobs that match. Reads their progress if the filter or one of `moreFields` needs it. */
  async select(table: Table, jobs: readonly Job[], moreFields: readonly string[]): Promise<FoundJob[]> {
    const candidates = jobs.filter((job) => this.#matchesRow(job));
    const fields = new Set([...(this.#filter?.fields ?? []), ...moreFields]);
    const found = await mapParallel(candidates, PARALLEL_READS, async (job) =>
      needsProgress(job, fields) ? { job, progress: await readProgress(table, job) } : { job },
    );
    return found.filter((candidate) => this.matches(candidate));
  }

  #matchesRow({ job, status, labels, hidden = false }: Job): boolean {
    const { jobIdStartsWith = '', labelExist, includeHidden = false } = this.#criteria;
    return (
      (includeHidden || !hidden) &&
      this.#statuses.includes(status) &&
      job.startsWith(jobIdStartsWith) &&
      labelExist?.some((key) => Object.hasOwn(labels, key)) !== false
    );
  }
}

/** True if one of these fields is known only from the progress row of the job. */
function needsProgress({ status, totals }: Job, fields: ReadonlySet<string>): boolean {
  if (status !== 'Completed' && fields.has('percentageComplete')) return true;
  return totals === undefined && [...fields].some((field) => field.startsWith('items.'));
}

export function subjectOf({ job, progress = NO_PROGRESS }: FoundJob): SortSubject {
  return {
    ...job,
    id: job.job,
    percentageComplete: percentageComplete(job.status, progress.percent),
    items: itemCounts(job, progress),
  };
}
