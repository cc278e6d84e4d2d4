/** What truly happened in the flow of one run: which steps were asked for, and which visits they became. */
import type { StepMessage } from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { FlowSpec } from './flow-specs.ts';
import type { RunTruth } from './truth.ts';

/** A visit as the fence of the root has it: its number among the children of the root, and what it came after. */
export interface Seat {
  readonly node: number;
  readonly step: string;
  readonly after: readonly number[];
}

export class FlowTruth {
  readonly spec: FlowSpec;
  /** In the order of their nodes. */
  readonly seats: Seat[] = [];
  /** When its state machine first asked for a visit, by the true clock. */
  readonly #asked = new Map<string, number>();

  constructor(spec: FlowSpec) {
    this.spec = spec;
  }

  asked({ step, inputs }: Pick<StepMessage, 'step' | 'inputs'>, now: number): void {
    const name = seatName(step, inputs);
    this.#asked.set(name, this.#asked.get(name) ?? now);
  }

  /** `undefined`: never. */
  askedAt({ step, after }: Seat): number | undefined {
    return this.#asked.get(seatName(step, after));
  }

  seatOf(step: string, after: readonly number[]): Seat | undefined {
    return this.seats.find((seat) => seatName(seat.step, seat.after) === seatName(step, after));
  }

  /** The visits of a step, the first one first. */
  seatsOf(step: string): Seat[] {
    return this.seats.filter((seat) => seat.step === step);
  }

  /** Those that took the items of a visit. */
  takenBy(node: number): Seat[] {
    return this.seats.filter(({ step, after }) => after.includes(node) && !this.splits(step));
  }

  splits(step: string): boolean {
    return this.spec.begins.has(step);
  }

  /** Whether its items stand for outcomes of the step before. */
  groups(step: string): boolean {
    const begun = this.spec.begins.get(step);
    return begun !== undefined && 'group' in begun;
  }

  takesFailed(step: string): boolean {
    return this.spec.template.steps.some(({ name, takesFailed }) => name === step && takesFailed);
  }

  /** Whether what failed in a visit went on to others, in every branch behind it. */
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

/** The child of the root that a path lies in, or a chunk of one. */
export function nodeOfPath(path: string): number {
  return Number(path.split(/[./]/)[0]);
}

/** Everything that is recorded below a visit, what rides along included. */
export function recordsOf({ outcomes }: RunTruth, node: number): OutcomeRecord[] {
  return [...outcomes].flatMap(([address, records]) => (nodeOfPath(address) === node ? records : []));
}

/** What an earlier run says of an item in a visit, as far as a retry looks at it. */
export type Earlier =
  /** It was not through there yet. */
  | { readonly kind: 'none' }
  | { readonly kind: 'kept' | 'open'; readonly record: OutcomeRecord }
  /** The run ended before the visit did: whether the retry saw what is there now, nobody knows. */
  | { readonly kind: 'unknown' };

/** By the newest run that recorded the item there. */
export function earlierOf(truth: RunTruth, visit: { step: string; ordinal: number }, id: string): Earlier {
  const { takeover } = truth;
  // Groups of outcomes are made anew.
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
