import { creationOf, type Job, type JobKey } from '#core/job.ts';
import type { Table } from '#core/ports.ts';
import { stragglersGone } from '#core/stragglers.ts';
import { isUnchanged, mirrorWrites, tombstone } from './job-rows.ts';
import { readJob } from './jobs.ts';
import { dueKeys, removalKey } from './keys.ts';
import { ttlSeconds } from './retention.ts';

/**
 * Frees the id at once; the tombstone keeps the generation, the removal row owes the deletion of the rest: twice, where
 * somebody may still be at the work of the job. `check` may throw on the very version that is about to go; where `only` says `false`, nothing is deleted.
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
    const clearDue = stragglersGone(job, now);
    const answer = await table.transact([
      { kind: 'put', row: tombstone(job, now), when: isUnchanged(job) },
      {
        kind: 'put',
        row: {
          ...removalKey(job),
          generation: job.generation,
          firstGeneration: creationOf(job),
          began: job.startTime !== undefined,
          ...(prerequisites && { prerequisites }),
          ...(job.flow && { machine: job.flow.machine }),
          ...(clearDue !== undefined && { clearDue, ...dueKeys(job, clearDue) }),
          followUp: 'remove',
          ttl: ttlSeconds(now),
        },
      },
      ...mirrorWrites(job, undefined),
    ]);
    if (answer.outcome === 'written') return 'deleted';
  }
}
