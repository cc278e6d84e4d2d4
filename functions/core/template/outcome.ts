/** What a step comes to once all its items are recorded. */
import { finalStatus, type ItemFailurePolicy } from '#core/job.ts';
import { NO_ITEMS, subtractTotals, type Totals } from '#core/page.ts';
import { ANY_OUTCOME, type FlowEdge, type StepResult } from './template.ts';

/** By what its policy says of the items that were its own. */
function resultOf(policy: ItemFailurePolicy, own: Totals): StepResult {
  if (finalStatus(policy, own) === 'Failed') return 'FAILED';
  return own.failed > 0 ? 'COMPLETED_WITH_FAILURES' : 'COMPLETED';
}

/** The codes that a flow asks for after a step, in the order of its edges. */
export function codesAfter(step: string, edges: readonly FlowEdge[]): string[] {
  return edges.filter(({ from, on }) => from === step && on !== ANY_OUTCOME).map(({ on }) => on);
}

/**
 * One outcome for the whole step. A step that failed has failed; else, of the codes that workers set, the one whose
 * edge comes first; else the first by name.
 */
function outcomeOf(result: StepResult, set: ReadonlySet<string>, asked: readonly string[]): string {
  if (result === 'FAILED') return result;
  return asked.find((code) => set.has(code)) ?? [...set].toSorted()[0] ?? result;
}

/** What the state machine is told of a step: by it the flow goes on. */
export interface StepAnswer {
  readonly outcome: string;
  readonly result: StepResult;
  /** What the next step takes: this visit's node. */
  readonly inputs: readonly number[];
  readonly items: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What a visit needs to know of itself to say what it came to. */
export interface CompleteVisit {
  readonly node: number;
  readonly onItemFailure: ItemFailurePolicy;
  readonly codes: readonly string[];
  readonly exits: ReadonlySet<string>;
  readonly carried: Totals;
}

export function answerOf(visit: CompleteVisit, totals: Totals): StepAnswer {
  const own = subtractTotals(totals, visit.carried);
  const result = resultOf(visit.onItemFailure, own);
  const outcome = outcomeOf(result, visit.exits, visit.codes);
  return { outcome, result, inputs: [visit.node], ...own };
}

/** What is known of a visit among the others of its run. */
interface PlacedVisit {
  readonly node: number;
  /** Nodes whose items it takes. */
  readonly inputs: readonly number[];
  readonly takesFailed: boolean;
  readonly totals?: Totals | undefined;
}

/**
 * Failed and skipped items of the steps before, which keep that outcome. A join judges what was lost in its branches;
 * it carries what was lost before them, unless every branch took that on.
 */
export function carriedBy(
  inputs: readonly PlacedVisit[],
  takesFailed: boolean,
  visits: readonly PlacedVisit[],
): Totals {
  const [input, ...others] = inputs;
  if (input === undefined || takesFailed) return NO_ITEMS;
  if (others.length === 0) return lostIn(input);
  const ways = inputs.map((one) => wayTo(one, visits));
  const fork = ways[0]?.find((one) => ways.every((way) => way.includes(one)));
  if (fork === undefined) return NO_ITEMS;
  const isTaken = ways.every((way) => way.slice(0, way.indexOf(fork)).some((one) => one.takesFailed));
  return isTaken ? NO_ITEMS : lostIn(fork);
}

function lostIn({ totals = NO_ITEMS }: PlacedVisit): Totals {
  const { failed, skipped } = totals;
  return { items: failed + skipped, failed, skipped };
}

/** The visit, the one whose items it took, and so on to the one that began with them. */
function wayTo<V extends PlacedVisit>(visit: V, visits: readonly V[]): V[] {
  const before = visits.find(({ node }) => node === visit.inputs[0]);
  return [visit, ...(before === undefined ? [] : wayTo(before, visits))];
}

/** The visit that began with the items. */
export function beginningOf<V extends PlacedVisit>(visit: V, visits: readonly V[]): V {
  return wayTo(visit, visits).at(-1) ?? visit;
}

/** Whether what failed in a visit was taken by later ones, however far, in every branch: then it is none of the job's. */
export function isTakenOn(node: number, visits: readonly PlacedVisit[]): boolean {
  const next = visits.filter(({ inputs }) => inputs.includes(node));
  return next.length > 0 && next.every((visit) => visit.takesFailed || isTakenOn(visit.node, visits));
}

/**
 * The visits that no other took items from: their outcomes are those of the job. Of branches that nobody joined,
 * because one of them failed, the one that lost most stands for all, since they had the same items.
 */
export function lastVisits<V extends PlacedVisit>(visits: readonly V[]): V[] {
  const taken = new Set(visits.flatMap(({ inputs }) => inputs));
  const last = visits.filter(({ node }) => !taken.has(node));
  const groups = Map.groupBy(last, (visit) => beginningOf(visit, visits));
  return [...groups.values()].flatMap((group) =>
    group.toSorted((one, other) => (other.totals?.failed ?? 0) - (one.totals?.failed ?? 0)).slice(0, 1),
  );
}
