/** Checks of the job row, at each write: which status may follow which, and what an end must be true of. */
import type { OutcomeRecord } from '#core/item.ts';
import type { ItemFailurePolicy, Job, JobRun } from '#core/job.ts';
import type { Totals } from '#core/page.ts';
import type { Row } from '#core/ports.ts';
import type { ChangeRecord } from '../support/memory/table.ts';
import { least, most, type RunTruth, runId, sameIds } from './truth.ts';
import type { Watch } from './watch.ts';
import { expectedOutcome, letterOf } from './workers.ts';

/** Written down here a second time, so that a slip in the product's table shows. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  Waiting: ['Active', 'Paused', 'Cancelled', 'Failed'],
  Active: ['Completed', 'Failed', 'Cancelled', 'Paused'],
  Paused: ['Active', 'Waiting', 'Failed', 'Cancelled'],
  Completed: [],
  Failed: [],
  Cancelled: [],
};

export function checkJobChange(watch: Watch, { old, new: row }: ChangeRecord): void {
  if (row === undefined) {
    watch.violated('a job row is never removed', String(old?.pk));
    return;
  }
  const before = old as (Row & Job) | undefined;
  const after = row as Row & Job;
  const isDeleted = (after.status as string) === 'Deleted';
  if (before === undefined || before.generation !== after.generation) {
    checkNew(watch, before, after);
    return;
  }
  const truth = watch.truthOf(before);
  const change = `${runId(truth.run)}: ${before.status} → ${after.status}`;
  if (isDeleted) {
    truth.isDeleted = true;
    truth.overAt ??= watch.clock.now();
    return;
  }
  if (before.status === after.status) return;
  if (NEXT[before.status]?.includes(after.status) !== true)
    watch.violated('a final status never changes', change);
  if (after.version !== before.version + 1) watch.violated('each change has its version', change);
  if (NEXT[after.status]?.length === 0) truth.overAt ??= watch.clock.now();
  if (after.totals !== undefined) checkEnd(watch, truth, after, after.totals);
  else if (after.status === 'Completed') watch.violated('a completed job has totals', change);
}

function checkNew(watch: Watch, before: Job | undefined, after: Job): void {
  const isFree = before === undefined || (before.status as string) === 'Deleted';
  if (!isFree || after.generation !== (before?.generation ?? 0) + 1 || after.status !== 'Waiting') {
    watch.violated('a job is created once', `${before?.generation} ${before?.status} → ${runId(after)}`);
  }
  watch.truthOf(after).spec = watch.specOf(after.requestHash);
}

/** Everything is recorded, the totals are its sum, and the status is what the policy says. */
function checkEnd(watch: Watch, truth: RunTruth, job: Job, totals: Totals): void {
  const id = runId(truth.run);
  const got = JSON.stringify(totals);
  if (!truth.isNodeDone('')) watch.violated('a job ends when everything is recorded', `${id} ${got}`);
  for (const path of truth.nodes.keys()) {
    if (!truth.isNodeDone(path)) watch.violated('a job ends when every node is done', `${id} node '${path}'`);
  }
  const upper = truth.reportedTotals(most);
  const lower = truth.reportedTotals(least);
  for (const [part, name] of (['items', 'failed', 'skipped'] as const).entries()) {
    const index = part as 0 | 1 | 2;
    if (totals[name] > upper[index] || totals[name] < lower[index]) {
      watch.violated(
        'totals are the sum of what was recorded',
        `${id} ${got}; reported ${lower} to ${upper}`,
      );
    }
  }
  if (truth.spec?.items !== undefined && totals.items !== truth.spec.items.size) {
    watch.violated('each item is counted once', `${id} ${got} of ${truth.spec.items.size}`);
  }
  checkOutcomes(watch, truth, totals);
  const status = policyAllows(job.plan.onItemFailure, totals) ? 'Completed' : 'Failed';
  if (job.status !== status)
    watch.violated('the status is what the policy says', `${id} ${got} is ${job.status}`);
}

function policyAllows(policy: ItemFailurePolicy, { items, failed }: Totals): boolean {
  if (policy === 'continue') return true;
  if (policy === 'failAtEnd' || policy === 'failFast') return failed === 0;
  if ('count' in policy.tolerate) return failed <= policy.tolerate.count;
  return failed * 100 <= policy.tolerate.percent * items;
}

/** The outcome objects hold each item once, as the worker should have ended it. */
function checkOutcomes(watch: Watch, truth: RunTruth, totals: Totals): void {
  const { spec } = truth;
  const isRouted = spec?.plan.pipeline.includes('nowhere') !== true;
  const records = [...truth.outcomes.values()].flat();
  for (const [address, outcome] of truth.outcomes) {
    const [path = '', index = ''] = address.split('/');
    const sent = truth.nodes.get(path)?.children.get(Number(index))?.items;
    const ids = outcome.map(({ id }) => id);
    if (sent !== undefined && !sameIds(ids, sent)) {
      watch.violated('an outcome object holds its chunk', `${address}: ${ids} of ${sent}`);
    }
  }
  for (const record of records) checkRecord(watch, truth, record);
  if (watch.isFaultless && watch.scenario.poisons === 1) checkNeighbours(watch, truth);
  if (spec?.plan.outcomes !== 'all' || !isRouted) return;
  const failed = records.filter(({ outcome }) => outcome === 'failed').length;
  const skipped = records.filter(({ outcome }) => outcome === 'skipped').length;
  if (records.length !== totals.items || failed !== totals.failed || skipped !== totals.skipped) {
    const sums = `${records.length}, ${failed} failed, ${skipped} skipped`;
    watch.violated(
      'totals are what the outcomes say',
      `${runId(truth.run)} ${JSON.stringify(totals)}; ${sums}`,
    );
  }
}

/** Of chunks that came to the dead letters. */
const CODES_OF_THE_DEAD = ['poison', 'undeliverable'];

/** The one item that kills its worker takes no other chunk with it. */
function checkNeighbours(watch: Watch, { run, spec, outcomes }: RunTruth): void {
  const letters = spec?.items;
  if (letters === undefined) return;
  for (const [address, records] of outcomes) {
    const hasPoison = records.some(({ id }) => /p/i.test(letters.get(id) ?? ''));
    if (hasPoison || !records.some(({ failure }) => CODES_OF_THE_DEAD.includes(failure?.code ?? '')))
      continue;
    watch.violated('poison harms its own chunk only', `${runId(run)} ${address}: ${JSON.stringify(records)}`);
  }
}

/** Faults may fail what would have succeeded; nothing makes succeed what must fail. */
const CODES_OF_FAULTS = [...CODES_OF_THE_DEAD, 'too-slow'];

function checkRecord(watch: Watch, { run, spec }: RunTruth, { id, outcome, failure }: OutcomeRecord): void {
  const does = spec?.items?.get(id);
  if (spec === undefined || does === undefined) return;
  const letter = does === '#' ? letterOf(Number(id), spec.batch.parameters) : does;
  const expected = expectedOutcome(letter, spec.plan);
  if (outcome === expected || CODES_OF_FAULTS.includes(failure?.code ?? '')) return;
  // Its large answer could not be stored, as often as it was tried.
  if (letter === 'b' && failure?.code === 'worker-error') return;
  watch.violated(
    'an item ends as its worker says',
    `${runId(run)} ${id} '${letter}': ${outcome} ${failure?.code}`,
  );
}

/** A failure of the job as a whole must be true. */
export function checkFailure(watch: Watch, run: JobRun, row: Row | undefined): void {
  if (row === undefined) return;
  const truth = watch.truthOf(run);
  const where = `${runId(run)}: ${JSON.stringify(row)}`;
  switch (row['code']) {
    case 'too-many-failures':
      if (truth.spec !== undefined && !isOver(truth, truth.spec.plan.onItemFailure)) {
        watch.violated('a job fails early only beyond its limit', where);
      }
      break;
    case 'limit':
      if (truth.spec?.items !== undefined && truth.spec.items.size <= watch.scenario.maxItems) {
        watch.violated('a job fails of its size only beyond the limit', where);
      }
      break;
    case 'splitter-failed':
      if (watch.isFaultless) {
        watch.violated('splitting fails only by faults', where);
      }
      break;
    case 'invalid-definition':
    case 'unknown-splitter':
    case 'unknown-worker':
      watch.violated('a good definition is accepted', where);
  }
}

function isOver(truth: RunTruth, policy: ItemFailurePolicy): boolean {
  const [, failed] = truth.reportedTotals(most);
  if (policy === 'continue' || policy === 'failAtEnd') return false;
  if (policy === 'failFast') return failed > 0;
  if ('count' in policy.tolerate) return failed > policy.tolerate.count;
  const items = truth.knownItems;
  return items === undefined || failed * 100 > policy.tolerate.percent * items;
}
