/** Jobs of a partition that match criteria, in the order of their creation: what lists, counts and bulk actions walk. */

import { type JobFilter, parseFilter } from '#contract/job-filter.ts';
import type { SortSubject } from '#contract/job-sort.ts';
import { percentageComplete } from '#contract/job-view.ts';
import type { Job } from '#core/job.ts';
import { JOB_STATUSES, type JobStatus } from '#core/job-status.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Table } from '#core/ports.ts';
import { type ListPlace, listJobs } from './job-list.ts';
import { readProgress, type StoredProgress } from './progress.ts';

/** Which jobs are meant; what is absent does not matter. */
export interface JobCriteria {
  readonly jobIdStartsWith?: string | undefined;
  readonly statuses?: readonly JobStatus[] | undefined;
  /** Any of these keys. */
  readonly labelExist?: readonly string[] | undefined;
  /** In RSQL. */
  readonly filter?: string | undefined;
  /** Absent: hidden jobs are passed over. */
  readonly includeHidden?: boolean | undefined;
}

export interface FoundJob {
  readonly job: Job;
  /** Where it was read already. */
  readonly progress?: StoredProgress | undefined;
}

export interface WalkStep {
  readonly found: readonly FoundJob[];
  /** Rows that were looked at, found or not. */
  readonly examined: number;
  /** Behind the last row that was looked at; absent where there are no more. */
  readonly next?: ListPlace;
}

export interface WalkOptions {
  readonly criteria: JobCriteria;
  readonly after?: ListPlace | undefined;
  readonly oldestFirst?: boolean;
  /** Progress of the jobs is needed, whatever the criteria are. */
  readonly withProgress?: boolean;
  /** Rows of the next query; absent: as many as one can bring. */
  readonly rows?: (stepsBefore: number) => number;
}

const PARALLEL_READS = 32;

/** Step by step to the end; jobs may come and go under it. The index may lag by up to a second. */
export async function* walkJobs(
  table: Table,
  partition: string,
  options: WalkOptions,
): AsyncGenerator<WalkStep> {
  const { criteria, oldestFirst = false, withProgress = false, rows } = options;
  const matcher = new JobMatcher(criteria);
  let { after } = options;
  for (let step = 0; ; step += 1) {
    const limit = rows?.(step);
    const page = await listJobs(table, partition, { limit, after, oldestFirst });
    const found = await matcher.select(table, page.jobs, withProgress);
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

  /** `progress` is needed where the filter asks for the percentage. */
  matches({ job, progress }: FoundJob): boolean {
    return this.#matchesRow(job) && this.#filter?.matches(subjectOf({ job, progress })) !== false;
  }

  async select(table: Table, jobs: readonly Job[], withProgress: boolean): Promise<FoundJob[]> {
    const candidates = jobs.filter((job) => this.#matchesRow(job));
    const needsProgress = withProgress || this.#filter?.needsPercentage === true;
    const found = needsProgress
      ? await mapParallel(candidates, PARALLEL_READS, (job) => progressed(table, job))
      : candidates.map((job) => ({ job }));
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

/** The percentage of a completed job is known without looking. */
async function progressed(table: Table, job: Job): Promise<FoundJob> {
  return job.status === 'Completed' ? { job } : { job, progress: await readProgress(table, job) };
}

export function subjectOf({ job, progress }: FoundJob): SortSubject {
  return {
    ...job,
    id: job.job,
    percentageComplete: percentageComplete(job.status, progress?.percent ?? 0),
  };
}
