/**
 * The true history of the flow of one run: the steps that its state machine requested, and the resulting
 * visits.
 */
import type { StepMessage } from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { FlowSpec } from './flow-specs.ts';
import type { RunTruth } from './truth.ts';

/** A visit as recorded in the fence of the root: its child number, its step, and the preceding visits. */
export interface VisitNode {
  readonly node: number;
  readonly step: string;
  readonly after: readonly number[];
}

export class FlowTruth {
  readonly spec: FlowSpec;
  /** Visits in the order of their nodes. */
  readonly visitNodes: VisitNode[] = [];
  /** Time of the state machine's first request for each visit, by the true clock. */
  readonly #requestTimes = new Map<string, number>();

  constructor(spec: FlowSpec) {
    this.spec = spec;
  }

  recordRequest({ step, inputs }: Pick<StepMessage, 'step' | 'inputs'>, now: number): void {
    const name = visitName(step, inputs);
    this.#requestTimes.set(name, this.#requestTimes.get(name) ?? now);
  }

  /** Returns the time of the first request for a visit, or `undefined` if there was none. */
  requestedAt({ step, after }: VisitNode): number | undefined {
    return this.#requestTimes.get(visitName(step, after));
  }

  visitNodeOf(step: string, after: readonly number[]): VisitNode | undefined {
    return this.visitNodes.find(
      (visitNode) => visitName(visitNode.step, visitNode.after) === visitName(step, after),
    );
  }

  /** Returns the visits of a step, the first one first. */
  visitNodesOf(step: string): VisitNode[] {
    return this.visitNodes.filter((visitNode) => visitNode.step === step);
  }

  /** Returns the visits that took the items of a visit. */
  laterVisits(node: number): VisitNode[] {
    return this.visitNodes.filter(({ step, after }) => after.includes(node) && !this.splits(step));
  }

  splits(step: string): boolean {
    return this.spec.splitItems.has(step);
  }

  /** Returns true if each item of the step is a group of outcomes of the previous step. */
  groupsOutcomes(step: string): boolean {
    const splitItems = this.spec.splitItems.get(step);
    return splitItems !== undefined && 'group' in splitItems;
  }

  takesFailed(step: string): boolean {
    return this.spec.template.steps.some(({ name, takesFailed }) => name === step && takesFailed);
  }

  /** Returns true if the failed items of a visit continued to later visits in every branch. */
  continuesEverywhere(node: number): boolean {
    const laterNodes = this.laterVisits(node);
    return (
      laterNodes.length > 0 &&
      laterNodes.every(({ step, node: later }) => this.takesFailed(step) || this.continuesEverywhere(later))
    );
  }
}

function visitName(step: string, after: readonly number[]): string {
  return `${step}:${after.join('.')}`;
}

/** Returns the child of the root that contains a path or a chunk. */
export function nodeOfPath(path: string): number {
  return Number(path.split(/[./]/)[0]);
}

/** Returns all records below a visit, including those that chunks carry along. */
export function recordsOf({ outcomes }: RunTruth, node: number): OutcomeRecord[] {
  return [...outcomes].flatMap(([address, records]) => (nodeOfPath(address) === node ? records : []));
}

/** Record of an item in a visit of an earlier run, as a retry sees it. */
export type EarlierRecord =
  /** The item had not passed the visit yet. */
  | { readonly kind: 'none' }
  | { readonly kind: 'kept' | 'open'; readonly record: OutcomeRecord }
  /** The run ended before the visit did, so the records that the retry saw are unknown. */
  | { readonly kind: 'unknown' };

/** Returns the record from the newest run that recorded the item in this visit. */
export function earlierOf(
  truth: RunTruth,
  visit: { step: string; ordinal: number },
  id: string,
): EarlierRecord {
  const { takeover } = truth;
  // A retry always rebuilds groups of outcomes.
  if (truth.flow?.groupsOutcomes(visit.step) === true) return { kind: 'none' };
  for (let run = takeover?.earlier; run !== undefined; run = run.takeover?.earlier) {
    const visitNode = run.flow?.visitNodesOf(visit.step)[visit.ordinal - 1];
    const record = visitNode && recordsOf(run, visitNode.node).find((candidate) => candidate.id === id);
    if (visitNode === undefined || takeover === undefined) continue;
    if (!run.isNodeDone(String(visitNode.node))) return { kind: 'unknown' };
    if (record === undefined) continue;
    if (nodeOfPath(record.path) !== visitNode.node) return { kind: 'none' };
    const isOpen = takeover.isOpen(record) && run.flow?.continuesEverywhere(visitNode.node) === false;
    return { kind: isOpen ? 'open' : 'kept', record };
  }
  return { kind: 'none' };
}
