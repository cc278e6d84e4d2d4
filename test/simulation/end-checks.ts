/** Checks of finished jobs: their totals, outcomes and status, and the failure of a job as a whole. */
import type { OutcomeRecord } from '#core/item.ts';
import type { ItemFailurePolicy, Job, JobRun } from '#core/job.ts';
import type { Totals } from '#core/page.ts';
import type { Row } from '#core/ports.ts';
import type { ChangeRecord } from '../support/memory/table.ts';
import { areEqual } from '../support/memory/values.ts';
import { CODES_OF_FAULTS, CODES_OF_THE_DEAD } from './fault-codes.ts';
import { checkFlowFailure } from './flow-checks.ts';
import { errorsOfTree, SPLIT_CODE, textOf } from './split-errors.ts';
import { largest, type RunTruth, runId, sameIds, smallest } from './truth.ts';
import type { Watch } from './watch.ts';
import { expectedOutcome, letterOf } from './workers.ts';

/** Checks that everything is recorded, the totals add up, and the status follows from the failure policy. */
export function checkEnd(watch: Watch, truth: RunTruth, job: Job, totals: Totals): void {
  const id = runId(truth.run);
  const totalsText = JSON.stringify(totals);
  if (!truth.isNodeDone('')) watch.violated('a job ends when everything is recorded', `${id} ${totalsText}`);
  for (const path of truth.nodes.keys()) {
    if (!truth.isNodeDone(path)) watch.violated('a job ends when every node is done', `${id} node '${path}'`);
  }
  const upper = truth.reportedTotals(largest);
  const lower = truth.reportedTotals(smallest);
  for (const [part, name] of (['items', 'failed', 'skipped'] as const).entries()) {
    const index = part as 0 | 1 | 2;
    if (totals[name] > upper[index] || totals[name] < lower[index]) {
      watch.violated(
        'totals are the sum of the reports',
        `${id} ${totalsText}; reported ${lower} to ${upper}`,
      );
    }
  }
  if (truth.spec?.items !== undefined && totals.items !== truth.spec.items.size) {
    watch.violated('each item is counted once', `${id} ${totalsText} of ${truth.spec.items.size}`);
  }
  checkOutcomes(watch, truth, totals);
  const status = policyAllows(job.plan.onItemFailure, totals) ? 'Completed' : 'Failed';
  if (job.status !== status)
    watch.violated('the status follows from the failure policy', `${id} ${totalsText} is ${job.status}`);
}

/** Checks that a job that ends Failed by the default policy states this as its failure, in the same transaction. */
export function checkReason(watch: Watch, job: Job, changes: readonly ChangeRecord[]): void {
  const { plan, status, totals } = job;
  const isMeant = plan.onItemFailure === 'failIfNoneSucceed' && status === 'Failed' && totals !== undefined;
  const isStated = changes.some(({ new: row }) => row?.['code'] === 'all-items-failed');
  const hasFailedFlow = changes.some(({ new: row }) => row?.sk.startsWith('F#') && !isStated);
  if (isMeant !== isStated && !hasFailedFlow)
    watch.violated(
      'a job in which all items failed states that',
      `${runId(job)} ${status} ${JSON.stringify(totals)}`,
    );
}

export function policyAllows(policy: ItemFailurePolicy, { items, failed, skipped }: Totals): boolean {
  if (policy === 'continue') return true;
  if (policy === 'failIfNoneSucceed') return failed === 0 || items > failed + skipped;
  if (policy === 'failAtEnd' || policy === 'failFast') return failed === 0;
  if ('count' in policy.tolerate) return failed <= policy.tolerate.count;
  return failed * 100 <= policy.tolerate.percent * items;
}

/**
 * Checks that the outcome objects contain each item once, with the expected outcome. For a retry, only the
 * newest object of each chunk counts.
 */
function checkOutcomes(watch: Watch, truth: RunTruth, totals: Totals): void {
  for (const [address, records] of truth.outcomes) {
    const [path = '', index = ''] = address.split('/');
    const sentIds = truth.itemsOf(path, Number(index));
    const ids = records.map(({ id }) => id);
    const isUnnamed = records.some((record) => record.isUnnamed === true);
    if (isUnnamed && !truth.allRuns().some(({ hasLostObjects }) => hasLostObjects))
      watch.violated('item ids are lost only with their object', `${runId(truth.run)} ${address}`);
    if (sentIds !== undefined && !isUnnamed && !sameIds(ids, sentIds)) {
      watch.violated('an outcome object contains the items of its chunk', `${address}: ${ids} of ${sentIds}`);
    }
    const before = new Map(truth.takeover?.earlier.newest(address)?.map((record) => [record.id, record]));
    for (const record of records) {
      checkRecord(watch, truth, record, before.get(record.id));
      checkAttempts(watch, truth, record);
    }
  }
  if (watch.isFaultless && watch.scenario.poisons === 1) checkNeighbours(watch, truth);
  if (truth.spec?.plan.outcomes !== 'all') return;
  const newest = [...truth.newestOutcomes().values()].flat();
  const failed = newest.filter(({ outcome }) => outcome === 'failed').length;
  const skipped = newest.filter(({ outcome }) => outcome === 'skipped').length;
  if (newest.length !== totals.items || failed !== totals.failed || skipped !== totals.skipped) {
    const sums = `${newest.length}, ${failed} failed, ${skipped} skipped`;
    watch.violated(
      'totals match the recorded outcomes',
      `${runId(truth.run)} ${JSON.stringify(totals)}; ${sums}`,
    );
  }
}

/** Checks that the single item that kills its worker affects no other chunk. */
function checkNeighbours(watch: Watch, { run, spec, outcomes }: RunTruth): void {
  const letters = spec?.items;
  if (letters === undefined) return;
  for (const [address, records] of outcomes) {
    const hasPoison = records.some(({ id }) => /p/i.test(letters.get(id) ?? ''));
    if (hasPoison || !records.some(({ failure }) => CODES_OF_THE_DEAD.includes(failure?.code ?? '')))
      continue;
    watch.violated('poison fails only its own chunk', `${runId(run)} ${address}: ${JSON.stringify(records)}`);
  }
}

/** Checks the failed attempts in a record. A fault may lose the note with earlier attempts, but never add one. */
function checkAttempts(watch: Watch, { run, takeover }: RunTruth, record: OutcomeRecord): void {
  const { id, attempts, earlierAttempts = [], isUnnamed } = record;
  const known = `${runId(run)} ${id}: ${earlierAttempts.length} before the last of ${attempts}`;
  if (earlierAttempts.length > Math.max(0, attempts - 1))
    watch.violated('a record has no more attempts than it counts', known);
  // Attempts of earlier runs are in the outcomes of those runs.
  if (!watch.isFaultless || takeover !== undefined || isUnnamed === true) return;
  if (earlierAttempts.length < attempts - 1) watch.violated('each failed attempt is recorded', known);
}

/** Checks one record. A fault may fail an item that would have succeeded, but never the reverse. */
function checkRecord(
  watch: Watch,
  { run, spec, takeover }: RunTruth,
  record: OutcomeRecord,
  before: OutcomeRecord | undefined,
): void {
  const { id, outcome, failure } = record;
  // An unnamed record may belong to a different item than the earlier record with the same name.
  if (before !== undefined && before.isUnnamed !== true && takeover?.isOpen(before) === false) {
    if (!areEqual(record, before))
      watch.violated('a retry keeps what is recorded', `${runId(run)} ${JSON.stringify([before, record])}`);
    return;
  }
  const does = takeover?.retry.patch?.does ?? spec?.items?.get(id);
  if (spec === undefined || does === undefined) return;
  const letter = does === '#' ? letterOf(Number(id), spec.batch.parameters) : does;
  const expected = expectedOutcome(letter, spec.plan, (before?.attempts ?? 0) > 0);
  if (outcome === expected || CODES_OF_FAULTS.includes(failure?.code ?? '')) return;
  // The worker's large answer could not be stored in any attempt.
  if (letter === 'b' && ['throttled', 'timed-out'].includes(failure?.code ?? '')) return;
  if (failure?.code === 'unroutable' && spec.plan.pipeline.includes('nowhere')) return;
  watch.violated(
    'an item has the outcome that its worker produced',
    `${runId(run)} ${id} '${letter}': ${outcome} ${failure?.code}`,
  );
}

/** Checks that the recorded failure of a job has a true cause. */
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
      if (truth.spec !== undefined && !exceedsPolicy(truth, truth.spec.plan.onItemFailure)) {
        watch.violated('a job fails early only if it exceeds its failure limit', where);
      }
      break;
    case 'all-items-failed':
      if (truth.reportedTotals(largest)[1] === 0)
        watch.violated('a job fails because all items failed only if an item failed', where);
      break;
    case 'limit':
      if (truth.spec?.items !== undefined && truth.spec.items.size <= watch.scenario.maxItems) {
        watch.violated('a job fails with code limit only if it exceeds the item limit', where);
      }
      break;
    case 'message-lost':
      // A retry may keep a record of work that an earlier run lost.
      if (!truth.allRuns().some(({ hasLostObjects }) => hasLostObjects))
        watch.violated('work is lost only with its object', where);
      break;
    case 'splitter-failed':
    case SPLIT_CODE:
      checkSplitFailure(watch, truth, row);
      break;
    case 'source-changed':
    case 'invalid-definition':
    case 'unknown-splitter':
    case 'unknown-worker':
      watch.violated('a valid definition is accepted', where);
  }
}

/** Checks that, without faults, splitting fails only with an error of its own and reports that error. */
function checkSplitFailure(watch: Watch, { run, spec }: RunTruth, row: Row): void {
  const where = `${runId(run)}: ${JSON.stringify(row)}`;
  const errors = spec === undefined ? [] : [...errorsOfTree(spec.batch.definition)];
  if (row['code'] === SPLIT_CODE) {
    if (!errors.includes('permanent'))
      watch.violated('only a permanent splitter error fails with this code', where);
    return;
  }
  if (!watch.isFaultless) return;
  const messageText = String(row['failureMessage']);
  if (!errors.some((error) => (error === 'bug' || error === 'never') && messageText.includes(textOf(error))))
    watch.violated('splitting fails only because of faults or with its last error', where);
}

function exceedsPolicy(truth: RunTruth, policy: ItemFailurePolicy): boolean {
  const [, failed] = truth.reportedTotals(largest);
  if (policy === 'failIfNoneSucceed' || policy === 'continue' || policy === 'failAtEnd') return false;
  if (policy === 'failFast') return failed > 0;
  if ('count' in policy.tolerate) return failed > policy.tolerate.count;
  const items = truth.knownItems;
  return items === undefined || failed * 100 > policy.tolerate.percent * items;
}
