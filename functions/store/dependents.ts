/** Who waits for whom: the rows of a job that name its dependents, and how ids stand for those. */
import { isWaiting, type JobKey, type JobRun } from '#core/job.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Table } from '#core/ports.ts';
import { type Standing, waitingFor } from '#core/prerequisites.ts';
import { isGeneration, runOf, standingOfRow } from './job-rows.ts';
import { DEPENDENT_ROWS, dependentKey, jobKey, jobRowsPk } from './keys.ts';

const PARALLEL_READS = 16;
const PARALLEL_WAKES = 16;

/** How each of these ids of a partition stands, read strongly. */
export async function readStandings(
  table: Table,
  partition: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Standing>> {
  const standings = await mapParallel([...new Set(ids)], PARALLEL_READS, async (job) => {
    const { row } = await table.get(jobKey({ partition, job }), { strong: true });
    return [job, standingOfRow(row)] as const;
  });
  return new Map(standings);
}

/** Jobs that name this one as a prerequisite, by id. */
export async function listDependents(
  table: Table,
  key: JobKey,
  options: { limit: number; strong?: boolean; after?: Readonly<Record<string, unknown>> },
): Promise<{ dependents: JobRun[]; next?: Readonly<Record<string, unknown>> }> {
  const { rows, next } = await table.query({ pk: jobRowsPk(key), begins: DEPENDENT_ROWS, ...options });
  const dependents = rows.map((row) => runOf(row as unknown as JobRun));
  return next === undefined ? { dependents } : { dependents, next };
}

/**
 * Calls all that wait for this job to look at it again. Who has begun or is over is left alone. Answers whether all
 * were called; if not, call again.
 */
export async function wakeDependents(table: Table, key: JobKey, isOver: () => boolean): Promise<boolean> {
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    if (isOver()) return false;
    const page = await listDependents(table, key, { limit: 500, strong: true, ...(after && { after }) });
    await mapParallel(page.dependents, PARALLEL_WAKES, (dependent) => wake(table, dependent));
    after = page.next;
  } while (after !== undefined);
  return true;
}

/** The job has to look anew whether it may start; by a write that whoever is just looking cannot clear. */
export async function wake(table: Table, run: JobRun): Promise<void> {
  await table.write({
    kind: 'update',
    key: jobKey(run),
    change: { set: { followUp: 'dispatch' }, add: { startRevision: 1 } },
    when: [
      isGeneration(run.generation),
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

/** A job that is gone waits for nobody any more. */
export async function removeDependent(
  table: Table,
  dependent: JobRun,
  prerequisites: readonly string[],
): Promise<void> {
  await mapParallel(prerequisites, PARALLEL_WAKES, (prerequisite) =>
    table.write({ kind: 'delete', key: dependentKey(prerequisite, dependent) }),
  );
}

/** Jobs looked at for a circle. */
const MAX_CHAIN = 1_000;

/** The way from the job through what waits for what back to itself, if there is one: `['a', 'b', 'a']`. */
export async function findCycle(
  table: Table,
  { partition, job }: JobKey,
  prerequisites: readonly string[],
): Promise<string[] | undefined> {
  const seen = new Set<string>();
  let ways = prerequisites.map((id) => [job, id]);
  while (ways.length > 0 && seen.size < MAX_CHAIN) {
    const circle = ways.find((way) => way.at(-1) === job);
    if (circle !== undefined) return circle;
    const fresh = ways.filter((way) => !seen.has(lastOf(way)));
    for (const way of fresh) seen.add(lastOf(way));
    const standings = await readStandings(table, partition, fresh.map(lastOf));
    ways = fresh.flatMap((way) => {
      const standing = standings.get(lastOf(way));
      if (standing?.kind !== 'job' || !isWaiting(standing.job)) return [];
      return waitingFor(standing.job).map((id) => [...way, id]);
    });
  }
  return undefined;
}

function lastOf(way: readonly string[]): string {
  return way.at(-1) ?? '';
}
