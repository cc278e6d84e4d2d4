/** P13: sends the held chunks of a paused job again. Each request to a queue takes as long as one to SQS. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueName, Queues } from '#core/ports.ts';
import { releaseAll, storeHeld } from '../../../functions/store/held.ts';
import { memoryWorld } from '../../support/memory/world.ts';
import { type Measurement, median } from '../row.ts';

const CHUNKS = 100_000;
/** A batch of reports, which the tracker stores at once. */
const CHUNKS_PER_OBJECT = 1_000;
/** Typical time of SendMessageBatch and GetObject within a region. */
const REQUEST_MILLIS = 10;
const ROUNDS = 3;
const RUN = { partition: 'p', job: 'j', runNumber: 1 };
const QUEUE: QueueName = 'worker:work';

async function resumedPerSecond(): Promise<number> {
  const world = memoryWorld({ queues: { [QUEUE]: {} } });
  const body = JSON.stringify({
    v: 1,
    kind: 'chunk',
    ...RUN,
    path: '',
    range: { from: 0, step: 1, count: 25 },
  });
  const held = Array.from({ length: CHUNKS_PER_OBJECT }, () => ({ queue: QUEUE, body }));
  for (let object = 0; object < CHUNKS / CHUNKS_PER_OBJECT; object += 1)
    await storeHeld(world.objects, RUN, String(object), held);
  const queues: Queues = {
    has: (queue) => world.queues.has(queue),
    async send(queue, messages) {
      await sleep(REQUEST_MILLIS);
      return world.queues.send(queue, messages);
    },
  };
  const objects = new Proxy(world.objects, {
    get(target, name) {
      const method = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...parameters: unknown[]) => {
        await sleep(REQUEST_MILLIS);
        return method.apply(target, parameters);
      };
    },
  });
  const begin = performance.now();
  await releaseAll({ queues, objects }, RUN, () => false);
  const seconds = (performance.now() - begin) / 1_000;
  const { visible } = world.queues.depth(QUEUE);
  if (visible !== CHUNKS) throw new Error(`${visible} of ${CHUNKS} chunks were sent`);
  return CHUNKS / seconds;
}

export const measureResume: Measurement = async () => {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rates.push(await resumedPerSecond());
  const rate = median(rates);
  return [
    {
      id: 'P13',
      what: `Resume of ${CHUNKS.toLocaleString('en')} held chunks, ${REQUEST_MILLIS} ms a request`,
      measured: `${Math.round(rate).toLocaleString('en')} chunks/s`,
      reference: 'StartMessageMoveTask of SQS: at most 500 messages/s',
      goal: '≥ 10,000 chunks/s',
      isMet: rate >= 10_000,
    },
  ];
};
