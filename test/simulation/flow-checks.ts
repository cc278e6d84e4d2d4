/** Checks of jobs that run a template: each visit follows from the template and has the expected results. */
import type { ChunkMessage } from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { Job } from '#core/job.ts';
import type { Totals } from '#core/page.ts';
import type { Row } from '#core/ports.ts';
import { outcomeTotals } from '../../functions/store/outcomes.ts';
import { areEqual } from '../support/memory/values.ts';
import { type FlowRecord, type FlowVisit, lastOf } from '../support/reference-flow.ts';
import { policyAllows } from './end-checks.ts';
import { type ExpectedFlow, expectedFlowOf, pairsOf } from './expected-flow.ts';
import { gistOf } from './flow-acts.ts';
import { earlierOf, type FlowTruth, nodeOfPath, type VisitNode } from './flow-truth.ts';
import { locationText, type RunTruth, runId } from './truth.ts';
import type { Watch } from './watch.ts';

/** Checks the visit numbers in the fence of a root. */
export function checkVisitNumbers(watch: Watch, truth: RunTruth, flow: FlowTruth, row: Row): void {
  for (const [name, value] of Object.entries(row)) {
    const [kind, step = '', inputs = ''] = name.split(':');
    if (kind !== 'visit') continue;
    const after = inputs === '' ? [] : inputs.split('.').map(Number);
    const visitNode: VisitNode = { node: Number(value), step, after };
    const existingVisit = flow.visitNodeOf(step, after);
    if (existingVisit === undefined) recordVisit(watch, truth, flow, visitNode);
    else if (existingVisit.node !== visitNode.node)
      watch.violated('a visit has one number', `${runId(truth.run)} ${name}`);
  }
}

function recordVisit(watch: Watch, truth: RunTruth, flow: FlowTruth, visitNode: VisitNode): void {
  const where = `${runId(truth.run)} ${JSON.stringify(visitNode)}`;
  if (visitNode.node !== flow.visitNodes.length) watch.violated('visits are numbered without gaps', where);
  if (flow.requestedAt(visitNode) === undefined)
    watch.violated('the state machine requests every visit', where);
  if (truth.node('').childCount !== undefined)
    watch.violated('no visit begins after the end of its flow', where);
  flow.visitNodes.push(visitNode);
  truth.node('').children.set(visitNode.node, {
    kind: 'batch',
    content: JSON.stringify(visitNode),
    items: undefined,
    sends: 1,
  });
  truth.node(String(visitNode.node));
}

/** Checks that a chunk of a step reads exactly the recorded outcomes of the same chunk in the preceding visits. */
export function checkSources(watch: Watch, truth: RunTruth, flow: FlowTruth, chunk: ChunkMessage): void {
  if (chunk.sources === undefined || truth.endedAt !== undefined) return;
  const visitNode = flow.visitNodes[nodeOfPath(chunk.path)];
  const steps = visitNode?.after.map((node) => flow.visitNodes[node]?.step);
  const addresses = chunk.sources.map((source) => truth.addressOf(locationText(source)));
  const nodes = addresses.map((address) => address && nodeOfPath(address));
  const areSources =
    areEqual(nodes, visitNode?.after) &&
    areEqual(
      chunk.sources.map(({ step }) => step),
      steps,
    );
  if (!areSources)
    watch.violated(
      'a step reads the results of the preceding steps',
      `${runId(truth.run)} ${JSON.stringify(chunk)}`,
    );
}

/** Returns true if a retry may process an item in a step: at least one visit did not record it finally. */
export function mayRunInStep(truth: RunTruth, flow: FlowTruth, step: string, item: string): boolean {
  const visits = flow.visitNodesOf(step).map((_, at) => ({ step, ordinal: at + 1 }));
  return visits.some((visit) => earlierOf(truth, visit, item).kind !== 'kept');
}

/** Checks the flow at the end of a run. `totals` of the job are set if the run did all of its work. */
export function checkFlowEnd(watch: Watch, truth: RunTruth, flow: FlowTruth, job: Job): void {
  const expectedFlow = expectedFlowOf(truth, flow);
  const where = `${runId(truth.run)} ${job.status}`;
  for (const { node, step } of flow.visitNodes)
    if (![...expectedFlow.nodes.values()].includes(node))
      watch.violated('a flow makes only the visits of its template', `${where}: node ${node}, ${step}`);
  for (const visit of expectedFlow.visits) checkVisit(watch, truth, expectedFlow, visit);
  if (job.totals !== undefined) checkCompleteRun(watch, truth, expectedFlow, job, job.totals);
}

function checkCompleteRun(
  watch: Watch,
  truth: RunTruth,
  expectedFlow: ExpectedFlow,
  { status, plan }: Job,
  totals: Totals,
): void {
  const where = `${runId(truth.run)} ${status} ${JSON.stringify(totals)}`;
  const isAllowed = expectedFlow.failures.length === 0 && policyAllows(plan.onItemFailure, totals);
  const expected = isAllowed ? 'Completed' : 'Failed';
  if (plan.onItemFailure !== truth.spec?.plan.onItemFailure)
    watch.violated('the job has the failure policy of its template', `${where}: ${plan.onItemFailure}`);
  if (status !== expected)
    watch.violated('the status follows from the flow', `${where}: ${JSON.stringify(expectedFlow.failures)}`);
  for (const visit of expectedFlow.visits) {
    const node = expectedFlow.nodes.get(visit);
    const isDone = node !== undefined && truth.isNodeDone(String(node));
    if (!isDone && !visit.mayBeCut)
      watch.violated('a job ends when every step is done', `${where}: ${visit.step} ${visit.ordinal}`);
  }
  if (status === 'Completed' && !truth.isNodeDone(''))
    watch.violated('a job ends when everything is recorded', where);
  const sums = lastVisitsOf(expectedFlow).map((set) => set.map(({ records }) => totalsOf(records)));
  for (const part of ['items', 'failed', 'skipped'] as const) {
    const of = (choose: (...counts: number[]) => number) =>
      sums.reduce((sum, set) => sum + choose(...set.map((totalsOfVisit) => totalsOfVisit[part])), 0);
    if (totals[part] < of(Math.min) || totals[part] > of(Math.max))
      watch.violated('totals match the last visits of the flow', `${where}; ${JSON.stringify(sums)}`);
  }
}

/**
 * Returns the last visits that were made. A flow that failed in a branch may have several for the same items.
 */
export function lastVisitsOf({ visits, nodes }: ExpectedFlow): FlowVisit[][] {
  return lastOf(visits.filter((visit) => nodes.has(visit)));
}

/** Returns the final record of each item, or `undefined` if several records are possible. */
export function finalRecords(truth: RunTruth, flow: FlowTruth): OutcomeRecord[] | undefined {
  const expectedFlow = expectedFlowOf(truth, flow);
  const sets = lastVisitsOf(expectedFlow);
  if (sets.some(({ length }) => length > 1)) return undefined;
  return sets
    .flat()
    .flatMap((visit) => pairsOf(truth, expectedFlow, visit).flatMap(({ actual }) => actual ?? []));
}

function totalsOf(records: readonly FlowRecord[]): Totals {
  return outcomeTotals(records as unknown as OutcomeRecord[]);
}

function checkVisit(watch: Watch, truth: RunTruth, expectedFlow: ExpectedFlow, visit: FlowVisit): void {
  const node = expectedFlow.nodes.get(visit);
  if (node === undefined) return;
  // Reports of a job that ended early may not be recorded, except those that a later visit read.
  const isRead = truth.flow?.visitNodes.some(({ after }) => after.includes(node)) === true;
  const isDone = truth.isNodeDone(String(node)) && (truth.isComplete || isRead);
  for (const { expected, actual } of pairsOf(truth, expectedFlow, visit)) {
    const where = `${runId(truth.run)} node ${node}, ${visit.step}: ${JSON.stringify([printable(expected), actual])}`;
    if (actual === undefined) {
      if (isDone) watch.violated('a step loses no item', where);
    } else if (!isAsExpected(expectedFlow, expected, actual))
      watch.violated('an item has the result that its flow determines', where);
  }
}

function printable({ by, ...record }: FlowRecord) {
  return { ...record, by: [by.step, by.ordinal] };
}

function isAsExpected(
  expectedFlow: ExpectedFlow,
  { outcome, by, answer, payload, code }: FlowRecord,
  actual: OutcomeRecord,
): boolean {
  if (actual.outcome !== outcome || nodeOfPath(actual.path) !== expectedFlow.nodes.get(by)) return false;
  const hasCode = actual.exitCode === code;
  const actualResult = actual.output === undefined ? actual.payload : actual.output;
  return hasCode && areEqual(gistOf(actualResult), gistOf(answer === undefined ? payload : answer));
}

/** Checks that the failure of the job states a true reason for the failure of its flow. */
export function checkFlowFailure(watch: Watch, truth: RunTruth, flow: FlowTruth, row: Row): void {
  const message = String(row['failureMessage']);
  const [, step = ''] = /step '([^']+)'/.exec(message) ?? [];
  const where = `${runId(truth.run)} ${message}`;
  if (message.includes('is not done after')) checkTimeout(watch, flow, step, where);
  else if (message.includes('its onItemFailure is failFast')) checkFailFast(watch, truth, flow, step, where);
  else {
    const { failures } = expectedFlowOf(truth, flow);
    if (!failures.some((failure) => failure.code === row['code'] && failure.step === step))
      watch.violated('a flow fails for a true reason', `${where}: ${JSON.stringify(failures)}`);
  }
}

function checkTimeout(watch: Watch, flow: FlowTruth, step: string, where: string): void {
  const { timeoutSeconds = 0 } = flow.spec.template.steps.find(({ name }) => name === step) ?? {};
  const since = Math.min(...flow.visitNodesOf(step).map((visitNode) => flow.requestedAt(visitNode) ?? 0));
  const skew = 2 * watch.scenario.skewMillis;
  if (watch.clock.now() - since + skew < 1_000 * timeoutSeconds)
    watch.violated('a step times out only after its timeout', `${where}, since ${since}`);
}

function checkFailFast(watch: Watch, truth: RunTruth, flow: FlowTruth, step: string, where: string): void {
  const rules = flow.spec.template.steps.find(({ name }) => name === step);
  const hasFailed = flow
    .visitNodesOf(step)
    .some(({ node }) =>
      [...truth.reports].some(
        ([address, reports]) => nodeOfPath(address) === node && reports.some(([, failed]) => failed > 0),
      ),
    );
  if (rules?.onItemFailure !== 'failFast' || !hasFailed)
    watch.violated('a flow fails for a true reason', where);
}
