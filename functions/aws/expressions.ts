/**
 * Compiles conditions and changes of `core/ports.ts` to DynamoDB expressions. Attribute names are always
 * aliased, because `status`, `path` and about 570 other names are reserved words.
 */
import type { Change, Condition } from '#core/ports.ts';

/** Maximum number of operands of one IN in DynamoDB. */
const MAX_OPERANDS = 100;

const COMPARATORS = {
  equal: '=',
  notEqual: '<>',
  less: '<',
  atMost: '<=',
  greater: '>',
  atLeast: '>=',
} as const;

/** Names and values that the expressions of one request use. */
export class Aliases {
  readonly #names = new Map<string, string>();
  readonly #values: Record<string, unknown> = {};

  name(attribute: string): string {
    const alias = this.#names.get(attribute) ?? `#n${this.#names.size}`;
    this.#names.set(attribute, alias);
    return alias;
  }

  value(value: unknown): string {
    const alias = `:v${Object.keys(this.#values).length}`;
    this.#values[alias] = value;
    return alias;
  }

  /** Returns the members for the request. DynamoDB refuses empty ones, so they are left out. */
  attributes(): {
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, unknown>;
  } {
    const names = Object.fromEntries([...this.#names].map(([attribute, alias]) => [alias, attribute]));
    return {
      ...(this.#names.size === 0 ? {} : { ExpressionAttributeNames: names }),
      ...(Object.keys(this.#values).length === 0 ? {} : { ExpressionAttributeValues: { ...this.#values } }),
    };
  }
}

/** Returns `undefined` if there are no conditions. */
export function conditionExpression(
  conditions: readonly Condition[] | undefined,
  aliases: Aliases,
): string | undefined {
  if (conditions === undefined || conditions.length === 0) return undefined;
  return conditions.map((condition) => compile(condition, aliases)).join(' AND ');
}

function compile(condition: Condition, aliases: Aliases): string {
  if ('anyOf' in condition) return compileAnyOf(condition.anyOf, aliases);
  const name = aliases.name(condition.attribute);
  switch (condition.is) {
    case 'absent':
      return `attribute_not_exists(${name})`;
    case 'present':
      return `attribute_exists(${name})`;
    case 'oneOf':
      return compileOneOf(name, condition.value, aliases);
    default:
      return `${name} ${COMPARATORS[condition.is]} ${aliases.value(condition.value)}`;
  }
}

function compileAnyOf(branches: readonly (readonly Condition[])[], aliases: Aliases): string {
  if (branches.length === 0 || branches.some((branch) => branch.length === 0)) {
    throw new Error(
      `anyOf needs at least one branch and a condition in each, got ${JSON.stringify(branches)}`,
    );
  }
  // AND binds more tightly than OR. DynamoDB refuses parentheses around only another pair of parentheses.
  const choices = branches.map((branch) => conditionExpression(branch, aliases));
  return choices.length === 1 ? `${choices[0]}` : `(${choices.join(' OR ')})`;
}

function compileOneOf(name: string, values: readonly (string | number)[], aliases: Aliases): string {
  if (values.length === 0 || values.length > MAX_OPERANDS) {
    throw new Error(`oneOf takes 1 to ${MAX_OPERANDS} values, got ${values.length}`);
  }
  return `${name} IN (${values.map((value) => aliases.value(value)).join(', ')})`;
}

/**
 * Returns `undefined` if nothing changes. An update without an expression creates a row with only its key.
 */
export function updateExpression(change: Change, aliases: Aliases): string | undefined {
  const set = definedEntries(change.set).map(
    ([attribute, value]) => `${aliases.name(attribute)} = ${aliases.value(value)}`,
  );
  const setOnce = definedEntries(change.setOnce).map(([attribute, value]) => {
    const name = aliases.name(attribute);
    return `${name} = if_not_exists(${name}, ${aliases.value(value)})`;
  });
  const append = definedEntries(change.append).map(([attribute, values]) => {
    const name = aliases.name(attribute);
    return `${name} = list_append(if_not_exists(${name}, ${aliases.value([])}), ${aliases.value(values)})`;
  });
  const add = definedEntries(change.add)
    // DynamoDB has no empty set. Adding an empty set would change nothing.
    .filter(([, value]) => !(value instanceof Set && value.size === 0))
    .map(([attribute, value]) => `${aliases.name(attribute)} ${aliases.value(value)}`);
  const remove = (change.remove ?? []).map((attribute) => aliases.name(attribute));
  const clauses = [
    ['SET', [...set, ...setOnce, ...append]],
    ['ADD', add],
    ['REMOVE', remove],
  ] as const;
  const used = clauses.filter(([, actions]) => actions.length > 0);
  if (used.length === 0) return undefined;
  return used.map(([clause, actions]) => `${clause} ${actions.join(', ')}`).join(' ');
}

function definedEntries(values: Readonly<Record<string, unknown>> = {}): [string, unknown][] {
  return Object.entries(values).filter(([, value]) => value !== undefined);
}

export function projectionExpression(attributes: readonly string[], aliases: Aliases): string {
  return [...new Set(attributes)].map((attribute) => aliases.name(attribute)).join(', ');
}
