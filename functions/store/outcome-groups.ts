/**
 * Locations of the outcomes of a job's items. Each item is found once: in the last step and run that
 * processed it.
 */
import { type Job, type JobRun, runNumbersOf } from '#core/job.ts';
import type { Table } from '#core/ports.ts';
import { ROOT } from '#core/task-path.ts';
import { firstVisitOf, lastVisits } from '#core/template/outcome.ts';
import type { OutcomeGroup } from './recorded-chunks.ts';
import { listVisits, type Visit } from './visits.ts';

/** Returns the locations of the outcomes of completed visits of steps. */
export function stepGroups(run: JobRun, nodes: readonly number[]): OutcomeGroup[] {
  return nodes.map((node) => [{ run, path: String(node) }]);
}

/** Items that entered the flow with one visit, including the later visits that processed them. */
interface ItemSet {
  /** Identifies the first visit; the same in each run. */
  readonly firstVisit: string;
  readonly groups: readonly OutcomeGroup[];
}

export async function outcomeGroups(table: Table, job: Job): Promise<OutcomeGroup[]> {
  const runs = runNumbersOf(job).map((runNumber): JobRun => ({ ...job, runNumber }));
  if (job.flow === undefined) return [runs.map((run) => ({ run, path: ROOT }))];
  let sets: readonly ItemSet[] = [];
  for (const run of runs.toReversed()) {
    const visits = await listVisits(table, run);
    const itemSets = setsOf(run, visits, sets);
    if (itemSets.length === 0) continue;
    // The flow may not have reached the other item sets yet.
    const isOpen = run.runNumber === job.runNumber && job.totals === undefined;
    const remainingSets = sets.filter(
      ({ firstVisit }) => !itemSets.some((itemSet) => itemSet.firstVisit === firstVisit),
    );
    sets = isOpen ? [...itemSets, ...remainingSets] : itemSets;
  }
  return sets.flatMap(({ groups }) => groups);
}

function setsOf(run: JobRun, visits: readonly Visit[], before: readonly ItemSet[]): ItemSet[] {
  return lastVisits(visits).map((visit) => {
    const { step, ordinal } = firstVisitOf(visit, visits);
    const firstVisit = `${step}:${ordinal}`;
    const older = before.find((set) => set.firstVisit === firstVisit)?.groups ?? [];
    return { firstVisit, groups: groupsOf(run, visit, { visits, older }) };
  });
}

/**
 * Chunks that an incomplete visit has not finished are found in the visit before it, and then in the previous
 * run. If the earlier outcomes were chunked differently, they are used for all items.
 */
function groupsOf(
  run: JobRun,
  visit: Visit,
  context: { readonly visits: readonly Visit[]; readonly older: readonly OutcomeGroup[] },
): readonly OutcomeGroup[] {
  const { node, inputs, totals, splits } = visit;
  const own = { run, path: String(node) };
  if (totals !== undefined) return [[own]];
  const input = context.visits.find((other) => other.node === inputs[0]);
  const older = input === undefined ? context.older : groupsOf(run, input, context);
  const [only, ...remainingSets] = older;
  if (only === undefined) return [[own]];
  const isRechunked = splits || remainingSets.length > 0 || input?.isNested === true;
  return isRechunked ? older : [[own, ...only]];
}
