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

/** Jobs that one search for a cycle may read. */
const MAX_SEARCHED_JOBS = 2_000;

export type CycleSearch =
  | { readonly kind: 'none' }
  /** From the job through what waits for what back to itself: `['a', 'b', 'a']`. */
  | { readonly kind: 'cycle'; readonly ids: readonly string[] }
  /** More jobs than this are waiting behind the prerequisites, so the search gave up. */
  | { readonly kind: 'too-large'; readonly limit: number };

/**
 * Searches for a cycle through the job, level by level. Each waiting job is read once; standings that the caller has
 * read are not read again.
 */
export async function findCycle(
  table: Table,
  { partition, job }: JobKey,
  prerequisites: readonly string[],
  known: ReadonlyMap<string, Standing>,
): Promise<CycleSearch> {
  if (prerequisites.includes(job)) return { kind: 'cycle', ids: [job, job] };
  const { dependents } = await listDependents(table, { partition, job }, { limit: 1, strong: true });
  // Every cycle ends with a job that waits for this one.
  if (dependents.length === 0) return { kind: 'none' };
  const cameFrom = new Map(prerequisites.map((id) => [id, job]));
  let level = [...cameFrom.keys()];
  while (level.length > 0) {
    const unknown = level.filter((id) => !known.has(id));
    const standings = new Map([...known, ...(await readStandings(table, partition, unknown))]);
    const next: string[] = [];
    for (const from of level) {
      for (const id of awaitedBy(standings.get(from))) {
        if (id === job) return { kind: 'cycle', ids: [...wayTo(from, cameFrom), job] };
        if (cameFrom.has(id)) continue;
        cameFrom.set(id, from);
        if (cameFrom.size > MAX_SEARCHED_JOBS) return { kind: 'too-large', limit: MAX_SEARCHED_JOBS };
        next.push(id);
      }
    }
    level = next;
  }
  return { kind: 'none' };
}

function awaitedBy(standing: Standing | undefined): readonly string[] {
  return standing?.kind === 'job' && isWaiting(standing.job) ? waitingFor(standing.job) : [];
}

/** From the job that was searched for to this one. */
function wayTo(id: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way: string[] = [];
  for (let at: string | undefined = id; at !== undefined; at = cameFrom.get(at)) way.unshift(at);
  return way;
}
