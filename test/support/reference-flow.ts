/**
 * Reference implementation of templates that shares no code with the product and runs one step at a time. It computes
 * the visited steps, the outcome of each item in each step, and the end of the flow. docs/reference/templates.md
 * specifies the behavior.
 */
import type { ItemFailurePolicy } from '#core/job.ts';

type ItemOutcome = 'succeeded' | 'failed' | 'skipped';

export interface ReferenceStep {
  readonly name: string;
  readonly splitter?: string | undefined;
  readonly takesFailed?: boolean | undefined;
  readonly onItemFailure?: ItemFailurePolicy | undefined;
  readonly after?: readonly string[] | undefined;
}

interface ReferenceEdge {
  readonly from: string;
  readonly on: string;
  readonly to: string | readonly string[];
  readonly maxVisits?: number | undefined;
}

export interface ReferenceTemplate {
  readonly steps: readonly ReferenceStep[];
  readonly flow?: readonly ReferenceEdge[] | undefined;
}

/** Input of a step for one item. */
export interface HandedItem {
  readonly id: string;
  readonly payload?: unknown;
}

/** Result of a worker for one item. */
export interface Worked {
  readonly outcome: ItemOutcome;
  /** Absent if the worker returned none; the payload stays. */
  readonly answer?: unknown;
  /** Payload of the item if it stays. It differs from the original after a retry that patched it. */
  readonly payload?: unknown;
  /** Outcome code that the worker set. */
  readonly code?: string | undefined;
}

export interface FlowRecord extends HandedItem, Worked {
  /** Visit that processed the item. It is an earlier one if the item is only carried along. */
  readonly by: FlowVisit;
}

export interface FlowVisit {
  readonly step: string;
  /** Number of the visit among those of its step, from 1. */
  readonly ordinal: number;
  readonly after: readonly FlowVisit[];
  /** Visits that supplied its items; empty if the step has items of its own. */
  readonly inputs: readonly FlowVisit[];
  readonly records: FlowRecord[];
  /** True in a fork with a failed branch: the product may not finish or not start this visit. */
  mayBeCut: boolean;
}

export interface FlowFailure {
  readonly code: 'step-failed' | 'max-visits';
  readonly step: string;
}

export interface FlowStory {
  /** In the order of sequential execution. */
  readonly visits: readonly FlowVisit[];
  /** Empty if the flow completed. Several if parallel branches fail: the product reports the first of them. */
  readonly failures: readonly FlowFailure[];
  /** Visits whose items no later visit took. Visits of one set have the same items. */
  readonly last: readonly (readonly FlowVisit[])[];
}

/** Supplies the items and the results of the workers. */
export interface FlowWork {
  /** Items of the request, or of the splitter of the step. */
  begin(step: string, after: readonly FlowVisit[]): readonly HandedItem[];
  work(visit: FlowVisit, item: HandedItem): Worked;
}

export function followFlow(template: ReferenceTemplate, work: FlowWork): FlowStory {
  const flow = new Flow(template, work);
  const failures = flow.run();
  return { visits: flow.visits, failures, last: lastOf(flow.visits) };
}

/** Returns the visits whose items no later visit took, grouped by set. */
export function lastOf(visits: readonly FlowVisit[]): FlowVisit[][] {
  const inputVisits = new Set(visits.flatMap(({ inputs }) => inputs));
  const last = visits.filter((visit) => !inputVisits.has(visit));
  return [...Map.groupBy(last, beginningOf).values()];
}

/** Returns the visit that introduced the items. */
export function beginningOf(visit: FlowVisit): FlowVisit {
  const [input] = visit.inputs;
  return input === undefined ? visit : beginningOf(input);
}

/** End of a flow or of one of its branches. */
type Ending =
  | { readonly kind: 'ended'; readonly at: FlowVisit }
  | { readonly kind: 'failed'; readonly failures: readonly FlowFailure[] };

/** Next step, parallel branches, a failure, or the end. */
type Way = { readonly to: string | readonly string[] } | { readonly failure: FlowFailure } | 'end';

class Flow {
  readonly visits: FlowVisit[] = [];
  readonly #steps: readonly ReferenceStep[];
  readonly #edges: readonly ReferenceEdge[];
  readonly #work: FlowWork;

  constructor({ steps, flow }: ReferenceTemplate, work: FlowWork) {
    const inOrder = steps.slice(1).map(({ name }, at) => ({ from: steps[at]?.name ?? '', to: name }));
    this.#steps = steps;
    this.#edges = flow ?? inOrder.map((edge) => ({ ...edge, on: 'COMPLETED' }));
    this.#work = work;
  }

  run(): readonly FlowFailure[] {
    const [first] = this.#steps;
    const ending = this.#goOn(this.#visit(first?.name ?? '', []), []);
    return ending.kind === 'failed' ? ending.failures : [];
  }

  /** `known` is the list of visits before the branches that this visit joins. */
  #goOn(from: FlowVisit, knownVisits: readonly FlowVisit[]): Ending {
    const way = this.#wayFrom(from, knownVisits);
    if (way === 'end') return { kind: 'ended', at: from };
    if ('failure' in way) return { kind: 'failed', failures: [way.failure] };
    return typeof way.to === 'string'
      ? this.#goOn(this.#visit(way.to, [from]), [])
      : this.#fork(from, way.to);
  }

  #fork(from: FlowVisit, heads: readonly string[]): Ending {
    const knownVisits = [...this.visits];
    const endings = heads.map((head) => this.#goOn(this.#visit(head, [from]), []));
    const failures = endings.flatMap((ending) => (ending.kind === 'failed' ? ending.failures : []));
    if (failures.length > 0) {
      for (const visit of this.visits) if (!knownVisits.includes(visit)) visit.mayBeCut = true;
      return { kind: 'failed', failures };
    }
    const ends = endings.flatMap((ending) => (ending.kind === 'ended' ? [ending.at] : []));
    const join = this.#steps.find(({ after = [] }) => ends.every(({ step }) => after.includes(step)));
    if (join === undefined) throw new Error(`no step joins ${heads}`);
    return this.#goOn(this.#visit(join.name, ends), knownVisits);
  }

  #visit(step: string, after: readonly FlowVisit[]): FlowVisit {
    const rules = this.#rulesOf(step);
    const inputs = rules.splitter === undefined ? after : [];
    const ordinal = 1 + this.#visitsOf(step);
    const visit: FlowVisit = { step, ordinal, after, inputs, records: [], mayBeCut: false };
    this.visits.push(visit);
    for (const { item, lost } of inputs.length === 0 ? this.#begun(step, after) : handedOn(inputs)) {
      const isCarried = lost !== undefined && rules.takesFailed !== true;
      visit.records.push(isCarried ? lost : { ...item, ...this.#work.work(visit, item), by: visit });
    }
    return visit;
  }

  #begun(step: string, after: readonly FlowVisit[]): { item: HandedItem; lost: undefined }[] {
    return this.#work.begin(step, after).map((item) => ({ item, lost: undefined }));
  }

  #visitsOf(step: string): number {
    return this.visits.filter((visit) => visit.step === step).length;
  }

  #rulesOf(name: string): ReferenceStep {
    const step = this.#steps.find((candidate) => candidate.name === name);
    if (step === undefined) throw new Error(`no step '${name}'`);
    return step;
  }

  #wayFrom(visit: FlowVisit, knownVisits: readonly FlowVisit[]): Way {
    const { step } = visit;
    const { onItemFailure = 'failIfNoneSucceed' } = this.#rulesOf(step);
    const ownItems = ownOf(visit, knownVisits);
    const result = resultOf(onItemFailure, ownItems.items, ownItems.failed);
    const codes = new Set(visit.records.flatMap(({ by, code }) => (by === visit ? (code ?? []) : [])));
    const edge = this.#edgeFor(step, result, codes);
    if (edge === undefined) return result === 'FAILED' ? { failure: { code: 'step-failed', step } } : 'end';
    const { to, maxVisits = Number.POSITIVE_INFINITY } = edge;
    if (typeof to === 'string' && this.#visitsOf(to) >= maxVisits)
      return { failure: { code: 'max-visits', step: to } };
    return { to };
  }

  /** Returns the edge for an outcome code, for the step result, for `*`, or for COMPLETED. */
  #edgeFor(step: string, result: StepResult, codes: ReadonlySet<string>): ReferenceEdge | undefined {
    const leaving = this.#edges.filter(({ from }) => from === step);
    const edgeOn = (on: string) => leaving.find((edge) => edge.on === on);
    const codedEdge = result === 'FAILED' ? undefined : leaving.find(({ on }) => codes.has(on));
    if (codedEdge !== undefined) return codedEdge;
    const isCoded = codes.size > 0 && result !== 'FAILED';
    const plainEdge = isCoded ? undefined : edgeOn(result);
    const completedEdge = result === 'COMPLETED_WITH_FAILURES' ? edgeOn('COMPLETED') : undefined;
    return plainEdge ?? edgeOn('*') ?? edgeOn(result) ?? completedEdge;
  }
}

/**
 * Counts the items that decide the result of a step. Items that are carried along count in the step that lost them. A
 * join counts the items that its branches lost, except those lost before the branches.
 */
function ownOf(visit: FlowVisit, knownVisits: readonly FlowVisit[]): { items: number; failed: number } {
  const isJoin = knownVisits.length > 0;
  const before = ({ id, by }: FlowRecord): FlowRecord | undefined =>
    by === visit
      ? undefined
      : visit.inputs
          .flatMap(({ records }) => records)
          .find((record) => record.id === id && (!isJoin || knownVisits.includes(record.by)));
  const items = visit.records.filter((record) => before(record) === undefined);
  const failedRecords = visit.records.filter(
    (record) => record.outcome === 'failed' && before(record)?.outcome !== 'failed',
  );
  return { items: items.length, failed: failedRecords.length };
}

type StepResult = 'COMPLETED' | 'FAILED' | 'COMPLETED_WITH_FAILURES';

function resultOf(policy: ItemFailurePolicy, items: number, failed: number): StepResult {
  if (!isAllowed(policy, items, failed)) return 'FAILED';
  return failed > 0 ? 'COMPLETED_WITH_FAILURES' : 'COMPLETED';
}

function isAllowed(policy: ItemFailurePolicy, items: number, failed: number): boolean {
  if (policy === 'failIfNoneSucceed' || policy === 'continue') return true;
  if (policy === 'failAtEnd' || policy === 'failFast') return failed === 0;
  if ('count' in policy.tolerate) return failed <= policy.tolerate.count;
  return failed * 100 <= policy.tolerate.percent * items;
}

/** Items from the previous step or the joined branches, each with the record that lost it. */
function handedOn(inputs: readonly FlowVisit[]): { item: HandedItem; lost: FlowRecord | undefined }[] {
  const [first] = inputs;
  return (first?.records ?? []).map((record) => {
    const { id } = record;
    const records = inputs.flatMap((input) => input.records.find((other) => other.id === id) ?? []);
    const lost =
      records.find(({ outcome }) => outcome === 'failed') ??
      records.find(({ outcome }) => outcome === 'skipped');
    const item =
      inputs.length === 1 ? { id, payload: payloadAfter(record) } : joinedItem(inputs, records, record);
    return { item, lost };
  });
}

/** Payload of the item for the next step. */
function payloadAfter({ answer, payload }: FlowRecord): unknown {
  return answer === undefined ? payload : answer;
}

/** Combines the results of the branches, by the name of their last step. */
function joinedItem(
  inputs: readonly FlowVisit[],
  records: readonly FlowRecord[],
  first: FlowRecord,
): HandedItem {
  const answers = records.flatMap(({ answer }, at) =>
    answer === undefined ? [] : [[inputs[at]?.step ?? '', answer] as const],
  );
  const { id } = first;
  return answers.length === 0 ? { id, payload: first.payload } : { id, payload: Object.fromEntries(answers) };
}
