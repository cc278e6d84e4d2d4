import { setTimeout as sleep } from 'node:timers/promises';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import type { Item } from '#core/item.ts';
import { defineWorker, type WorkerContext } from '#kit/define-worker.ts';
import { type RehearseParameters, rehearseParameters } from './parameters.ts';

const PROGRESS_INTERVAL_MILLIS = 1_000;

export const worker = defineWorker<RehearseParameters>({
  name: 'rehearse',
  parameters: rehearseParameters,
  concurrency: 25,
  async run(item, context) {
    const { parameters, attempt, position, exitCode } = context;
    await waitForItem(item, context);
    if (
      isToFail(item, position, parameters) &&
      attempt <= (parameters.failTimes ?? Number.POSITIVE_INFINITY)
    ) {
      fail(item, parameters);
    }
    if (parameters.exitCode !== undefined) exitCode(parameters.exitCode);
    return parameters.output === undefined ? item.payload : parameters.output;
  },
});

/** Waits for the item's time and reports progress every second. */
async function waitForItem(
  { id }: Item,
  { parameters: { millisPerItem }, signal, progress }: WorkerContext<RehearseParameters>,
): Promise<void> {
  for (let millis = 0; millis < millisPerItem; millis += PROGRESS_INTERVAL_MILLIS) {
    await sleep(Math.min(PROGRESS_INTERVAL_MILLIS, millisPerItem - millis), undefined, { signal });
    await progress(Math.min(1, (millis + PROGRESS_INTERVAL_MILLIS) / millisPerItem), `item ${id}`);
  }
}

function isToFail(item: Item, position: number, { failItems, failEvery }: RehearseParameters): boolean {
  if (failItems.includes(item.id)) return true;
  if (failEvery === undefined) return false;
  const number = /^-?\d+$/.test(item.id) ? Number(item.id) : position;
  return number % failEvery === 0;
}

function fail(item: Item, { failure, condition }: RehearseParameters): never {
  const message = `item ${item.id} fails as rehearsed`;
  switch (failure) {
    case 'crash':
      process.exit(1);
      break;
    case 'retryable':
      throw new RetryableFailure('rehearsed', message);
    case 'condition':
      throw new RetryableFailure('condition', `${message}: waits for '${condition ?? 'something'}'`);
    default:
      throw new PermanentFailure('rehearsed', message);
  }
}
