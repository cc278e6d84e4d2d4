/** Checks of jobs that run templates after all activity has ended. */
import type { ItemView } from '#contract/item-view.ts';
import type { Job, JobRun } from '#core/job.ts';
import { beginningOf, type FlowRecord } from '../support/reference-flow.ts';
import { shownItems } from './api-calls.ts';
import { lastVisitsOf } from './flow-checks.ts';
import { storyOf } from './flow-story.ts';
import type { Surroundings } from './ports.ts';
import { type RunTruth, runId } from './truth.ts';

export async function checkFlowsAtRest(surroundings: Surroundings): Promise<void> {
  const { world, watch } = surroundings;
  for (const { status, name, input } of world.machines.executions.values()) {
    if (status !== 'RUNNING') continue;
    watch.violated('no execution runs after its job is final', `${runId(input as JobRun)} ${name}`);
  }
  for (const key of watch.chronicle.jobs()) {
    const { job } = watch.chronicle.now(key);
    const truth = job && watch.truthOf(job);
    if (truth?.flow !== undefined) await checkShown(surroundings, job as Job, truth);
  }
}

/**
 * Checks that each item is shown once for each time a step began with it. In a complete run, its outcome is
 * that of its last step.
 */
async function checkShown({ world, watch }: Surroundings, job: Job, truth: RunTruth): Promise<void> {
  const isWhole = job.totals !== undefined;
  const open = setsOf(isWhole ? [truth] : truth.allRuns());
  const isMeant = (one: ItemSet, { id, outcome }: ItemView): boolean =>
    one.get(id)?.some((record) => !isWhole || record.outcome === outcome) === true;
  const where = runId(truth.run);
  for (const item of await shownItems(world, watch.scenario, job)) {
    const found = open.find((one) => isMeant(one, item));
    if (found === undefined)
      watch.violated(
        'each item is shown once, with its final outcome',
        `${where} ${item.id} ${item.outcome}`,
      );
    found?.delete(item.id);
  }
  const missing = open.flatMap((one) => [...one.keys()]);
  if (isWhole && missing.length > 0) watch.violated('each item is shown', `${where} ${missing}`);
}

/** Items that a visit began with, by id, with their records from the last visits. */
type ItemSet = Map<string, FlowRecord[]>;

/** Returns the item sets of all runs. Visits of the same name in several runs began with the same items. */
function setsOf(runs: readonly RunTruth[]): ItemSet[] {
  const sets = new Map<string, ItemSet>();
  for (const run of runs) {
    const last = run.flow === undefined ? [] : lastVisitsOf(storyOf(run, run.flow));
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
