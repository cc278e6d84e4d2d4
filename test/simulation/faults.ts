import type { Chance } from './chance.ts';

/** Fault injected into a port call. */
export type Fault =
  | 'none'
  /** Throws before the effect, as with throttling or a lost connection. */
  | 'refused'
  /** Throws after the effect, so that the caller sees a failure. */
  | 'replyLost'
  | 'crashBefore'
  | 'crashAfter'
  /** Stalls the instance for longer than the visibility timeout. */
  | 'pause'
  /** Sends only some entries of a batch. */
  | 'partialSend'
  /** Sends every entry but reports some as failed. */
  | 'falseFailure';

/**
 * Probabilities of faults. The first five apply to each port call and the next two to each send. The others apply
 * to messages, stream records, invocations and states, as described.
 */
export interface FaultRates {
  readonly refused: number;
  readonly replyLost: number;
  readonly crashBefore: number;
  readonly crashAfter: number;
  readonly pause: number;
  readonly partialSend: number;
  readonly falseFailure: number;
  /** A received message is redelivered, possibly long after it was deleted. */
  readonly duplicate: number;
  /** A sent message is delayed. */
  readonly delay: number;
  /** A receive that no function sees still increases the receive count. */
  readonly receiveLost: number;
  /** A delete with an expired receipt still deletes the message. */
  readonly lateDelete: number;
  /** The response of an invocation is lost, so its messages are redelivered. */
  readonly responseLost: number;
  /** A stream record is delivered twice. */
  readonly streamRepeat: number;
  /** A worker sends a message that only the service may send, at any time. */
  readonly forgery: number;
  /** An object that a message refers to is deleted, at any time. */
  readonly claimLoss: number;
  /** A message is lost permanently. No schedule draws this fault, because no function recovers from it. */
  readonly loss: number;
  /** A state machine receives no heartbeat for a step, at any time. */
  readonly silence: number;
  /** A send of a state reports failure, whether or not the message was sent. */
  readonly stateSendFails: number;
}

export const NO_FAULTS: FaultRates = {
  refused: 0,
  replyLost: 0,
  crashBefore: 0,
  crashAfter: 0,
  pause: 0,
  partialSend: 0,
  falseFailure: 0,
  duplicate: 0,
  delay: 0,
  receiveLost: 0,
  lateDelete: 0,
  responseLost: 0,
  streamRepeat: 0,
  forgery: 0,
  claimLoss: 0,
  loss: 0,
  silence: 0,
  stateSendFails: 0,
};

const MAX_RATES: Omit<FaultRates, keyof typeof MAX_MACHINE_RATES> = {
  refused: 0.06,
  replyLost: 0.06,
  crashBefore: 0.03,
  crashAfter: 0.03,
  pause: 0.01,
  partialSend: 0.15,
  falseFailure: 0.1,
  duplicate: 0.3,
  delay: 0.3,
  receiveLost: 0.1,
  lateDelete: 0.5,
  responseLost: 0.1,
  streamRepeat: 0.3,
  forgery: 0.1,
  claimLoss: 0.6,
  loss: 0,
};

/** Maximum rates of state machine faults, for jobs that run templates. */
const MAX_MACHINE_RATES = { silence: 0.2, stateSendFails: 0.6 };

const MULTIPLYING: ReadonlySet<string> = new Set([
  'duplicate',
  'falseFailure',
  'responseLost',
  'streamRepeat',
]);

/**
 * Draws fault rates. Each kind is absent from some schedules, so that it cannot hide bugs that other kinds
 * reveal.
 */
export function randomRates(chance: Chance): FaultRates {
  if (chance.is(0.1)) return NO_FAULTS;
  // The highest strength is a storm in which even valid messages reach the dead-letter queue.
  const strength = chance.pick([0.2, 0.2, 0.6, 0.6, 1, 1, 1, 5]);
  return { ...NO_FAULTS, ...drawRates(chance, MAX_RATES, strength) };
}

/** Adds the faults of state machines to the rates. */
export function withMachineFaults(rates: FaultRates, chance: Chance): FaultRates {
  return rates === NO_FAULTS ? rates : { ...rates, ...drawRates(chance, MAX_MACHINE_RATES, 1) };
}

function drawRates(chance: Chance, kinds: Partial<FaultRates>, strength: number): Partial<FaultRates> {
  const rates = Object.entries(kinds).map(([fault, maxRate]) => {
    // Above 1, a fault that duplicates messages would produce thousands of them.
    const rate = maxRate * (MULTIPLYING.has(fault) ? Math.min(1, strength) : strength);
    return [fault, chance.is(0.6) ? rate * chance.random.next() : 0];
  });
  return Object.fromEntries(rates);
}

const AT_CALLS = ['refused', 'replyLost', 'crashBefore', 'crashAfter', 'pause'] as const;
const AT_SENDS = ['partialSend', 'falseFailure'] as const;

export class Faults {
  rates: FaultRates;
  readonly #plannedFaults: ReadonlyMap<number, Fault>;
  readonly #chance: Chance;

  constructor(rates: FaultRates, plannedFaults: ReadonlyMap<number, Fault>, chance: Chance) {
    this.rates = rates;
    this.#plannedFaults = plannedFaults;
    this.#chance = chance;
  }

  /** Stops all faults from now on. */
  stop(): void {
    this.rates = NO_FAULTS;
  }

  is(fault: keyof FaultRates): boolean {
    return this.#chance.is(this.rates[fault]);
  }

  /** Returns the fault for this port call. */
  atCall(step: number, isSend: boolean): Fault {
    const plannedFaults = this.#plannedFaults.get(step);
    if (plannedFaults !== undefined) return plannedFaults;
    if (this.rates === NO_FAULTS) return 'none';
    let remainder = this.#chance.random.next();
    for (const fault of AT_CALLS) {
      remainder -= this.rates[fault];
      if (remainder < 0) return fault;
    }
    if (!isSend) return 'none';
    return AT_SENDS.find((fault) => this.is(fault)) ?? 'none';
  }
}
