/** Evaluates the part of the Amazon States Language that templates compile to. */

// biome-ignore lint/suspicious/noExplicitAny: definitions and data of an execution are JSON of any form
export type Json = any;

/** Error whose name selects the retries and catchers of a state. */
export class StateError extends Error {
  readonly code: string;

  constructor(code: string, cause: string) {
    super(cause);
    this.code = code;
  }
}

/** Returns the first rule of a `Retry` or `Catch` that matches the error name. */
export function ruleFor(rules: Json, code: string): Json | undefined {
  return rules?.find(({ ErrorEquals }: Json) => matches(ErrorEquals, code));
}

function matches(errors: readonly string[], code: string): boolean {
  return (
    errors.includes(code) ||
    errors.includes('States.ALL') ||
    (errors.includes('States.TaskFailed') && code !== 'States.Timeout' && code !== 'States.HeartbeatTimeout')
  );
}

/** Returns the output of a Pass state. */
export function outputOfPass(state: Json, data: Json): Json {
  return withResult(data, state.ResultPath, state.Result ?? fillTemplate(state.Parameters, data, {}) ?? data);
}

/** Returns the next state of a Choice state. */
export function choiceOf({ Choices: choices, Default: otherwise }: Json, data: Json): string {
  return choices.find((choice: Json) => holds(choice, data))?.Next ?? otherwise;
}

function holds({ Variable, StringEquals, NumericGreaterThanEquals }: Json, data: Json): boolean {
  const value = valueAt(Variable, data, {});
  return StringEquals === undefined ? value >= NumericGreaterThanEquals : value === StringEquals;
}

/** Returns the value of a payload template. Members whose name ends in `.$` are paths. */
export function fillTemplate(template: Json, data: Json, context: Json): Json {
  if (Array.isArray(template)) return template.map((element) => fillTemplate(element, data, context));
  if (typeof template !== 'object' || template === null) return template;
  const members = Object.entries(template).map(([name, value]) =>
    name.endsWith('.$')
      ? [name.slice(0, -2), valueAt(value as string, data, context)]
      : [name, fillTemplate(value, data, context)],
  );
  return Object.fromEntries(members);
}

/** Throws for a missing path, as Step Functions does. */
function valueAt(path: string, data: Json, context: Json): Json {
  const call = /^States\.(\w+)\((.*)\)$/.exec(path);
  if (call !== null) {
    const values = (call[2] ?? '').split(',').map((argument) => {
      const text = argument.trim();
      return text.startsWith('$') ? valueAt(text, data, context) : JSON.parse(text);
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

/** Returns the data with a result at this path. */
export function withResult(data: Json, path: string | null | undefined, result: Json): Json {
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
