/**
 * An execution of a state machine that pauses before each message. It continues automatically through the states that
 * only change their data. The caller decides when a message is sent.
 */
import {
  choiceOf,
  fillTemplate,
  type Json,
  outputOfPass,
  ruleFor,
  StateError,
  withResult,
} from './states.ts';

type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

/** A state that sends, and what it sends. */
export interface Sending {
  readonly queue: string;
  readonly body: unknown;
  readonly group: string;
}

/** A state of type Task that was entered: it has its message to send, or waits for the answer to it. */
export interface Task {
  readonly execution: Execution;
  readonly state: string;
  readonly phase: 'ready' | 'sending' | 'waiting';
  /** When it may send, or when its heartbeat is missed: milliseconds since 1970. */
  readonly dueAt: number;
}

/** The flow itself, or a branch of a state of type Parallel. */
interface Branch {
  readonly states: Json;
  readonly parent: Branch | undefined;
  at: string;
  data: Json;
  task: OpenTask | undefined;
  /** Present while the current state has branches. */
  branches: readonly Branch[];
  isFinal: boolean;
}

interface OpenTask extends Task {
  readonly branch: Branch;
  phase: Task['phase'];
  dueAt: number;
  token: string | undefined;
  /** Number of retries; `retriesOf` counts them for each retry rule. */
  retries: number;
  readonly retriesOf: Map<Json, number>;
}

const WAITS = '.waitForTaskToken';

export class Execution {
  readonly machine: string;
  readonly name: string;
  readonly input: Json;
  status: Status = 'RUNNING';
  /** States entered, each retry too, which is what Step Functions bills. */
  readonly enteredStates: string[] = [];
  readonly #flow: Branch;
  readonly #now: () => number;

  constructor(machine: string, name: string, start: { definition: Json; input: Json; now: () => number }) {
    const { definition, input, now } = start;
    this.machine = machine;
    this.name = name;
    this.input = input;
    this.#now = now;
    this.#flow = branchOf(definition, undefined, input);
    this.#enter(this.#flow, definition.StartAt);
  }

  /** Tasks that send or wait, in the order of their branches. */
  tasks(): Task[] {
    return this.status === 'RUNNING' ? openTasks(this.#flow) : [];
  }

  stop(): void {
    if (this.status === 'RUNNING') this.status = 'ABORTED';
  }

  /** Returns the message of the task. The receiver completes the task with this token. */
  begin(task: Task, token: string): Sending {
    const openTask = this.#open(task);
    const { branch } = openTask;
    const state = branch.states[branch.at];
    const context = { Task: { Token: token }, State: { RetryCount: openTask.retries } };
    const { QueueUrl, MessageBody, MessageGroupId } = fillTemplate(state.Parameters, branch.data, context);
    openTask.phase = 'sending';
    openTask.token = token;
    return { queue: QueueUrl, body: MessageBody, group: MessageGroupId };
  }

  /** The message is taken; an answer may have come before that. */
  markSent(task: Task): void {
    const openTask = this.#ifOpen(task);
    if (openTask?.phase !== 'sending') return;
    const state = openTask.branch.states[openTask.branch.at];
    if (!state.Resource.endsWith(WAITS)) {
      this.#end(openTask, {});
      return;
    }
    openTask.phase = 'waiting';
    openTask.dueAt = this.#now() + 1_000 * state.HeartbeatSeconds;
  }

  /** The task whose answer this token asks for. */
  waitingFor(token: string): Task | undefined {
    return this.tasks().find((task) => task.phase !== 'ready' && (task as OpenTask).token === token);
  }

  succeed(task: Task, output: Json): void {
    const openTask = this.#ifOpen(task);
    if (openTask !== undefined) this.#end(openTask, output);
  }

  /** Retries the task as its rules allow. Otherwise fails its state. */
  fail(task: Task, error: StateError): void {
    const openTask = this.#ifOpen(task);
    if (openTask === undefined) return;
    const { branch } = openTask;
    const rule = ruleFor(branch.states[branch.at].Retry, error.code);
    const retries = openTask.retriesOf.get(rule) ?? 0;
    if (rule === undefined || retries >= rule.MaxAttempts) {
      this.#fail(branch, error);
      return;
    }
    openTask.retriesOf.set(rule, retries + 1);
    openTask.retries += 1;
    this.enteredStates.push(branch.at);
    openTask.phase = 'ready';
    openTask.token = undefined;
    openTask.dueAt = this.#now() + 1_000 * rule.IntervalSeconds * rule.BackoffRate ** retries;
  }

  #ifOpen(task: Task): OpenTask | undefined {
    return this.tasks().includes(task) ? (task as OpenTask) : undefined;
  }

  #open(task: Task): OpenTask {
    const openTask = this.#ifOpen(task);
    if (openTask === undefined) throw new Error(`'${task.state}' of ${this.name} has ended`);
    return openTask;
  }

  #end({ branch }: OpenTask, output: Json): void {
    const state = branch.states[branch.at];
    branch.data = withResult(branch.data, state.ResultPath, output);
    this.#enter(branch, nextOf(state));
  }

  /** Moves from state to state until a state sends, branches or ends the branch. */
  #enter(branch: Branch, first: string | undefined): void {
    branch.task = undefined;
    for (let name = first; name !== undefined; ) {
      const state = branch.states[name];
      branch.at = name;
      this.enteredStates.push(name);
      try {
        switch (state?.Type) {
          case 'Pass':
            branch.data = outputOfPass(state, branch.data);
            name = nextOf(state);
            break;
          case 'Choice':
            name = choiceOf(state, branch.data);
            break;
          case 'Succeed':
            name = undefined;
            break;
          case 'Task':
            branch.task = this.#taskOf(branch);
            return;
          case 'Parallel':
            this.#fork(branch, state);
            return;
          case 'Fail':
            throw new StateError(state.Error, state.Cause);
          default:
            throw new StateError('States.Runtime', `no state '${name}'`);
        }
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        this.#fail(branch, error);
        return;
      }
    }
    this.#leave(branch);
  }

  #taskOf(branch: Branch): OpenTask {
    const newTask = { phase: 'ready', token: undefined, retries: 0, retriesOf: new Map() } as const;
    return { ...newTask, execution: this, state: branch.at, branch, dueAt: this.#now() };
  }

  #fork(parent: Branch, state: Json): void {
    parent.branches = state.Branches.map((definition: Json) =>
      branchOf(definition, parent, structuredClone(parent.data)),
    );
    for (const [position, branch] of parent.branches.entries()) {
      // A branch that fails immediately cancels the others.
      if (parent.branches[position] !== branch) return;
      this.#enter(branch, state.Branches[position].StartAt);
    }
  }

  /** Ends a branch. After the last branch, the parent continues with the results of all branches. */
  #leave(branch: Branch): void {
    branch.isFinal = true;
    const { parent } = branch;
    if (parent === undefined) {
      if (this.status === 'RUNNING') this.status = 'SUCCEEDED';
      return;
    }
    if (!parent.branches.every(({ isFinal }) => isFinal)) return;
    const state = parent.states[parent.at];
    const results = parent.branches.map(({ data }) => data);
    parent.branches = [];
    parent.data = withResult(parent.data, state.ResultPath, fillTemplate(state.ResultSelector, results, {}));
    this.#enter(parent, nextOf(state));
  }

  /** Fails a branch. A failed branch also ends the other branches. */
  #fail(branch: Branch, error: StateError): void {
    branch.task = undefined;
    branch.branches = [];
    const catcher = ruleFor(branch.states[branch.at]?.Catch, error.code);
    if (catcher !== undefined) {
      const errorOutput = { Error: error.code, Cause: error.message };
      branch.data = withResult(branch.data, catcher.ResultPath, errorOutput);
      this.#enter(branch, catcher.Next);
      return;
    }
    branch.isFinal = true;
    if (branch.parent !== undefined) this.#fail(branch.parent, error);
    else if (this.status === 'RUNNING') this.status = 'FAILED';
  }
}

function branchOf({ States: states }: Json, parent: Branch | undefined, data: Json): Branch {
  return { states, parent, at: '', data, task: undefined, branches: [], isFinal: false };
}

function nextOf({ End: isEnd, Next: next }: Json): string | undefined {
  return isEnd === true ? undefined : next;
}

function openTasks({ task, branches }: Branch): OpenTask[] {
  return [...(task === undefined ? [] : [task]), ...branches.flatMap(openTasks)];
}
