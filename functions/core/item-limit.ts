import { PermanentFailure } from './errors.ts';

/** Returns the failure of a job with more than `maxItems` items; `undefined` if it is within the limit. */
export function tooManyItems(items: number, maxItems: number): PermanentFailure | undefined {
  if (items <= maxItems) return undefined;
  return new PermanentFailure(
    'limit',
    `the job has at least ${items} items; at most ${maxItems} are allowed. Split it into several jobs, or increase maxItems of the stack`,
  );
}
