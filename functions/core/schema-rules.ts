/**
 * Rules that JSON Schema cannot express, such as those between two members. A schema of the service names one in the
 * keyword `x-jobtree-rule`. The API checks it when a job is created. Other programs ignore the keyword.
 */
import { syntaxFaults } from './record-syntax.ts';
import { encodingProblem } from './text-encodings.ts';

export const RULE_KEYWORD = 'x-jobtree-rule';

export interface RuleFault {
  /** Location within the value. */
  readonly path: readonly string[];
  readonly detail: string;
}

const RULES: Readonly<Record<string, (value: unknown) => readonly RuleFault[]>> = {
  'text-encoding': (value) => {
    const problem = typeof value === 'string' ? encodingProblem(value) : undefined;
    return problem === undefined ? [] : [{ path: [], detail: problem }];
  },
  'record-syntax': (value) =>
    (isObject(value) ? syntaxFaults(textsOf(value)) : []).map(({ member, reason }) => ({
      path: [member],
      detail: reason,
    })),
};

/** Returns the faults of the value by the rule with this name. An unknown rule has none. */
export function ruleFaults(name: unknown, value: unknown): readonly RuleFault[] {
  return typeof name === 'string' && Object.hasOwn(RULES, name) ? (RULES[name]?.(value) ?? []) : [];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Members that are no strings have a fault of their own. */
function textsOf(value: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'));
}
