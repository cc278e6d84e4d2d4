/**
 * The true history of the flow of one run: the steps that its state machine requested, and the resulting
 * visits.
 */
import type { StepMessage } from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { FlowSpec } from './flow-specs.ts';
import type { RunTruth } from './truth.ts';

/** A visit as recorded in the fence of the root: its child number, its step, and the preceding visits. */
export interface Seat {
  readonly node: number;
  readonly step: string;
  readonly after: readonly number[];
}

export class FlowTruth {
  readonly spec: FlowSpec;
  /** Visits in the order of their nodes. */
  readonly seats: Seat[] = [];
  /** Time of the state machine's first request for each visit, by the true clock. */
  readonly #asked = new Map<string, number>();

  constructor(spec: FlowSpec) {
    this.spec = spec;
  }

  asked({ step, inputs }: Pick<StepMessage, 'step' | 'inputs'>, now: number): void {
    const name = seatName(step, inputs);
    this.#asked.set(name, this.#asked.get(name) ?? now);
  }

  /** Returns the time of the first request for a visit, or `undefined` if there was none. */
  askedAt({ step, after }: Seat): number | undefined {
    return this.#asked.get(seatName(step, after));
  }

  seatOf(step: string, after: readonly number[]): Seat | undefined {
    return this.seats.find((seat) => seatName(seat.step, seat.after) === seatName(step, after));
  }

  /** Returns the visits of a step, the first one first. */
  seatsOf(step: string): Seat[] {
    return this.seats.filter((seat) => seat.step === step);
  }

  /** Returns the visits that took the items of a visit. */
  takenBy(node: number): Seat[] {
    return this.seats.filter(({ step, after }) => after.includes(node) && !this.splits(step));
  }

  splits(step: string): boolean {
    return this.spec.begins.has(step);
  }

  /** Returns true if each item of the step is a group of outcomes of the previous step. */
  groups(step: string): boolean {
    const begun = this.spec.begins.get(step);
    return begun !== undefined && 'group' in begun;
  }

  takesFailed(step: string): boolean {
    return this.spec.template.steps.some(({ name, takesFailed }) => name === step && takesFailed);
  }

  /** Returns true if the failed items of a visit continued to later visits in every branch. */
  isTakenOn(node: number): boolean {
    const next = this.takenBy(node);
    return (
      next.length > 0 &&
      next.every(({ step, node: later }) => this.takesFailed(step) || this.isTakenOn(later))
    );
  }
}

function seatName(step: string, after: readonly number[]): string {
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
export type Earlier =
  /** The item had not passed the visit yet. */
  | { readonly kind: 'none' }
  | { readonly kind: 'kept' | 'open'; readonly record: OutcomeRecord }
  /** The run ended before the visit did, so the records that the retry saw are unknown. */
  | { readonly kind: 'unknown' };

/** Returns the record from the newest run that recorded the item in this visit. */
export function earlierOf(truth: RunTruth, visit: { step: string; ordinal: number }, id: string): Earlier {
  const { takeover } = truth;
  // A retry always rebuilds groups of outcomes.
  if (truth.flow?.groups(visit.step) === true) return { kind: 'none' };
  for (let run = takeover?.earlier; run !== undefined; run = run.takeover?.earlier) {
    const seat = run.flow?.seatsOf(visit.step)[visit.ordinal - 1];
    const record = seat && recordsOf(run, seat.node).find((one) => one.id === id);
    if (seat === undefined || takeover === undefined) continue;
    if (!run.isNodeDone(String(seat.node))) return { kind: 'unknown' };
    if (record === undefined) continue;
    if (nodeOfPath(record.path) !== seat.node) return { kind: 'none' };
    const isOpen = takeover.isOpen(record) && run.flow?.isTakenOn(seat.node) === false;
    return { kind: isOpen ? 'open' : 'kept', record };
  }
  return { kind: 'none' };
}
