/** The jobs of a partition in the order of their creation. */
import type { Job } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Table } from '#core/ports.ts';
import { jobOfRow } from './job-rows.ts';
import { jobKey, listKeys } from './keys.ts';

/** Position in a list of jobs: after this job, which may have been deleted since. Not a key of the table. */
export interface ListPosition {
  readonly job: string;
  readonly createTime: number;
}

/**
 * Lists jobs, newest first by default. `next` is the position to continue after. The index may lag by up to a
 * second.
 */
export async function listJobs(
  table: Table,
  partition: string,
  options: { limit?: number | undefined; after?: ListPosition | undefined; oldestFirst?: boolean },
): Promise<{ jobs: Job[]; next?: ListPosition }> {
  const { limit, oldestFirst = false } = options;
  const after = options.after && { partition, ...options.after };
  const page = await table.query({
    index: 'by-partition',
    pk: listKeys({ partition, job: '', createTime: 0 }).listPk,
    reverse: !oldestFirst,
    ...omitUndefined({ limit, after: after && { ...jobKey(after), ...listKeys(after) } }),
  });
  const jobs = page.rows.map(jobOfRow).filter((job) => job !== undefined);
  const lastJob = jobs.at(-1);
  return omitUndefined({ jobs, next: page.next && lastJob && positionOf(lastJob) });
}

export function positionOf({ job, createTime }: Job): ListPosition {
  return { job, createTime };
}
