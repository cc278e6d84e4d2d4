import type { Chance } from './chance.ts';

/** What may go wrong at a port call. */
export type Fault =
  | 'none'
  /** Thrown before the effect: throttling, no connection. */
  | 'refused'
  /** The effect is done, the caller is told otherwise. */
  | 'replyLost'
  | 'crashBefore'
  | 'crashAfter'
  /** The instance stands still, beyond the visibility timeout. */
  | 'pause'
  /** A send takes some entries of a batch and not others. */
  | 'partialSend'
  /** A send takes every entry and says that it did not. */
  | 'falseFailure';

/** Probabilities: of the first six for each port call, of the others for each message. */
export interface FaultRates {
  readonly refused: number;
  readonly replyLost: number;
  readonly crashBefore: number;
  readonly crashAfter: number;
  readonly pause: number;
  readonly partialSend: number;
  readonly falseFailure: number;
  /** A received message comes a second time, perhaps long after it was deleted. */
  readonly duplicate: number;
  /** A sent message is late. */
  readonly delay: number;
  /** A receive that no function sees counts all the same. */
  readonly unseenReceive: number;
  /** The delete of a receive that has timed out deletes the message all the same. */
  readonly lateDelete: number;
  /** The answer of an invocation is lost: its messages come again. */
  readonly answerLost: number;
  /** A stream record comes a second time. */
  readonly streamRepeat: number;
  /** A worker sends what only the service may, at any moment. */
  readonly forgery: number;
  /** An object that a message points at is deleted, at any moment. */
  readonly claimLoss: number;
  /** A message is gone for ever. Nothing recovers from that before there is a sweeper. */
  readonly loss: number;
  /** A state machine hears nothing of a step, at any moment. */
  readonly silence: number;
  /** A state is told that its message could not be sent, truly or not. */
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
  unseenReceive: 0,
  lateDelete: 0,
  answerLost: 0,
  streamRepeat: 0,
  forgery: 0,
  claimLoss: 0,
  loss: 0,
  silence: 0,
  stateSendFails: 0,
};

const MOST: Omit<FaultRates, keyof typeof MOST_OF_MACHINES> = {
  refused: 0.06,
  replyLost: 0.06,
  crashBefore: 0.03,
  crashAfter: 0.03,
  pause: 0.01,
  partialSend: 0.15,
  falseFailure: 0.1,
  duplicate: 0.3,
  delay: 0.3,
  unseenReceive: 0.1,
  lateDelete: 0.5,
  answerLost: 0.1,
  streamRepeat: 0.3,
  forgery: 0.1,
  claimLoss: 0.6,
  loss: 0,
};

/** Where jobs run templates. */
const MOST_OF_MACHINES = { silence: 0.2, stateSendFails: 0.6 };

const MULTIPLYING: ReadonlySet<string> = new Set(['duplicate', 'falseFailure', 'answerLost', 'streamRepeat']);

/** Each kind of fault is absent in some schedules, so that it cannot hide what only the others bring about. */
export function randomRates(chance: Chance): FaultRates {
  if (chance.is(0.1)) return NO_FAULTS;
  // The strongest are storms, in which messages die that nothing is wrong with.
  const strength = chance.pick([0.2, 0.2, 0.6, 0.6, 1, 1, 1, 5]);
  return { ...NO_FAULTS, ...drawn(chance, MOST, strength) };
}

/** The same, and what goes wrong in state machines. */
export function withMachineFaults(rates: FaultRates, chance: Chance): FaultRates {
  return rates === NO_FAULTS ? rates : { ...rates, ...drawn(chance, MOST_OF_MACHINES, 1) };
}

function drawn(chance: Chance, kinds: Partial<FaultRates>, strength: number): Partial<FaultRates> {
  const rates = Object.entries(kinds).map(([fault, most]) => {
    // More of what makes two messages of one would make thousands of it.
    const rate = most * (MULTIPLYING.has(fault) ? Math.min(1, strength) : strength);
    return [fault, chance.is(0.6) ? rate * chance.random.next() : 0];
  });
  return Object.fromEntries(rates);
}

const AT_CALLS = ['refused', 'replyLost', 'crashBefore', 'crashAfter', 'pause'] as const;
const AT_SENDS = ['partialSend', 'falseFailure'] as const;

export class Faults {
  rates: FaultRates;
  readonly #planned: ReadonlyMap<number, Fault>;
  readonly #chance: Chance;

  constructor(rates: FaultRates, planned: ReadonlyMap<number, Fault>, chance: Chance) {
    this.rates = rates;
    this.#planned = planned;
    this.#chance = chance;
  }

  /** From now on nothing goes wrong. */
  stop(): void {
    this.rates = NO_FAULTS;
  }

  is(fault: keyof FaultRates): boolean {
    return this.#chance.is(this.rates[fault]);
  }

  /** What goes wrong at this port call. */
  atCall(step: number, isSend: boolean): Fault {
    const planned = this.#planned.get(step);
    if (planned !== undefined) return planned;
    if (this.rates === NO_FAULTS) return 'none';
    let drawn = this.#chance.random.next();
    for (const fault of AT_CALLS) {
      drawn -= this.rates[fault];
      if (drawn < 0) return fault;
    }
    if (!isSend) return 'none';
    return AT_SENDS.find((fault) => this.is(fault)) ?? 'none';
  }
}
