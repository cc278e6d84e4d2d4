import { setTimeout as sleep } from 'node:timers/promises';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import type { Item } from '#core/item.ts';
import { defineWorker } from '../../clients/worker/define-worker.ts';
import { type RehearseParameters, rehearseDescription, rehearseParameters } from './parameters.ts';

export const rehearse = defineWorker<RehearseParameters>({
  name: 'rehearse',
  description: rehearseDescription,
  parameters: rehearseParameters,
  concurrency: 25,
  async run(item, { parameters, attempt, position, signal }) {
    if (parameters.millisPerItem > 0) await sleep(parameters.millisPerItem, undefined, { signal });
    if (
      isToFail(item, position, parameters) &&
      attempt <= (parameters.failTimes ?? Number.POSITIVE_INFINITY)
    ) {
      fail(item, parameters);
    }
    return parameters.output === undefined ? item.payload : parameters.output;
  },
});

function isToFail(item: Item, position: number, { failItems, failEvery }: RehearseParameters): boolean {
  if (failItems.includes(item.id)) return true;
  if (failEvery === undefined) return false;
  const number = /^-?\d+$/.test(item.id) ? Number(item.id) : position;
  return number % failEvery === 0;
}

function fail(item: Item, { failure, condition }: RehearseParameters): never {
  const what = `item ${item.id} fails as rehearsed`;
  switch (failure) {
    case 'crash':
      process.exit(1);
      break;
    case 'retryable':
      throw new RetryableFailure('rehearsed', what);
    case 'condition':
      throw new RetryableFailure('condition', `${what}: waits for '${condition ?? 'something'}'`);
    default:
      throw new PermanentFailure('rehearsed', what);
  }
}
