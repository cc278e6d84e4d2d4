import { setImmediate } from 'node:timers/promises';
import type { QueueName, Queues, StateMachines } from '#core/ports.ts';

// biome-ignore lint/suspicious/noExplicitAny: definitions and data of an execution are JSON of any form
type Json = any;

class StateError extends Error {
  readonly code: string;

  constructor(code: string, cause: string) {
    super(cause);
    this.code = code;
  }
}

interface Waiting {
  readonly execution: Execution;
  readonly resolve: (output: Json) => void;
  readonly reject: (error: StateError) => void;
}

export interface Execution {
  readonly machine: string;
  readonly name: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  /** States entered, each retry too, which is what Step Functions bills. */
  readonly entered: string[];
}

/** Runs definitions in the Amazon States Language, as much of it as templates compile to; a queue's address is its name. */
export class MemoryStateMachines implements StateMachines {
  readonly executions = new Map<string, Execution>();
  readonly #machines = new Map<string, Json>();
  readonly #versions = new Map<string, number>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #queues: Queues;
  #tokens = 0;

  constructor(queues: Queues) {
    this.#queues = queues;
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

  /** As the stack does it: the machine of a template that comes with it. */
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
    const execution: Execution = { machine, name, status: 'RUNNING', entered: [] };
    this.executions.set(name, execution);
    const running = this.#run(execution, definition, JSON.parse(JSON.stringify(input)));
    running.then(
      () => this.#end(execution, 'SUCCEEDED'),
      () => this.#end(execution, 'FAILED'),
    );
    await setImmediate();
    return 'started';
  }

  async stop(_machine: string, name: string): Promise<void> {
    const execution = this.executions.get(name);
    if (execution !== undefined) this.#end(execution, 'ABORTED');
  }

  async succeed(token: string, output: unknown): Promise<'answered' | 'gone'> {
    return this.#answer(token, ({ resolve }) => resolve(JSON.parse(JSON.stringify(output))));
  }

  async fail(token: string, error: string, cause: string): Promise<'answered' | 'gone'> {
    return this.#answer(token, ({ reject }) => reject(new StateError(error, cause)));
  }

  /** What Step Functions does to a task of which it hears nothing: it is tried again, with a new token. */
  async loseHeartbeats(): Promise<void> {
    for (const { reject } of [...this.#waiting.values()]) {
      reject(new StateError('States.HeartbeatTimeout', ''));
    }
    await setImmediate();
  }

  #end(execution: Execution, status: Execution['status']): void {
    if (execution.status !== 'RUNNING') return;
    execution.status = status;
    for (const [token, waiting] of this.#waiting)
      if (waiting.execution === execution) this.#waiting.delete(token);
  }

  async #answer(token: string, how: (waiting: Waiting) => void): Promise<'answered' | 'gone'> {
    const waiting = this.#waiting.get(token);
    if (waiting === undefined) return 'gone';
    this.#waiting.delete(token);
    how(waiting);
    await setImmediate();
    return 'answered';
  }

  async #run(execution: Execution, { States: states, StartAt: startAt }: Json, input: Json): Promise<Json> {
    let data = input;
    for (let name: string | undefined = startAt; name !== undefined; ) {
      const state: Json = states[name];
      if (state === undefined) throw new StateError('States.Runtime', `no state '${name}'`);
      if (execution.status !== 'RUNNING') return new Promise(() => undefined);
      execution.entered.push(name);
      try {
        const { output, next }: { output: Json; next: string | undefined } = await this.#enter(
          execution,
          { ...state, name },
          data,
        );
        data = output;
        name = next;
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        const catcher = state.Catch?.find(({ ErrorEquals }: Json) => matches(ErrorEquals, error.code));
        if (catcher === undefined) throw error;
        data = placed(data, catcher.ResultPath, { Error: error.code, Cause: error.message });
        name = catcher.Next;
      }
    }
    return data;
  }

  async #enter(
    execution: Execution,
    state: Json,
    data: Json,
  ): Promise<{ output: Json; next: string | undefined }> {
    const next = state.End === true ? undefined : state.Next;
    switch (state.Type) {
      case 'Pass': {
        const result = state.Result ?? filled(state.Parameters, data, {}) ?? data;
        return { output: placed(data, state.ResultPath, result), next };
      }
      case 'Choice': {
        const rule = state.Choices.find((choice: Json) => holds(choice, data));
        return { output: data, next: rule?.Next ?? state.Default };
      }
      case 'Task':
        return { output: placed(data, state.ResultPath, await this.#task(execution, state, data)), next };
      case 'Parallel': {
        const results = await Promise.all(
          state.Branches.map((branch: Json) => this.#run(execution, branch, structuredClone(data))),
        );
        return { output: placed(data, state.ResultPath, filled(state.ResultSelector, results, {})), next };
      }
      case 'Succeed':
        return { output: data, next: undefined };
      default:
        throw new StateError(state.Error, state.Cause);
    }
  }

  /** With its retries; those that wait do not wait here. */
  async #task(execution: Execution, state: Json, data: Json): Promise<Json> {
    for (let retries = 0; ; retries += 1) {
      if (retries > 0) execution.entered.push(state.name);
      this.#tokens += 1;
      const token = `token-${this.#tokens}`;
      const context = { Task: { Token: token }, State: { RetryCount: retries } };
      const {
        QueueUrl: queue,
        MessageBody: body,
        MessageGroupId: group,
      } = filled(state.Parameters, data, context);
      try {
        const isWaiting = state.Resource.endsWith('.waitForTaskToken');
        const answer = isWaiting
          ? new Promise<Json>((resolve, reject) => this.#waiting.set(token, { execution, resolve, reject }))
          : Promise.resolve({});
        await this.#queues.send(queue as QueueName, [{ body: JSON.stringify(body), group }]);
        return await answer;
      } catch (error) {
        this.#waiting.delete(token);
        const code = error instanceof StateError ? error.code : 'SQS.SdkClientException';
        const retrier = state.Retry?.find(({ ErrorEquals }: Json) => matches(ErrorEquals, code));
        if (retrier === undefined || retries >= retrier.MaxAttempts) {
          throw error instanceof StateError ? error : new StateError(code, String(error));
        }
      }
    }
  }
}

function matches(errors: readonly string[], code: string): boolean {
  return (
    errors.includes(code) ||
    errors.includes('States.ALL') ||
    (errors.includes('States.TaskFailed') && code !== 'States.Timeout' && code !== 'States.HeartbeatTimeout')
  );
}

function holds({ Variable, StringEquals, NumericGreaterThanEquals }: Json, data: Json): boolean {
  const value = found(Variable, data, {});
  return StringEquals === undefined ? value >= NumericGreaterThanEquals : value === StringEquals;
}

/** A payload template: members whose name ends in `.$` are paths. */
function filled(template: Json, data: Json, context: Json): Json {
  if (Array.isArray(template)) return template.map((element) => filled(element, data, context));
  if (typeof template !== 'object' || template === null) return template;
  const members = Object.entries(template).map(([name, value]) =>
    name.endsWith('.$')
      ? [name.slice(0, -2), found(value as string, data, context)]
      : [name, filled(value, data, context)],
  );
  return Object.fromEntries(members);
}

/** A path that is not there is an error, as in Step Functions. */
function found(path: string, data: Json, context: Json): Json {
  const call = /^States\.(\w+)\((.*)\)$/.exec(path);
  if (call !== null) {
    const values = (call[2] ?? '').split(',').map((argument) => {
      const text = argument.trim();
      return text.startsWith('$') ? found(text, data, context) : JSON.parse(text);
    });
    return call[1] === 'Array' ? values : values[0] + values[1];
  }
  let value = path.startsWith('$$') ? context : data;
  for (const [, name] of path.matchAll(/[.[](\w+)\]?/g)) {
    if (value?.[name as string] === undefined) throw new StateError('States.Runtime', `nothing at ${path}`);
    value = value[name as string];
  }
  return value;
}

function placed(data: Json, path: string | null | undefined, result: Json): Json {
  if (path === null) return data;
  if (path === undefined || path === '$') return result;
  const output = structuredClone(data);
  const names = path.slice(2).split('.');
  const last = names.pop() ?? '';
  let at = output;
  for (const name of names) {
    at[name] ??= {};
    at = at[name];
  }
  at[last] = result;
  return output;
}
