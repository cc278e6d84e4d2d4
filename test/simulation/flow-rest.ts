/** Checks of jobs that run templates after all activity has ended. */
import type { ItemView } from '#contract/item-view.ts';
import type { Job, JobRun } from '#core/job.ts';
import { beginningOf, type FlowRecord } from '../support/reference-flow.ts';
import { shownItems } from './api-calls.ts';
import { expectedFlowOf } from './expected-flow.ts';
import { lastVisitsOf } from './flow-checks.ts';
import type { Surroundings } from './ports.ts';
import { type RunTruth, runId } from './truth.ts';

export async function checkFlowsAtRest(surroundings: Surroundings): Promise<void> {
  const { world, watch } = surroundings;
  for (const { status, name, input } of world.machines.executions.values()) {
    if (status !== 'RUNNING') continue;
    watch.violated('no execution runs after its job is final', `${runId(input as JobRun)} ${name}`);
  }
  for (const key of watch.chronicle.jobs()) {
    const { job } = watch.chronicle.current(key);
    const truth = job && watch.truthOf(job);
    if (truth?.flow !== undefined) await checkItemViews(surroundings, job as Job, truth);
  }
}

/**
 * Checks that each item is shown once for each time a step began with it. In a complete run, its outcome is
 * that of its last step.
 */
async function checkItemViews({ world, watch }: Surroundings, job: Job, truth: RunTruth): Promise<void> {
  const isCompleteRun = job.totals !== undefined;
  const remainingSets = setsOf(isCompleteRun ? [truth] : truth.allRuns());
  const isSetOf = (set: ItemSet, { id, outcome }: ItemView): boolean =>
    set.get(id)?.some((record) => !isCompleteRun || record.outcome === outcome) === true;
  const where = runId(truth.run);
  for (const item of await shownItems(world, watch.scenario, job)) {
    const matchingSet = remainingSets.find((set) => isSetOf(set, item));
    if (matchingSet === undefined)
      watch.violated(
        'each item is shown once, with its final outcome',
        `${where} ${item.id} ${item.outcome}`,
      );
    matchingSet?.delete(item.id);
  }
  const missingIds = remainingSets.flatMap((set) => [...set.keys()]);
  if (isCompleteRun && missingIds.length > 0) watch.violated('each item is shown', `${where} ${missingIds}`);
}

/** Items that a visit began with, by id, with their records from the last visits. */
type ItemSet = Map<string, FlowRecord[]>;

/** Returns the item sets of all runs. Visits of the same name in several runs began with the same items. */
function setsOf(runs: readonly RunTruth[]): ItemSet[] {
  const sets = new Map<string, ItemSet>();
  for (const run of runs) {
    const last = run.flow === undefined ? [] : lastVisitsOf(expectedFlowOf(run, run.flow));
    for (const visit of last.flat()) {
      const { step, ordinal } = beginningOf(visit);
      const name = `${step}:${ordinal}`;
      const set = sets.get(name) ?? new Map<string, FlowRecord[]>();
      sets.set(name, set);
      for (const record of visit.records) set.set(record.id, [...(set.get(record.id) ?? []), record]);
    }
  }
  return [...sets.values()];
}
