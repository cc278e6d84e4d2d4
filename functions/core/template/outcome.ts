/** Determines the outcome of a step once all its items are recorded. */
import { finalStatus, type ItemFailurePolicy } from '#core/job.ts';
import { NO_ITEMS, subtractTotals, type Totals } from '#core/page.ts';
import { ANY_OUTCOME, type FlowEdge, type StepResult } from './template.ts';

/** Applies the step's failure policy to the items that the step itself processed. */
function resultOf(policy: ItemFailurePolicy, ownTotals: Totals): StepResult {
  // The default policy applies to the job as a whole, at the end of its flow.
  const failsStep = policy !== 'failIfNoneSucceed' && finalStatus(policy, ownTotals) === 'Failed';
  if (failsStep) return 'FAILED';
  return ownTotals.failed > 0 ? 'COMPLETED_WITH_FAILURES' : 'COMPLETED';
}

/** Returns the outcome codes on the edges of a step, in their order. */
export function codesAfter(step: string, edges: readonly FlowEdge[]): string[] {
  return edges.filter(({ from, on }) => from === step && on !== ANY_OUTCOME).map(({ on }) => on);
}

/**
 * Returns one outcome for the whole step. A failed step has the outcome FAILED. Otherwise it is, of the codes
 * that workers set, the one whose edge comes first, or else the first by name.
 */
function outcomeOf(
  result: StepResult,
  workerCodes: ReadonlySet<string>,
  flowCodes: readonly string[],
): string {
  if (result === 'FAILED') return result;
  return flowCodes.find((code) => workerCodes.has(code)) ?? [...workerCodes].toSorted()[0] ?? result;
}

/** The result of a step, which the state machine receives and uses to continue the flow. */
export interface StepAnswer {
  readonly outcome: string;
  readonly result: StepResult;
  /** Input of the next step: this visit's node. */
  readonly inputs: readonly number[];
  readonly items: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The properties of a visit that determine its result. */
export interface CompleteVisit {
  readonly node: number;
  readonly onItemFailure: ItemFailurePolicy;
  readonly codes: readonly string[];
  readonly exits: ReadonlySet<string>;
  readonly carried: Totals;
}

export function stepAnswerOf(visit: CompleteVisit, totals: Totals): StepAnswer {
  const ownTotals = subtractTotals(totals, visit.carried);
  const result = resultOf(visit.onItemFailure, ownTotals);
  const outcome = outcomeOf(result, visit.exits, visit.codes);
  return { outcome, result, inputs: [visit.node], ...ownTotals };
}

/** A visit and its position among the other visits of its run. */
interface LinkedVisit {
  readonly node: number;
  /** Nodes from which it takes items. */
  readonly inputs: readonly number[];
  readonly takesFailed: boolean;
  readonly totals?: Totals | undefined;
}

/**
 * Returns the totals of failed and skipped items of earlier steps, which keep that outcome. A join counts
 * losses in its branches as its own. It carries losses from before the fork, unless every branch took those
 * items on.
 */
export function carriedTotals(
  inputs: readonly LinkedVisit[],
  takesFailed: boolean,
  visits: readonly LinkedVisit[],
): Totals {
  const [input, ...others] = inputs;
  if (input === undefined || takesFailed) return NO_ITEMS;
  if (others.length === 0) return lostTotals(input);
  const paths = inputs.map((one) => pathTo(one, visits));
  const fork = paths[0]?.find((one) => paths.every((way) => way.includes(one)));
  if (fork === undefined) return NO_ITEMS;
  const isTaken = paths.every((way) => way.slice(0, way.indexOf(fork)).some((one) => one.takesFailed));
  return isTaken ? NO_ITEMS : lostTotals(fork);
}

function lostTotals({ totals = NO_ITEMS }: LinkedVisit): Totals {
  const { failed, skipped } = totals;
  return { items: failed + skipped, failed, skipped };
}

/** Returns the visit and its predecessors, back to the one that began with the items. */
function pathTo<V extends LinkedVisit>(visit: V, visits: readonly V[]): V[] {
  const before = visits.find(({ node }) => node === visit.inputs[0]);
  return [visit, ...(before === undefined ? [] : pathTo(before, visits))];
}

/** Returns the visit that began with the items. */
export function firstVisitOf<V extends LinkedVisit>(visit: V, visits: readonly V[]): V {
  return pathTo(visit, visits).at(-1) ?? visit;
}

/**
 * True if, in every branch, a later visit took the items that failed in a visit. They then do not count as
 * failures of the job.
 */
export function isTakenByLaterVisits(node: number, visits: readonly LinkedVisit[]): boolean {
  const next = visits.filter(({ inputs }) => inputs.includes(node));
  return (
    next.length > 0 && next.every((visit) => visit.takesFailed || isTakenByLaterVisits(visit.node, visits))
  );
}

/**
 * Returns the visits from which no other took items; their outcomes are those of the job. When a branch of a
 * fork fails, the branches are not joined. They have the same items, so the branch with the most failures
 * represents them.
 */
export function lastVisits<V extends LinkedVisit>(visits: readonly V[]): V[] {
  const takenNodes = new Set(visits.flatMap(({ inputs }) => inputs));
  const last = visits.filter(({ node }) => !takenNodes.has(node));
  const groups = Map.groupBy(last, (visit) => firstVisitOf(visit, visits));
  return [...groups.values()].flatMap((group) =>
    group.toSorted((one, other) => (other.totals?.failed ?? 0) - (one.totals?.failed ?? 0)).slice(0, 1),
  );
}
