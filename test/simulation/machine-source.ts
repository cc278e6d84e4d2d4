/**
 * Step Functions in the simulator. Each message of a state is one step of the schedule, with or without
 * faults.
 */
import type { FlowMessage, StepMessage } from '#contract/messages.ts';
import type { JobRun } from '#core/job.ts';
import type { Execution, Task } from '../support/memory/execution.ts';
import type { Delivery } from '../support/memory/state-machines.ts';
import type { Surroundings } from './ports.ts';
import { HORIZON_MILLIS } from './sweep-source.ts';

export class MachineSource {
  readonly #surroundings: Surroundings;
  /** States with one failed send. A second failure would end the flow. */
  readonly #failedTasks = new WeakSet<Task>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Makes one state send its message or miss its heartbeat. Returns false if no state is due. */
  start(): boolean {
    const { world, chance, faults } = this.#surroundings;
    const tasks = world.machines.tasks();
    if (tasks.length === 0) return false;
    const waitingTasks = tasks.filter(({ phase }) => phase === 'waiting');
    if (waitingTasks.length > 0 && faults.is('silence')) {
      this.#loseHeartbeat(chance.pick(waitingTasks));
      return true;
    }
    const dueTasks = tasks.filter((task) => this.#dueAt(task) <= world.clock.now());
    if (dueTasks.length === 0) return false;
    const task = chance.pick(dueTasks);
    if (task.phase === 'waiting') this.#loseHeartbeat(task);
    else this.#send(task);
    return true;
  }

  nextDue(): number | undefined {
    const { machines, clock } = this.#surroundings.world;
    const times = machines.tasks().map((task) => this.#dueAt(task));
    const first = Math.min(...times);
    return first - clock.now() < HORIZON_MILLIS ? first : undefined;
  }

  /**
   * Returns when the task is due. While the job waits for a user, a missed heartbeat is not due: it would
   * repeat forever.
   */
  #dueAt({ phase, execution, dueAt }: Task): number {
    if (phase === 'ready') return dueAt;
    const run = execution.input as JobRun;
    const { job } = this.#surroundings.watch.chronicle.current(run);
    const isAwaited = job?.status === 'Active' && job.runNumber === run.runNumber;
    return isAwaited ? dueAt : Number.POSITIVE_INFINITY;
  }

  #loseHeartbeat(task: Task): void {
    const { world, trace } = this.#surroundings;
    trace.note(world.clock.now(), nameOf(task.execution), `missed the heartbeat of '${task.state}'`);
    world.machines.loseHeartbeat(task);
  }

  #send(task: Task): void {
    const { world, watch, trace } = this.#surroundings;
    const delivery = this.#delivery(task);
    trace.note(world.clock.now(), nameOf(task.execution), `'${task.state}' ${delivery}`);
    void world.machines.send(task, delivery).then(({ queue, body }) => {
      trace.lines?.push(`      ${queue} ← ${JSON.stringify(body)}`);
      if (delivery !== 'refused') watch.recordMachineMessage(body as StepMessage | FlowMessage);
    });
  }

  #delivery(task: Task): Delivery {
    const { faults, chance } = this.#surroundings;
    if (this.#failedTasks.has(task) || !faults.is('stateSendFails')) return 'taken';
    this.#failedTasks.add(task);
    return chance.pick(['refused', 'takenUnheard']);
  }
}

function nameOf({ name }: Execution): string {
  return `machine#${name.slice(0, 6)}`;
}
