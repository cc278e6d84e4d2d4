import type { Condition, Row } from '#core/ports.ts';
import { compareUtf8 } from '../../../functions/kit/testing/utf8.ts';

export function allHold(conditions: readonly Condition[], row: Row | undefined): boolean {
  return conditions.every((condition) => holds(condition, row));
}

function holds(condition: Condition, row: Row | undefined): boolean {
  if ('anyOf' in condition) return condition.anyOf.some((branch) => allHold(branch, row));
  const stored = row?.[condition.attribute];
  switch (condition.is) {
    case 'absent':
      return stored === undefined;
    case 'present':
      return stored !== undefined;
    case 'oneOf':
      return condition.value.some((value) => value === stored);
    case 'equal':
      return stored === condition.value;
    case 'notEqual':
      // Also true if the row lacks the attribute.
      return stored !== condition.value;
    default: {
      const order = compare(stored, condition.value);
      return order !== undefined && ORDERS[condition.is](order);
    }
  }
}

const ORDERS = {
  less: (order: number) => order < 0,
  atMost: (order: number) => order <= 0,
  greater: (order: number) => order > 0,
  atLeast: (order: number) => order >= 0,
};

/** Returns `undefined` if the values are not comparable: the types differ, or the attribute is missing. */
function compare(stored: unknown, value: string | number): number | undefined {
  if (typeof stored === 'string' && typeof value === 'string') return compareUtf8(stored, value);
  if (typeof value !== 'number') return undefined;
  if (typeof stored === 'number') return stored - value;
  if (typeof stored === 'bigint') return stored < value ? -1 : stored > value ? 1 : 0;
  return undefined;
}

/** Throws for conditions that the AWS adapter or DynamoDB rejects. */
export function assertConditions(conditions: readonly Condition[]): void {
  for (const condition of conditions) {
    if ('anyOf' in condition) {
      if (condition.anyOf.length === 0 || condition.anyOf.some((branch) => branch.length === 0)) {
        throw new Error('anyOf needs at least one branch and a condition in each');
      }
      condition.anyOf.forEach(assertConditions);
    } else if (condition.is === 'oneOf' && (condition.value.length === 0 || condition.value.length > 100)) {
      throw new Error(`oneOf takes 1 to 100 values, got ${condition.value.length}`);
    }
  }
}
