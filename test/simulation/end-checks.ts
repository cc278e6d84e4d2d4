/** Checks of ends: what must be true of a job that is over, and of a failure of the job as a whole. */
import type { OutcomeRecord } from '#core/item.ts';
import type { ItemFailurePolicy, Job, JobRun } from '#core/job.ts';
import type { Totals } from '#core/page.ts';
import type { Row } from '#core/ports.ts';
import { areEqual } from '../support/memory/values.ts';
import { CODES_OF_FAULTS, CODES_OF_THE_DEAD } from './fault-codes.ts';
import { checkFlowFailure } from './flow-checks.ts';
import { errorsOfTree, SPLIT_CODE, textOf } from './split-errors.ts';
import { least, most, type RunTruth, runId, sameIds } from './truth.ts';
import type { Watch } from './watch.ts';
import { expectedOutcome, letterOf } from './workers.ts';

/** Everything is recorded, the totals are its sum, and the status is what the policy says. */
export function checkEnd(watch: Watch, truth: RunTruth, job: Job, totals: Totals): void {
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

/** The outcome objects hold each item once, as the worker should have ended it; of a retry, the newest of each chunk. */
function checkOutcomes(watch: Watch, truth: RunTruth, totals: Totals): void {
  for (const [address, records] of truth.outcomes) {
    const [path = '', index = ''] = address.split('/');
    const sent = truth.itemsOf(path, Number(index));
    const ids = records.map(({ id }) => id);
    const isUnnamed = records.some((record) => record.isUnnamed === true);
    if (isUnnamed && !truth.allRuns().some(({ hasLost }) => hasLost))
      watch.violated('ids are lost with their object only', `${runId(truth.run)} ${address}`);
    if (sent !== undefined && !isUnnamed && !sameIds(ids, sent)) {
      watch.violated('an outcome object holds its chunk', `${address}: ${ids} of ${sent}`);
    }
    const before = new Map(truth.takeover?.earlier.newest(address)?.map((record) => [record.id, record]));
    for (const record of records) checkRecord(watch, truth, record, before.get(record.id));
  }
  if (watch.isFaultless && watch.scenario.poisons === 1) checkNeighbours(watch, truth);
  if (truth.spec?.plan.outcomes !== 'all') return;
  const newest = [...truth.newestOutcomes().values()].flat();
  const failed = newest.filter(({ outcome }) => outcome === 'failed').length;
  const skipped = newest.filter(({ outcome }) => outcome === 'skipped').length;
  if (newest.length !== totals.items || failed !== totals.failed || skipped !== totals.skipped) {
    const sums = `${newest.length}, ${failed} failed, ${skipped} skipped`;
    watch.violated(
      'totals are what the outcomes say',
      `${runId(truth.run)} ${JSON.stringify(totals)}; ${sums}`,
    );
  }
}

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
function checkRecord(
  watch: Watch,
  { run, spec, takeover }: RunTruth,
  record: OutcomeRecord,
  before: OutcomeRecord | undefined,
): void {
  const { id, outcome, failure } = record;
  if (before !== undefined && takeover?.isOpen(before) === false) {
    if (!areEqual(record, before))
      watch.violated('a retry keeps what is recorded', `${runId(run)} ${JSON.stringify([before, record])}`);
    return;
  }
  const does = takeover?.retry.patch?.does ?? spec?.items?.get(id);
  if (spec === undefined || does === undefined) return;
  const letter = does === '#' ? letterOf(Number(id), spec.batch.parameters) : does;
  const expected = expectedOutcome(letter, spec.plan, (before?.attempts ?? 0) > 0);
  if (outcome === expected || CODES_OF_FAULTS.includes(failure?.code ?? '')) return;
  // Its large answer could not be stored, as often as it was tried.
  if (letter === 'b' && ['throttled', 'timed-out'].includes(failure?.code ?? '')) return;
  if (failure?.code === 'unroutable' && spec.plan.pipeline.includes('nowhere')) return;
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
    case 'step-failed':
    case 'max-visits':
      if (truth.flow === undefined) watch.violated('only a flow has steps', where);
      else checkFlowFailure(watch, truth, truth.flow, row);
      break;
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
    case 'message-lost':
      // A retry may keep what an earlier run has lost.
      if (!truth.allRuns().some(({ hasLost }) => hasLost))
        watch.violated('work is lost with its object only', where);
      break;
    case 'splitter-failed':
    case SPLIT_CODE:
      checkSplitFailure(watch, truth, row);
      break;
    case 'source-changed':
    case 'invalid-definition':
    case 'unknown-splitter':
    case 'unknown-worker':
      watch.violated('a good definition is accepted', where);
  }
}

/** Without faults splitting fails for its own errors only, and says which. */
function checkSplitFailure(watch: Watch, { run, spec }: RunTruth, row: Row): void {
  const where = `${runId(run)}: ${JSON.stringify(row)}`;
  const errors = spec === undefined ? [] : [...errorsOfTree(spec.batch.definition)];
  if (row['code'] === SPLIT_CODE) {
    if (!errors.includes('permanent')) watch.violated('only what a splitter gave up fails so', where);
    return;
  }
  if (!watch.isFaultless) return;
  const meant = String(row['failureMessage']);
  if (!errors.some((error) => (error === 'bug' || error === 'never') && meant.includes(textOf(error))))
    watch.violated('splitting fails only by faults or with its last error', where);
}

function isOver(truth: RunTruth, policy: ItemFailurePolicy): boolean {
  const [, failed] = truth.reportedTotals(most);
  if (policy === 'continue' || policy === 'failAtEnd') return false;
  if (policy === 'failFast') return failed > 0;
  if ('count' in policy.tolerate) return failed > policy.tolerate.count;
  const items = truth.knownItems;
  return items === undefined || failed * 100 > policy.tolerate.percent * items;
}
