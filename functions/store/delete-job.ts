import { generationOf, type Job, type JobKey } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Table } from '#core/ports.ts';
import { stragglersEndTime } from '#core/stragglers.ts';
import { isUnchanged, mirrorWrites, tombstone } from './job-rows.ts';
import { readJob } from './jobs.ts';
import { dueKeys, removalKey } from './keys.ts';
import { ttlSeconds } from './retention.ts';

/**
 * Deletes the job row, which frees the id immediately. A tombstone keeps the run number, and a removal row
 * triggers the deletion of everything else. The removal runs twice if a function may still be working on the
 * job.
 * `check` may throw to prevent the deletion, and `only` returns false to skip it; both receive the version
 * that is about to be deleted.
 */
export async function deleteJob(
  table: Table,
  key: JobKey,
  options: { now: number; check?: (job: Job) => void; only?: (job: Job) => boolean },
): Promise<'deleted' | 'missing'> {
  const { now, check, only } = options;
  for (;;) {
    const job = await readJob(table, key);
    if (job === undefined || only?.(job) === false) return 'missing';
    check?.(job);
    const prerequisites = job.prerequisites?.map((prerequisite) => prerequisite.job);
    const clearDue = stragglersEndTime(job, now);
    const result = await table.transact([
      { kind: 'put', row: tombstone(job, now), when: isUnchanged(job) },
      {
        kind: 'put',
        row: {
          ...removalKey(job),
          runNumber: job.runNumber,
          firstRunNumber: generationOf(job),
          began: job.startTime !== undefined,
          ...omitUndefined({ prerequisites, machine: job.flow?.machine }),
          ...(clearDue !== undefined && { clearDue, ...dueKeys(job, clearDue) }),
          followUp: 'remove',
          ttl: ttlSeconds(now),
        },
      },
      ...mirrorWrites(job, undefined),
    ]);
    if (result.kind === 'written') return 'deleted';
  }
}
