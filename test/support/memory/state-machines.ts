import type { Clock, QueueName, Queues, StateMachines } from '#core/ports.ts';
import { Execution, type Sending, type Task } from './execution.ts';
import { type Json, StateError } from './states.ts';

/** Delivery of a state's message to its queue. The last two appear to the state as an error. */
export type Delivery = 'taken' | 'refused' | 'takenUnheard';

export interface StateMachinesOptions {
  /** True if the test sends each message. Otherwise messages are sent at once, without delays between retries. */
  readonly isStepwise?: boolean;
}

const SEND_FAILED = 'SQS.SdkClientException';

/** Runs definitions in the Amazon States Language, as much of it as templates compile to; a queue's address is its name. */
export class MemoryStateMachines implements StateMachines {
  readonly executions = new Map<string, Execution>();
  readonly #machines = new Map<string, Json>();
  readonly #versions = new Map<string, number>();
  readonly #queues: Queues;
  readonly #clock: Clock;
  readonly #isStepwise: boolean;
  #tokens = 0;

  constructor(queues: Queues, clock: Clock, { isStepwise = false }: StateMachinesOptions = {}) {
    this.#queues = queues;
    this.#clock = clock;
    this.#isStepwise = isStepwise;
  }

  addressOf(name: string): string {
    return `machine:${name}`;
  }

  async publish(name: string, definition: unknown): Promise<string> {
    const version = (this.#versions.get(name) ?? 0) + 1;
    this.#versions.set(name, version);
    const address = `${this.addressOf(name)}:${version}`;
    this.#machines.set(address, JSON.parse(JSON.stringify(definition)));
    return address;
  }

  /** Deploys the machine of a shipped template, as the stack does. */
  deploy(name: string, definition: unknown): void {
    this.#machines.set(this.addressOf(name), JSON.parse(JSON.stringify(definition)));
  }

  definitionOf(machine: string): Json {
    return this.#machines.get(machine);
  }

  async start(machine: string, name: string, input: unknown): Promise<'started' | 'missing'> {
    const definition = this.#machines.get(machine);
    if (definition === undefined) return 'missing';
    if (this.executions.has(name)) return 'started';
    const options = { definition, input: JSON.parse(JSON.stringify(input)), now: () => this.#clock.now() };
    this.executions.set(name, new Execution(machine, name, options));
    await this.#runOn();
    return 'started';
  }

  async stop(_machine: string, name: string): Promise<void> {
    this.executions.get(name)?.stop();
  }

  async succeed(token: string, output: unknown): Promise<'delivered' | 'gone'> {
    const task = this.#waitingFor(token);
    if (task === undefined) return 'gone';
    task.execution.succeed(task, JSON.parse(JSON.stringify(output)));
    await this.#runOn();
    return 'delivered';
  }

  async fail(token: string, error: string, cause: string): Promise<'delivered' | 'gone'> {
    const task = this.#waitingFor(token);
    if (task === undefined) return 'gone';
    task.execution.fail(task, new StateError(error, cause));
    await this.#runOn();
    return 'delivered';
  }

  /** Fails all waiting tasks by a missed heartbeat, as Step Functions does. It retries them with new tokens. */
  async loseHeartbeats(): Promise<void> {
    for (const task of this.tasks()) if (task.phase === 'waiting') this.loseHeartbeat(task);
    await this.#runOn();
  }

  loseHeartbeat(task: Task): void {
    task.execution.fail(task, new StateError('States.HeartbeatTimeout', ''));
  }

  /** Tasks of all running executions. */
  tasks(): Task[] {
    return [...this.executions.values()].flatMap((execution) => execution.tasks());
  }

  /** Sends the message of the task and returns it. */
  async send(task: Task, delivery: Delivery = 'taken'): Promise<Sending> {
    this.#tokens += 1;
    const { execution } = task;
    const sending = execution.begin(task, `token-${this.#tokens}`);
    const { queue, body, group } = sending;
    try {
      if (delivery !== 'refused')
        await this.#queues.send(queue as QueueName, [{ body: JSON.stringify(body), group }]);
      if (delivery !== 'taken') throw new Error(delivery);
      execution.markSent(task);
    } catch (error) {
      execution.fail(task, new StateError(SEND_FAILED, String(error)));
    }
    return sending;
  }

  #waitingFor(token: string): Task | undefined {
    for (const execution of this.executions.values()) {
      const task = execution.waitingFor(token);
      if (task !== undefined) return task;
    }
    return undefined;
  }

  async #runOn(): Promise<void> {
    const next = () => this.tasks().find(({ phase }) => phase === 'ready');
    if (this.#isStepwise) return;
    for (let task = next(); task !== undefined; task = next()) await this.send(task);
  }
}
