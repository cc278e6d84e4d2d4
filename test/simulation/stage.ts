/**
 * Schedules the port calls of all instances: each call waits for its turn, and the seed selects each turn. Between two
 * calls of an invocation, another invocation may run, the instance may crash, or time may pass.
 */
import type { VirtualClock } from '../support/memory/world.ts';
import type { Chance } from './chance.ts';
import type { Fault, Faults } from './faults.ts';
import type { Trace } from './trace.ts';

interface Call {
  readonly label: string;
  readonly perform: () => Promise<unknown>;
  /** For sends: accepts only some of the entries, or accepts all and reports failures. */
  readonly performWithFault: ((fault: 'partialSend' | 'falseFailure') => Promise<unknown>) | undefined;
  readonly settle: (result: Promise<unknown>) => void;
  readonly fail: (error: Error) => void;
}

/** Jobs that an instance received work for: `partition/job` and `partition/job/runNumber`, or `…/*` for all. */
export interface Assignment {
  readonly name: string;
  readonly jobs: ReadonlySet<string>;
}

/** A running copy of a function. A crash loses its memory. */
export class Instance {
  readonly name: string;
  /** Offset of its clock from the true clock. */
  readonly skewMillis: number;
  readonly pending: Call[] = [];
  isBusy = false;
  isDead = false;
  /** True if an invocation ended with an error, perhaps while other branches were still running. */
  hasThrown = false;
  pausedUntil = 0;
  /** Called when it crashes during an invocation. */
  onCrash: (() => void) | undefined;
  /** The step of the schedule at which its current work began. */
  startedAtStep = 0;
  assignment: Assignment;

  /** True if calls of an earlier invocation may continue in the next one, as in Lambda. */
  get hasPendingWork(): boolean {
    return this.hasThrown || this.pending.length > 0;
  }

  constructor(name: string, skewMillis: number) {
    this.name = name;
    this.assignment = { name, jobs: new Set() };
    this.skewMillis = skewMillis;
  }
}

/** Label of a call that only lets other instances run. It cannot fail. */
export const TIME_PASSES = 'work';

const MAX_MICROTASKS = 200_000;
/** Number of microtasks after which each branch has ended or waits for a port call. */
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
  #instances: Instance[] = [];
  #millisToPass = 0;
  constructor(options: StageOptions) {
    this.#options = options;
  }

  /** Begins an invocation. Calls one of the callbacks when it ends or crashes. */
  begin<A>(
    instance: Instance,
    invocation: {
      readonly run: () => Promise<A>;
      readonly onResult: (result: A) => void;
      readonly onError: () => void;
      readonly onCrash?: () => void;
    },
  ): void {
    instance.isBusy = true;
    instance.onCrash = invocation.onCrash;
    if (!instance.hasPendingWork) instance.startedAtStep = this.#options.trace.steps;
    this.#instances.push(instance);
    const end = (report: () => void): void => {
      if (instance.isDead) return;
      instance.isBusy = false;
      this.#instances = this.#instances.filter((other) => other !== instance);
      report();
    };
    invocation.run().then(
      (result) => end(() => invocation.onResult(result)),
      () => {
        instance.hasThrown = true;
        end(() => invocation.onError());
      },
    );
  }

  /** Queues a port call of the instance. The promise settles at its turn, or never. */
  call<T>(
    instance: Instance,
    label: string,
    perform: () => Promise<T>,
    performWithFault?: (fault: 'partialSend' | 'falseFailure') => Promise<T>,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (instance.isDead) return;
      const settle = resolve as (result: Promise<unknown>) => void;
      instance.pending.push({ label, perform, performWithFault, settle, fail: reject });
    });
  }

  /** Lets time pass within an item, after every instance has finished its current computation. */
  letTimePass(millis: number): void {
    this.#millisToPass += millis;
  }

  /** Resolves when each branch of each invocation waits for a port call or has ended. */
  async settleAll(): Promise<void> {
    for (let ticks = 0; ticks < SETTLING_TICKS || this.#instances.some(isComputing); ticks += 1) {
      if (ticks > MAX_MICROTASKS) throw new Error('an invocation waits for something other than a port call');
      await undefined;
    }
    this.#options.clock.advance(this.#millisToPass);
    this.#millisToPass = 0;
  }

  /** Performs one pending port call, perhaps with a fault. Returns false if none is ready. */
  performOne(): boolean {
    const { chance, clock, trace } = this.#options;
    const ready = this.#instances.filter(
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
    if (instance.isDead && instance.pending.length === 0) this.#removeInstance(instance);
    return true;
  }

  /** Ends the instance without a result. Its pending requests may still arrive, perhaps much later. */
  crash(instance: Instance): void {
    instance.isDead = true;
    instance.isBusy = false;
    for (let i = instance.pending.length - 1; i >= 0; i -= 1) {
      if (this.#options.chance.is(0.5)) instance.pending.splice(i, 1);
    }
    if (instance.pending.length === 0) this.#removeInstance(instance);
    instance.onCrash?.();
  }

  /** Returns the time at which the first paused instance resumes. */
  nextDue(): number | undefined {
    const due = this.#instances
      .filter(({ pending }) => pending.length > 0)
      .map(({ pausedUntil }) => pausedUntil);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  #faultAt({ isDead }: Instance, { label, performWithFault }: Call): Fault {
    if (isDead) return 'none';
    const { faults, trace } = this.#options;
    const fault = faults.atCall(trace.steps, performWithFault !== undefined);
    const isError = fault === 'refused' || fault === 'replyLost';
    return isError && label === TIME_PASSES ? 'none' : fault;
  }

  #perform(instance: Instance, call: Call, fault: Fault): void {
    const performCall = (): Promise<unknown> => this.#reportMisuse(call.label, call.perform());
    switch (fault) {
      case 'refused':
        call.fail(simulatedError('ThrottlingException', 'throttled'));
        break;
      case 'replyLost':
        performCall();
        call.fail(simulatedError('TimeoutError', 'reply lost'));
        break;
      case 'crashAfter':
        performCall();
        this.crash(instance);
        break;
      case 'crashBefore':
        this.crash(instance);
        break;
      case 'partialSend':
      case 'falseFailure':
        call.settle(call.performWithFault?.(fault) ?? performCall());
        break;
      default:
        call.settle(performCall());
    }
  }

  /** Reports an error of a memory adapter as misuse, because the adapters throw for no other reason. */
  #reportMisuse(label: string, result: Promise<unknown>): Promise<unknown> {
    result.catch((error) => this.#options.onMisuse(label, error));
    return result;
  }

  #removeInstance(instance: Instance): void {
    this.#instances = this.#instances.filter((other) => other !== instance);
  }
}

/** Creates an error with a name from the AWS SDK. */
function simulatedError(name: string, message: string): Error {
  return Object.assign(new Error(`simulated: ${message}`), { name });
}

function isComputing({ isBusy, isDead, pending }: Instance): boolean {
  return isBusy && !isDead && pending.length === 0;
}
