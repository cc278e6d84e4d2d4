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

/** Failed and skipped items of the steps before, which keep that outcome; of a join, those before its branches. */
export function carriedBy(
  inputs: readonly { readonly totals?: Totals | undefined; readonly carried: Totals }[],
  takesFailed: boolean,
): Totals {
  const [input, ...others] = inputs;
  if (input === undefined || takesFailed) return NO_ITEMS;
  if (others.length > 0) return input.carried;
  const { failed, skipped } = input.totals ?? NO_ITEMS;
  return { items: failed + skipped, failed, skipped };
}

interface PlacedVisit {
  readonly node: number;
  readonly inputs: readonly number[];
  readonly totals?: Totals | undefined;
}

/**
 * The visits that no other took items from: their outcomes are those of the job. Of branches that nobody joined,
 * because one of them failed, the one that lost most stands for all, since they had the same items.
 */
export function lastVisits<V extends PlacedVisit>(visits: readonly V[]): V[] {
  const taken = new Set(visits.flatMap(({ inputs }) => inputs));
  const last = visits.filter(({ node }) => !taken.has(node));
  const groups = Map.groupBy(last, ({ node, inputs }) =>
    inputs.length === 0 ? `node ${node}` : inputs.join(),
  );
  return [...groups.values()].flatMap((group) =>
    group.toSorted((one, other) => (other.totals?.failed ?? 0) - (one.totals?.failed ?? 0)).slice(0, 1),
  );
}
