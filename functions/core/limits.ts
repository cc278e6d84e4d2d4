import { PermanentFailure } from './errors.ts';

/** Why a job with so many items fails; `undefined` if it may have them. */
export function tooManyItems(items: number, maxItems: number): PermanentFailure | undefined {
  if (items <= maxItems) return undefined;
  return new PermanentFailure(
    'limit',
    `the job has ${items} items or more; at most ${maxItems} are allowed here; split it into several jobs or raise maxItems of the stack`,
  );
}
