/** Dependents of a job: the rows that name jobs waiting for it, and the state of prerequisites. */
import * as v from 'valibot';
import { integer } from '#contract/integers.ts';
import { isWaiting, type JobKey, type JobRun } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Table } from '#core/ports.ts';
import { type PrerequisiteState, unmetPrerequisites } from '#core/readiness.ts';
import { isRun, prerequisiteStateOfRow } from './job-rows.ts';
import { DEPENDENT_ROWS, dependentKey, jobKey, jobRowsPk } from './keys.ts';
import { readStored } from './stored.ts';

const PARALLEL_READS = 16;
const PARALLEL_WAKES = 16;

/** Returns the state of each of these job ids, by strongly consistent reads. */
export async function readPrerequisiteStates(
  table: Table,
  partition: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PrerequisiteState>> {
  const standings = await mapParallel([...new Set(ids)], PARALLEL_READS, async (job) => {
    const { row } = await table.get(jobKey({ partition, job }), { strong: true });
    return [job, prerequisiteStateOfRow(row)] as const;
  });
  return new Map(standings);
}

const storedRun: v.GenericSchema<JobRun> = v.object({
  partition: v.string(),
  job: v.string(),
  runNumber: integer,
});

/** Returns the jobs that name this one as a prerequisite, ordered by id. */
export async function listDependents(
  table: Table,
  key: JobKey,
  options: { limit: number; strong?: boolean; after?: Readonly<Record<string, unknown>> },
): Promise<{ dependents: JobRun[]; next?: Readonly<Record<string, unknown>> }> {
  const { rows, next } = await table.query({ pk: jobRowsPk(key), begins: DEPENDENT_ROWS, ...options });
  const dependents = rows.map((row) => readStored(storedRun, row, 'dependent'));
  return omitUndefined({ dependents, next });
}

/**
 * Wakes every dependent of this job, so that it checks its prerequisites again. Dependents that have started
 * or are final are not changed. Returns false if time ran out; then call again.
 */
export async function wakeDependents(table: Table, key: JobKey, isTimeUp: () => boolean): Promise<boolean> {
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    if (isTimeUp()) return false;
    const page = await listDependents(table, key, { limit: 500, strong: true, ...omitUndefined({ after }) });
    await mapParallel(page.dependents, PARALLEL_WAKES, (dependent) => wake(table, dependent));
    after = page.next;
  } while (after !== undefined);
  return true;
}

/**
 * Makes the job check again if it may start. The write changes `startRevision`, so a check that is already
 * running cannot clear the new follow-up.
 */
export async function wake(table: Table, run: JobRun): Promise<void> {
  await table.write({
    kind: 'update',
    key: jobKey(run),
    change: { set: { followUp: 'dispatch' }, add: { startRevision: 1 } },
    when: [
      isRun(run.runNumber),
      {
        anyOf: [
          [{ attribute: 'status', is: 'equal', value: 'Waiting' }],
          [
            { attribute: 'status', is: 'equal', value: 'Paused' },
            { attribute: 'pausedFrom', is: 'equal', value: 'Waiting' },
          ],
        ],
      },
    ],
  });
}

/** Removes a deleted job from the dependents of its prerequisites. */
export async function removeDependent(
  table: Table,
  dependent: JobRun,
  prerequisites: readonly string[],
): Promise<void> {
  await mapParallel(prerequisites, PARALLEL_WAKES, (prerequisite) =>
    table.write({ kind: 'delete', key: dependentKey(prerequisite, dependent) }),
  );
}

/** Maximum number of jobs that one search for a cycle reads. */
const MAX_SEARCHED_JOBS = 2_000;

export type CycleSearch =
  | { readonly kind: 'none' }
  /** Job ids along the cycle, from the job back to itself: `['a', 'b', 'a']`. */
  | { readonly kind: 'cycle'; readonly ids: readonly string[] }
  /** The search stopped, because more than `limit` jobs are waiting behind the prerequisites. */
  | { readonly kind: 'too-large'; readonly limit: number };

/**
 * Searches for a cycle through the job, level by level. Each waiting job is read once. Jobs in `known` are
 * not read again.
 */
export async function findCycle(
  table: Table,
  { partition, job }: JobKey,
  prerequisites: readonly string[],
  known: ReadonlyMap<string, PrerequisiteState>,
): Promise<CycleSearch> {
  if (prerequisites.includes(job)) return { kind: 'cycle', ids: [job, job] };
  const { dependents } = await listDependents(table, { partition, job }, { limit: 1, strong: true });
  // A cycle needs a job that waits for this one.
  if (dependents.length === 0) return { kind: 'none' };
  const predecessors = new Map(prerequisites.map((id) => [id, job]));
  let level = [...predecessors.keys()];
  while (level.length > 0) {
    const unreadIds = level.filter((id) => !known.has(id));
    const standings = new Map([...known, ...(await readPrerequisiteStates(table, partition, unreadIds))]);
    const next: string[] = [];
    for (const from of level) {
      for (const id of awaitedBy(standings.get(from))) {
        if (id === job) return { kind: 'cycle', ids: [...pathTo(from, predecessors), job] };
        if (predecessors.has(id)) continue;
        predecessors.set(id, from);
        if (predecessors.size > MAX_SEARCHED_JOBS) return { kind: 'too-large', limit: MAX_SEARCHED_JOBS };
        next.push(id);
      }
    }
    level = next;
  }
  return { kind: 'none' };
}

function awaitedBy(standing: PrerequisiteState | undefined): readonly string[] {
  return standing?.kind === 'job' && isWaiting(standing.job) ? unmetPrerequisites(standing.job) : [];
}

/** Returns the path from the job that was searched for to this one. */
function pathTo(id: string, predecessors: ReadonlyMap<string, string>): string[] {
  const path: string[] = [];
  for (let current: string | undefined = id; current !== undefined; current = predecessors.get(current))
    path.unshift(current);
  return path;
}
