import type { QueueName } from '#core/ports.ts';
import type { AnyQueueName, ReceivedMessage } from '../support/memory/queues.ts';
import type { Functions, QueueWork, Role, RunningInstance } from './functions.ts';
import type { Surroundings } from './ports.ts';
import type { Instance } from './stage.ts';

export interface QueueSourceOptions {
  readonly queue: AnyQueueName;
  readonly role: Role;
  readonly batchSize: number;
  /** Concurrent instances. An element is undefined until its first cold start. */
  readonly instances: (RunningInstance<QueueWork> | undefined)[];
}

/** Separator in the group of a duplicate. The id of the original message follows it. */
const COPY_OF = ' copy of ';

/** Simulates the Lambda poller of a queue: receives, invokes, and deletes messages that did not fail. */
export class QueueSource {
  readonly #surroundings: Surroundings;
  readonly #functions: Functions;
  readonly #options: QueueSourceOptions;
  /** Maps the id of a message in flight to its newest receipt. */
  readonly #receipts = new Map<string, string>();
  /** Messages of each running invocation. */
  readonly #running = new Map<Instance, readonly ReceivedMessage[]>();

  constructor(surroundings: Surroundings, functions: Functions, options: QueueSourceOptions) {
    this.#surroundings = surroundings;
    this.#functions = functions;
    this.#options = options;
  }

  /** Begins an invocation if messages and an instance are available. Returns true if something happened. */
  start(): boolean {
    const { queue, role, instances } = this.#options;
    const { stage, faults, trace } = this.#surroundings;
    const position = this.#freePosition();
    if (position === undefined) return false;
    const messages = this.#receive();
    if (messages.length === 0) return false;
    if (faults.is('receiveLost')) {
      trace.note(0, queue, `${messages.length} received, but the reply is lost`);
      return true;
    }
    const warmInstance = instances[position];
    const instanceToRun =
      warmInstance?.instance.isDead === false ? warmInstance : this.#functions.queueFunction(role);
    instances[position] = instanceToRun;
    this.#assign(instanceToRun, messages);
    trace.note(0, instanceToRun.instance.name, `← ${queue} ${messages.map(({ id }) => id).join(' ')}`);
    const from = queue.replace('dead:', '') as QueueName;
    const receivedMessages = messages.map((message) => ({ ...message, id: sentId(message), queue: from }));
    this.#running.set(instanceToRun.instance, messages);
    stage.begin(instanceToRun.instance, {
      run: () => instanceToRun.work(receivedMessages),
      onResult: ({ failed }) => {
        this.#running.delete(instanceToRun.instance);
        this.#settle(messages, failed);
      },
      onError: () => {
        this.#running.delete(instanceToRun.instance);
        trace.note(0, instanceToRun.instance.name, 'threw');
      },
    });
    return true;
  }

  /** Renews the leases of all invocations, except those of crashed or stalled instances. */
  renewLeases(): void {
    const { world } = this.#surroundings;
    for (const [instance, messages] of this.#running) {
      if (instance.isDead) this.#running.delete(instance);
      if (instance.isDead || instance.pausedUntil > world.clock.now()) continue;
      for (const { receipt } of messages) world.queues.renew(this.#options.queue, receipt);
    }
  }

  #freePosition(): number | undefined {
    const { instances } = this.#options;
    const freePositions = instances.flatMap((running, position) =>
      running?.instance.isBusy === true ? [] : [position],
    );
    return freePositions.length === 0 ? undefined : this.#surroundings.chance.pick(freePositions);
  }

  #receive(): ReceivedMessage[] {
    const { queue, batchSize } = this.#options;
    const { world, chance, faults } = this.#surroundings;
    const messages = world.queues.receive(queue, batchSize, (visible) => chance.below(visible));
    for (const message of messages) {
      this.#receipts.set(message.id, message.receipt);
      if (faults.is('duplicate')) this.#duplicate(message);
    }
    return messages;
  }

  /** SQS may deliver a message again, even after its deletion. The copy has the same id. */
  #duplicate(message: ReceivedMessage): void {
    const { queue } = this.#options;
    const { world, chance, watch } = this.#surroundings;
    const group = `${message.group.split(COPY_OF)[0]}${COPY_OF}${sentId(message)}`;
    const copy = { body: message.body, group, delaySeconds: chance.pick(watch.scenario.duplicateSeconds) };
    void world.queues.send(queue as QueueName, [copy]);
  }

  #settle(messages: readonly ReceivedMessage[], failed: ReadonlySet<string>): void {
    const { queue } = this.#options;
    const { world, faults, chance, trace } = this.#surroundings;
    if (faults.is('responseLost')) {
      trace.note(0, queue, 'the response is lost');
      return;
    }
    for (const message of messages) {
      const { id, receipt } = message;
      if (failed.has(sentId(message))) {
        trace.note(0, queue, `${id} is redelivered`);
        if (chance.is(0.5)) world.queues.release(queue, receipt);
        continue;
      }
      const isDeleted = world.queues.acknowledge(queue, receipt);
      const currentReceipt = this.#receipts.get(id);
      if (!isDeleted && currentReceipt !== undefined && faults.is('lateDelete')) {
        world.queues.acknowledge(queue, currentReceipt);
        trace.note(0, queue, `${id} is deleted while its reader runs`);
      }
    }
  }

  /** The tracker also writes progress of jobs from earlier invocations. The others know only their messages. */
  #assign({ instance, meter }: RunningInstance<QueueWork>, messages: readonly ReceivedMessage[]): void {
    const keeps = this.#options.role === 'track' || instance.hasPendingWork;
    const jobs = new Set<string>(keeps ? instance.assignment.jobs : []);
    for (const { body, receiveCount } of messages) {
      const message = this.#surroundings.watch.message(body);
      if (message.kind === undefined) continue;
      if (receiveCount > 1) this.#surroundings.watch.truthOf(message).wasRedelivered = true;
      const { partition, job, runNumber } = message;
      meter.count({ partition, job }, { invocations: 1 / messages.length });
      this.#surroundings.watch.addInvocations({ partition, job }, 1 / messages.length);
      jobs.add(`${partition}/${job}`);
      jobs.add(`${partition}/${job}/${runNumber}`);
    }
    instance.assignment = { name: instance.name, jobs };
  }
}

/** Returns the message id that the functions see: a duplicate has the id of its original. */
function sentId({ id, group }: ReceivedMessage): string {
  return group.split(COPY_OF)[1] ?? id;
}
