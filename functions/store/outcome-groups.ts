/** Where the outcomes of a job's items lie, so that each item is found once: by the last step and run that had it. */
import { generationsOf, type Job, type JobRun } from '#core/job.ts';
import type { Table } from '#core/ports.ts';
import { lastVisits } from '#core/template/outcome.ts';
import { objectPrefix } from './keys.ts';
import { listVisits, type Visit } from './visits.ts';

/** Prefixes of objects: of those that have one name below several of them, the first counts. */
export type OutcomeGroup = readonly string[];

export async function outcomeGroups(table: Table, job: Job): Promise<OutcomeGroup[]> {
  const runs = generationsOf(job).map((generation): JobRun => ({ ...job, generation }));
  if (job.flow === undefined) return [runs.map((run) => objectPrefix('outcomes', run))];
  let groups: OutcomeGroup[] = [];
  for (const run of runs.toReversed()) {
    const visits = await listVisits(table, run);
    const before = groups;
    const found = lastVisits(visits).flatMap((visit) => groupsOf(run, visit, { visits, before }));
    if (found.length > 0) groups = found;
  }
  return groups;
}

/**
 * Of a visit that is not complete, the chunks that it has not done yet are those of the visit before, and of the run
 * before that. Where one of them was cut into chunks in another way, the older one stands for all.
 */
function groupsOf(
  run: JobRun,
  visit: Visit,
  known: { readonly visits: readonly Visit[]; readonly before: readonly OutcomeGroup[] },
): readonly OutcomeGroup[] {
  const { node, inputs, totals, isNested, splits } = visit;
  const prefix = `${objectPrefix('outcomes', run)}${node}`;
  const [nested, flat] = [[`${prefix}.`], [`${prefix}/`]];
  if (totals !== undefined) return isNested ? [nested, flat] : [flat];
  const input = known.visits.find((other) => other.node === inputs[0]);
  const older = input === undefined ? known.before : groupsOf(run, input, known);
  const [only, ...others] = older;
  if (only === undefined) return [nested, flat];
  return splits || others.length > 0 ? older : [[...flat, ...only]];
}
