/** Restarts: a job that failed because of a prerequisite waits again, under the same id and run. */
import type { Job, JobKey } from '#core/job.ts';
import { generationOf, isWaiting } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Table } from '#core/ports.ts';
import { isRestartable, PREREQUISITE_FAILED } from '#core/restart.ts';
import { listDependents } from './dependents.ts';
import { type Cause, moveEntry } from './history.ts';
import { isUnchanged, mirrorWrites, rowOfJob } from './job-rows.ts';
import { movedJob, readJob } from './jobs.ts';
import { failureKey } from './keys.ts';

const PARALLEL_RESTARTS = 16;

/** Maximum number of dependents that one walk visits. */
const MAX_VISITED = 10_000;

export interface RestartOptions extends Cause {
  /** Receives the version that is about to move. May throw to prevent the restart. */
  readonly check?: (job: Job) => void;
  /** True to restart the jobs that failed because of this one too. */
  readonly restartsDependents?: boolean | undefined;
}

/** Moves the job back to Waiting. Returns `undefined` if it is missing, or not a job that failed because of a prerequisite. */
export async function restartJob(
  table: Table,
  key: JobKey,
  options: RestartOptions,
): Promise<Job | undefined> {
  for (;;) {
    const job = await readJob(table, key);
    if (job === undefined || !isRestartable(job)) return undefined;
    options.check?.(job);
    const next = waitingAgain(job, options);
    const result = await table.transact([
      { kind: 'put', row: rowOfJob(next), when: isUnchanged(job) },
      moveEntry(job, next, 'restart', options),
      { kind: 'delete', key: failureKey(job, PREREQUISITE_FAILED) },
      ...mirrorWrites(job, next),
    ]);
    if (result.kind === 'written') return next;
  }
}

/** Removes the members that belong to the end of the job. The job never ran, so it keeps its run number. */
function waitingAgain(job: Job, { now, restartsDependents }: RestartOptions): Job {
  const {
    endTime: _endTime,
    rootCause: _rootCause,
    startDue: _startDue,
    restartsDependents: _restartsDependents,
    ...fields
  } = movedJob(job, 'Waiting', { now, followUp: 'dispatch' });
  return { ...fields, ...(restartsDependents ? { restartsDependents } : {}) };
}

/**
 * Restarts every job that failed because of this one, directly or through other jobs. Returns false if time ran out; then
 * call again.
 */
export async function restartDependents(
  table: Table,
  root: JobKey,
  { now, isTimeUp }: { readonly now: number; readonly isTimeUp: () => boolean },
): Promise<boolean> {
  const reason = `retry of '${root.job}'`;
  return walkDependents(table, root, isTimeUp, async (job) => {
    if (isWaiting(job)) return true;
    return (await restartJob(table, job, { now, reason })) !== undefined;
  });
}

/** Returns the ids of jobs that failed because of this one, at most `limit`. */
export async function failedDependentsOf(table: Table, root: JobKey, limit: number): Promise<string[]> {
  const found: string[] = [];
  await walkDependents(
    table,
    root,
    () => found.length >= limit,
    async (job) => {
      if (!isRestartable(job)) return false;
      found.push(job.job);
      return true;
    },
  );
  return found.slice(0, limit).sort();
}

/** Visits the dependents level by level, and those of each job for which `visit` returns true. Returns false if stopped. */
async function walkDependents(
  table: Table,
  root: JobKey,
  isStopped: () => boolean,
  visit: (job: Job) => Promise<boolean>,
): Promise<boolean> {
  const seen = new Set([root.job]);
  const open = [root.job];
  for (let id = open.shift(); id !== undefined && seen.size <= MAX_VISITED; id = open.shift()) {
    let after: Readonly<Record<string, unknown>> | undefined;
    do {
      if (isStopped()) return false;
      const key = { partition: root.partition, job: id };
      const page = await listDependents(table, key, {
        limit: 100,
        strong: true,
        ...omitUndefined({ after }),
      });
      const dependents = page.dependents.filter(({ job }) => !seen.has(job));
      const visited = await mapParallel(dependents, PARALLEL_RESTARTS, async (dependent) => {
        const job = await readJob(table, dependent);
        // The row may name an earlier job of this id.
        if (job === undefined || generationOf(job) !== dependent.runNumber) return [];
        return (await visit(job)) ? [job.job] : [];
      });
      for (const next of visited.flat()) {
        if (!seen.has(next)) open.push(next);
        seen.add(next);
      }
      after = page.next;
    } while (after !== undefined);
  }
  return true;
}
