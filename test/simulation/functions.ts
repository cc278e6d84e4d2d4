/** The functions of the service as Lambda runs them: the real logic with the ports of one instance. */
import { Meter } from '#core/meter.ts';
import { mapParallel } from '#core/parallel.ts';
import type { QueueName, Random, Row } from '#core/ports.ts';
import type { Splitter } from '#core/splitter.ts';
import { dispatchJobs } from '../../functions/dispatch-jobs/dispatch-jobs.ts';
import { UPDATE_INTERVAL_MILLIS } from '../../functions/kit/chunk-progress.ts';
import { runInvocation } from '../../functions/kit/run-invocation.ts';
import type { LetterOrigin } from '../../functions/read-dead-letters/letter-origin.ts';
import { readDeadLetters } from '../../functions/read-dead-letters/read-dead-letters.ts';
import { enterStep } from '../../functions/split-batch/enter-step.ts';
import { splitBatch } from '../../functions/split-batch/split-batch.ts';
import { splitMessages } from '../../functions/split-batch/split-messages.ts';
import { SplitRequests } from '../../functions/split-batch/split-requests.ts';
import { innerSplitters } from '../../functions/split-batch/splitters/index.ts';
import { items } from '../../functions/split-batch/splitters/items.ts';
import { range } from '../../functions/split-batch/splitters/range.ts';
import { stepResults } from '../../functions/split-batch/splitters/step-results.ts';
import { readStatus } from '../../functions/store/jobs.ts';
import { sweepJobs } from '../../functions/sweep-jobs/sweep-jobs.ts';
import { trackResults } from '../../functions/track-results/track-results.ts';
import { readingPorts } from '../support/policy-evaluator.ts';
import { type InstancePorts, instancePorts, type Surroundings } from './ports.ts';
import { Instance, TIME_PASSES } from './stage.ts';
import { treeSplitters } from './trees.ts';
import { letterWorker, type WorkerHooks } from './workers.ts';

export interface Received {
  readonly id: string;
  readonly body: string;
  readonly receiveCount: number;
  /** Queue of the message. For a dead letter, the queue from which it was moved. */
  readonly queue: QueueName;
}

/** Processes the messages of one invocation. Returns the ids of the messages to redeliver. */
export type QueueWork = (messages: readonly Received[]) => Promise<{ failed: ReadonlySet<string> }>;

/** Processes changed rows in order. If one fails, returns the position to resume from. */
export type StreamWork = (rows: readonly Row[]) => Promise<number | undefined>;

/** Sweeps all due rows once. */
export type SweepWork = () => Promise<unknown>;

export type Role = 'split' | 'first' | 'second' | 'track' | 'deadLetters' | 'dispatch' | 'sweep' | 'api';

/** Hooks of a planted bug between a function and its surroundings. */
export interface Wiring {
  ports?(role: Role, ports: InstancePorts): InstancePorts;
  work?(role: Role, work: QueueWork, ports: InstancePorts): QueueWork;
  splitters?(splitters: readonly Splitter[]): readonly Splitter[];
}

export interface RunningInstance<W> {
  readonly instance: Instance;
  readonly work: W;
  readonly meter: Meter;
}

type MeteredPorts = InstancePorts & { readonly meter: Meter };

/** Dead letters that one invocation reads in parallel. */
const PARALLEL_LETTERS = 4;

/** Probability that an item is slow enough for its chunk to report progress. */
const SLOW_ITEMS = 0.2;

/**
 * Limit of the time-up probability: a removal checks the time repeatedly, so a higher value would stall it.
 */
const MAX_DISPATCH_TIME_UP = 0.03;

/** Limit of the time-up probability: a sweep that always stops immediately would make no progress. */
const MAX_SWEEP_TIME_UP = 0.3;

/** Each queue with the function that reads it. */
export const ROLES_OF_QUEUES: readonly (readonly [QueueName, Role])[] = [
  ['split', 'split'],
  ['worker:first', 'first'],
  ['worker:second', 'second'],
  ['reports', 'track'],
  ['results', 'track'],
];

export class Functions {
  readonly #surroundings: Surroundings;
  readonly #wiring: Wiring;
  readonly #splitters: readonly Splitter[];
  #instances = 0;

  constructor(surroundings: Surroundings, wiring: Wiring) {
    this.#surroundings = surroundings;
    this.#wiring = wiring;
    const splitters = [
      range,
      items,
      stepResults,
      ...innerSplitters,
      ...treeSplitters(surroundings.watch.splitErrors),
    ];
    this.#splitters = wiring.splitters?.(splitters) ?? splitters;
  }

  /** Cold-starts an instance of the function. */
  queueFunction(role: Role): RunningInstance<QueueWork> {
    const { instance, ports } = this.instance(role);
    const meter = new Meter();
    const work = this.#queueWork(role, { ...ports, meter }, instance);
    return { instance, meter, work: this.#wiring.work?.(role, work, ports) ?? work };
  }

  dispatcher(): RunningInstance<StreamWork> {
    const { instance, ports } = this.instance('dispatch');
    const meter = new Meter();
    const dispatch = dispatchJobs({ ...ports, meter });
    const work: StreamWork = async (rows) => {
      for (const [position, row] of rows.entries()) {
        try {
          await dispatch(row, () => this.#isTimeUp(MAX_DISPATCH_TIME_UP));
        } catch (error) {
          ports.log.warn('follow-up failed', { error: String(error) });
          return position;
        }
      }
      return undefined;
    };
    return { instance, meter, work };
  }

  sweeper(): RunningInstance<SweepWork> {
    const { instance, ports } = this.instance('sweep');
    const meter = new Meter();
    const sweep = { ...ports, meter, random: this.#surroundings.world.random };
    return { instance, meter, work: () => sweepJobs(sweep, () => this.#isTimeUp(MAX_SWEEP_TIME_UP)) };
  }

  instance(role: Role): { instance: Instance; ports: InstancePorts } {
    const { watch, chance } = this.#surroundings;
    const { skewMillis } = watch.scenario;
    this.#instances += 1;
    const instance = new Instance(`${role}#${this.#instances}`, chance.between(-skewMillis, skewMillis));
    const ports = instancePorts(this.#surroundings, instance);
    return { instance, ports: this.#wiring.ports?.(role, ports) ?? ports };
  }

  readonly #isTimeUp = (maxProbability = 1): boolean =>
    this.#surroundings.chance.is(
      Math.min(maxProbability, this.#surroundings.watch.scenario.timeUpProbability),
    );

  #queueWork(role: Role, ports: MeteredPorts, instance: Instance): QueueWork {
    switch (role) {
      case 'split':
        return this.#splitWork(ports);
      case 'track': {
        const track = trackResults({
          ...ports,
          ...this.#settings(ports),
          random: this.#surroundings.world.random,
          fullBatch: this.#surroundings.watch.scenario.batchSizes.results,
        });
        return (messages) =>
          track(
            messages.map(({ id, body, queue }) => ({
              id,
              body,
              origin: queue === 'results' ? 'service' : 'workers',
            })),
          );
      }
      case 'deadLetters':
        return deadLetterWork({ ...ports, random: this.#surroundings.world.random });
      default:
        return this.#workerWork(role === 'first' ? 'first' : 'second', ports, instance);
    }
  }

  #settings({ objects }: MeteredPorts) {
    const { maxItems, statusCacheMillis } = this.#surroundings.watch.scenario;
    return { maxItems, statusCacheMillis, ...readingPorts(objects) };
  }

  #splitWork(ports: MeteredPorts): QueueWork {
    const requests = new SplitRequests(ports);
    const enter = enterStep(ports, requests);
    const split = splitBatch(
      {
        ...ports,
        ...this.#settings(ports),
        random: this.#surroundings.world.random,
        web: this.#surroundings.world.web,
        splitters: this.#splitters,
      },
      requests,
    );
    const work = splitMessages(ports, { enter, split });
    return (messages) => work(messages, () => this.#isTimeUp());
  }

  #workerWork(name: 'first' | 'second', ports: MeteredPorts, instance: Instance): QueueWork {
    const { stage, watch, world, chance } = this.#surroundings;
    let signal = new AbortController();
    const hooks: WorkerHooks = {
      started: (item, context) =>
        watch.checkItemStart(instance.assignment, context, item.id, context.parameters.flow?.step),
      async work() {
        await stage.call(instance, TIME_PASSES, async () => {
          if (chance.is(SLOW_ITEMS)) stage.letTimePass(UPDATE_INTERVAL_MILLIS);
        });
        if (chance.is(watch.scenario.timeUpProbability / 4)) signal.abort(new Error('the time is up'));
      },
      crash: () => stage.crash(instance),
    };
    const worker = letterWorker(name, hooks, watch.scenario.itemsPerCall);
    const run = runInvocation(worker, {
      ...ports,
      ...this.#settings(ports),
      random: world.random,
      web: world.web,
      readStatus: (job) => readStatus(ports.table, job, { strong: true }),
    });
    return (messages) => {
      signal = new AbortController();
      return run(messages, signal.signal);
    };
  }
}

function deadLetterWork(ports: MeteredPorts & { readonly random: Random }): QueueWork {
  const readDeadLetter = readDeadLetters(ports);
  return eachMessage(ports, ({ body, queue }) => readDeadLetter({ body, origin: originOfLetter(queue) }));
}

function originOfLetter(queue: QueueName): LetterOrigin {
  if (queue === 'split' || queue === 'results' || queue === 'reports') return { queue };
  return { queue: 'worker', worker: queue.slice('worker:'.length) };
}

/**
 * Redelivers the messages that throw and completes the others, as the handler of the dead-letter reader does.
 */
function eachMessage(ports: InstancePorts, work: (message: Received) => Promise<void>): QueueWork {
  return async (messages) => {
    const failed = new Set<string>();
    await mapParallel(messages, PARALLEL_LETTERS, async (message) => {
      try {
        await work(message);
      } catch (error) {
        ports.log.warn('message failed', { error: String(error) });
        failed.add(message.id);
      }
    });
    return { failed };
  };
}
