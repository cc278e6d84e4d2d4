/**
 * Where the functions play: every port call waits here for its turn, and each turn is a seeded choice. Between two
 * calls of one invocation any other invocation may run, the instance may crash, or time may pass.
 */
import type { VirtualClock } from '../support/memory/world.ts';
import type { Chance } from './chance.ts';
import type { Fault, Faults } from './faults.ts';
import type { Trace } from './trace.ts';

interface Call {
  readonly label: string;
  readonly perform: () => Promise<unknown>;
  /** For sends: takes some of the entries only, or takes all and denies it. */
  readonly performWrongly: ((how: 'partialSend' | 'falseFailure') => Promise<unknown>) | undefined;
  readonly settle: (answer: Promise<unknown>) => void;
  readonly fail: (error: Error) => void;
}

/** Jobs of which somebody was given work: `partition/job` and `partition/job/generation`, or `…/*` for all. */
export interface Assignment {
  readonly name: string;
  readonly known: ReadonlySet<string>;
}

/** A running copy of a function: what it keeps in memory is lost when it crashes. */
export class Instance {
  readonly name: string;
  /** Its clock is wrong by so much. */
  readonly skewMillis: number;
  readonly pending: Call[] = [];
  isBusy = false;
  isDead = false;
  /** One of its invocations ended with an error, perhaps while others of its branches went on. */
  hasThrown = false;
  pausedUntil = 0;
  /** Called when it crashes in the midst of an invocation. */
  onCrash: (() => void) | undefined;
  /** The step of the schedule at which it began what it does now. */
  startedAtStep = 0;
  assignment: Assignment;

  /** Calls of an earlier invocation that answered without waiting for them go on in the next one, as in Lambda. */
  get hasLeftovers(): boolean {
    return this.hasThrown || this.pending.length > 0;
  }

  constructor(name: string, skewMillis: number) {
    this.name = name;
    this.assignment = { name, known: new Set() };
    this.skewMillis = skewMillis;
  }
}

/** Label of a call that does nothing but let others run; it cannot fail. */
export const TIME_PASSES = 'work';

const MAX_MICROTASKS = 200_000;
/** After so many, each branch has gone on as far as it can without the world. */
const SETTLING_TICKS = 50;
const PAUSE_MILLIS = { least: 5_000, most: 400_000 };

export interface StageOptions {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly onMisuse: (label: string, error: unknown) => void;
}

export class Stage {
  readonly #options: StageOptions;
  #playing: Instance[] = [];
  #passing = 0;
  constructor(options: StageOptions) {
    this.#options = options;
  }

  /** The instance begins an invocation; one of the callbacks is called when it ends, unless it crashes before. */
  begin<A>(
    instance: Instance,
    invocation: {
      readonly run: () => Promise<A>;
      readonly onAnswer: (answer: A) => void;
      readonly onError: () => void;
      readonly onCrash?: () => void;
    },
  ): void {
    instance.isBusy = true;
    instance.onCrash = invocation.onCrash;
    if (!instance.hasLeftovers) instance.startedAtStep = this.#options.trace.steps;
    this.#playing.push(instance);
    const end = (tell: () => void): void => {
      if (instance.isDead) return;
      instance.isBusy = false;
      this.#playing = this.#playing.filter((other) => other !== instance);
      tell();
    };
    invocation.run().then(
      (answer) => end(() => invocation.onAnswer(answer)),
      () => {
        instance.hasThrown = true;
        end(() => invocation.onError());
      },
    );
  }

  /** A port call of the instance: answered when its turn comes, or never. */
  call<T>(
    instance: Instance,
    label: string,
    perform: () => Promise<T>,
    performWrongly?: (how: 'partialSend' | 'falseFailure') => Promise<T>,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (instance.isDead) return;
      const settle = resolve as (answer: Promise<unknown>) => void;
      instance.pending.push({ label, perform, performWrongly, settle, fail: reject });
    });
  }

  /** Time that passes in an item: not before everybody has gone on from what was known until then. */
  passes(millis: number): void {
    this.#passing += millis;
  }

  /** Until each branch of each invocation waits for a port call or has ended. */
  async quiet(): Promise<void> {
    for (let ticks = 0; ticks < SETTLING_TICKS || this.#playing.some(isComputing); ticks += 1) {
      if (ticks > MAX_MICROTASKS) throw new Error('an invocation waits for something that is no port');
      await undefined;
    }
    this.#options.clock.advance(this.#passing);
    this.#passing = 0;
  }

  /** Lets one port call of one instance happen, well or not. Answers whether there was one. */
  performOne(): boolean {
    const { chance, clock, trace } = this.#options;
    const ready = this.#playing.filter(
      ({ pending, pausedUntil }) => pending.length > 0 && pausedUntil <= clock.now(),
    );
    if (ready.length === 0) return false;
    const instance = chance.pick(ready);
    const position = chance.below(instance.pending.length);
    const call = instance.pending[position];
    if (call === undefined) return false;
    const fault = this.#faultAt(instance, call);
    trace.note(clock.now(), instance.name, fault === 'none' ? call.label : `${call.label} !${fault}`);
    if (fault === 'pause') {
      instance.pausedUntil = clock.now() + chance.between(PAUSE_MILLIS.least, PAUSE_MILLIS.most);
      return true;
    }
    instance.pending.splice(position, 1);
    this.#perform(instance, call, fault);
    if (instance.isDead && instance.pending.length === 0) this.#leave(instance);
    return true;
  }

  /** The instance ends without an answer. Requests that it has under way may still arrive, perhaps much later. */
  crash(instance: Instance): void {
    instance.isDead = true;
    instance.isBusy = false;
    for (let i = instance.pending.length - 1; i >= 0; i -= 1) {
      if (this.#options.chance.is(0.5)) instance.pending.splice(i, 1);
    }
    if (instance.pending.length === 0) this.#leave(instance);
    instance.onCrash?.();
  }

  /** When the first of the paused instances goes on. */
  nextDue(): number | undefined {
    const due = this.#playing
      .filter(({ pending }) => pending.length > 0)
      .map(({ pausedUntil }) => pausedUntil);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  #faultAt({ isDead }: Instance, { label, performWrongly }: Call): Fault {
    if (isDead) return 'none';
    const { faults, trace } = this.#options;
    const fault = faults.atCall(trace.steps, performWrongly !== undefined);
    const isError = fault === 'refused' || fault === 'replyLost';
    return isError && label === TIME_PASSES ? 'none' : fault;
  }

  #perform(instance: Instance, call: Call, fault: Fault): void {
    const answer = (): Promise<unknown> => this.#checked(call.label, call.perform());
    switch (fault) {
      case 'refused':
        call.fail(simulated('ThrottlingException', 'throttled'));
        break;
      case 'replyLost':
        answer();
        call.fail(simulated('TimeoutError', 'reply lost'));
        break;
      case 'crashAfter':
        answer();
        this.crash(instance);
        break;
      case 'crashBefore':
        this.crash(instance);
        break;
      case 'partialSend':
      case 'falseFailure':
        call.settle(call.performWrongly?.(fault) ?? answer());
        break;
      default:
        call.settle(answer());
    }
  }

  /** An error of a memory adapter means that it was used wrongly: nothing else makes it throw. */
  #checked(label: string, answer: Promise<unknown>): Promise<unknown> {
    answer.catch((error) => this.#options.onMisuse(label, error));
    return answer;
  }

  #leave(instance: Instance): void {
    this.#playing = this.#playing.filter((other) => other !== instance);
  }
}

/** An error as the AWS SDK names it. */
function simulated(name: string, message: string): Error {
  return Object.assign(new Error(`simulated: ${message}`), { name });
}

function isComputing({ isBusy, isDead, pending }: Instance): boolean {
  return isBusy && !isDead && pending.length === 0;
}
