/**
 * An execution of a state machine that pauses before each message. It continues automatically through the states that
 * only change their data. The caller decides when a message is sent.
 */
import { chosen, filled, type Json, passed, placed, ruleFor, StateError } from './states.ts';

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
interface Line {
  readonly states: Json;
  readonly parent: Line | undefined;
  at: string;
  data: Json;
  task: OpenTask | undefined;
  /** Present while the current state has branches. */
  branches: readonly Line[];
  isOver: boolean;
}

interface OpenTask extends Task {
  readonly line: Line;
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
  readonly entered: string[] = [];
  readonly #flow: Line;
  readonly #now: () => number;

  constructor(machine: string, name: string, start: { definition: Json; input: Json; now: () => number }) {
    const { definition, input, now } = start;
    this.machine = machine;
    this.name = name;
    this.input = input;
    this.#now = now;
    this.#flow = lineOf(definition, undefined, input);
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
    const open = this.#open(task);
    const { line } = open;
    const state = line.states[line.at];
    const context = { Task: { Token: token }, State: { RetryCount: open.retries } };
    const { QueueUrl, MessageBody, MessageGroupId } = filled(state.Parameters, line.data, context);
    open.phase = 'sending';
    open.token = token;
    return { queue: QueueUrl, body: MessageBody, group: MessageGroupId };
  }

  /** The message is taken; an answer may have come before that. */
  sent(task: Task): void {
    const open = this.#ifOpen(task);
    if (open?.phase !== 'sending') return;
    const state = open.line.states[open.line.at];
    if (!state.Resource.endsWith(WAITS)) {
      this.#end(open, {});
      return;
    }
    open.phase = 'waiting';
    open.dueAt = this.#now() + 1_000 * state.HeartbeatSeconds;
  }

  /** The task whose answer this token asks for. */
  waitingFor(token: string): Task | undefined {
    return this.tasks().find((task) => task.phase !== 'ready' && (task as OpenTask).token === token);
  }

  succeed(task: Task, output: Json): void {
    const open = this.#ifOpen(task);
    if (open !== undefined) this.#end(open, output);
  }

  /** The task is tried again, as often as its rules say; else its state has failed. */
  fail(task: Task, error: StateError): void {
    const open = this.#ifOpen(task);
    if (open === undefined) return;
    const { line } = open;
    const rule = ruleFor(line.states[line.at].Retry, error.code);
    const retries = open.retriesOf.get(rule) ?? 0;
    if (rule === undefined || retries >= rule.MaxAttempts) {
      this.#fail(line, error);
      return;
    }
    open.retriesOf.set(rule, retries + 1);
    open.retries += 1;
    this.entered.push(line.at);
    open.phase = 'ready';
    open.token = undefined;
    open.dueAt = this.#now() + 1_000 * rule.IntervalSeconds * rule.BackoffRate ** retries;
  }

  #ifOpen(task: Task): OpenTask | undefined {
    return this.tasks().includes(task) ? (task as OpenTask) : undefined;
  }

  #open(task: Task): OpenTask {
    const open = this.#ifOpen(task);
    if (open === undefined) throw new Error(`'${task.state}' of ${this.name} has ended`);
    return open;
  }

  #end({ line }: OpenTask, output: Json): void {
    const state = line.states[line.at];
    line.data = placed(line.data, state.ResultPath, output);
    this.#enter(line, nextOf(state));
  }

  /** Moves from state to state until a state sends, branches or ends the line. */
  #enter(line: Line, first: string | undefined): void {
    line.task = undefined;
    for (let name = first; name !== undefined; ) {
      const state = line.states[name];
      line.at = name;
      this.entered.push(name);
      try {
        switch (state?.Type) {
          case 'Pass':
            line.data = passed(state, line.data);
            name = nextOf(state);
            break;
          case 'Choice':
            name = chosen(state, line.data);
            break;
          case 'Succeed':
            name = undefined;
            break;
          case 'Task':
            line.task = this.#taskOf(line);
            return;
          case 'Parallel':
            this.#fork(line, state);
            return;
          case 'Fail':
            throw new StateError(state.Error, state.Cause);
          default:
            throw new StateError('States.Runtime', `no state '${name}'`);
        }
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        this.#fail(line, error);
        return;
      }
    }
    this.#leave(line);
  }

  #taskOf(line: Line): OpenTask {
    const fresh = { phase: 'ready', token: undefined, retries: 0, retriesOf: new Map() } as const;
    return { ...fresh, execution: this, state: line.at, line, dueAt: this.#now() };
  }

  #fork(line: Line, state: Json): void {
    line.branches = state.Branches.map((branch: Json) => lineOf(branch, line, structuredClone(line.data)));
    for (const [position, branch] of line.branches.entries()) {
      // A branch that fails immediately cancels the others.
      if (line.branches[position] !== branch) return;
      this.#enter(branch, state.Branches[position].StartAt);
    }
  }

  /** Ends a line. After the last branch, the parent continues with the results of all branches. */
  #leave(line: Line): void {
    line.isOver = true;
    const { parent } = line;
    if (parent === undefined) {
      if (this.status === 'RUNNING') this.status = 'SUCCEEDED';
      return;
    }
    if (!parent.branches.every(({ isOver }) => isOver)) return;
    const state = parent.states[parent.at];
    const results = parent.branches.map(({ data }) => data);
    parent.branches = [];
    parent.data = placed(parent.data, state.ResultPath, filled(state.ResultSelector, results, {}));
    this.#enter(parent, nextOf(state));
  }

  /** A branch that fails ends the other ones, too. */
  #fail(line: Line, error: StateError): void {
    line.task = undefined;
    line.branches = [];
    const catcher = ruleFor(line.states[line.at]?.Catch, error.code);
    if (catcher !== undefined) {
      const told = { Error: error.code, Cause: error.message };
      line.data = placed(line.data, catcher.ResultPath, told);
      this.#enter(line, catcher.Next);
      return;
    }
    line.isOver = true;
    if (line.parent !== undefined) this.#fail(line.parent, error);
    else if (this.status === 'RUNNING') this.status = 'FAILED';
  }
}

function lineOf({ States: states }: Json, parent: Line | undefined, data: Json): Line {
  return { states, parent, at: '', data, task: undefined, branches: [], isOver: false };
}

function nextOf({ End: isEnd, Next: next }: Json): string | undefined {
  return isEnd === true ? undefined : next;
}

function openTasks({ task, branches }: Line): OpenTask[] {
  return [...(task === undefined ? [] : [task]), ...branches.flatMap(openTasks)];
}
