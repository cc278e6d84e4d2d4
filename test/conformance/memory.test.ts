import { MemoryObjects } from '../../functions/kit/testing/memory-objects.ts';
import { MemoryQueueDesk } from '../support/memory/queue-desk.ts';
import { MemoryTable } from '../support/memory/table.ts';
import { memoryWorld } from '../support/memory/world.ts';
import { describeObjects } from './objects.ts';
import { describeQueueDesk } from './queue-desk.ts';
import { describeQueues } from './queues.ts';
import { describeTable } from './table.ts';

describeTable('memory', async () => new MemoryTable());

describeQueues('memory', async () => {
  const { queues, clock } = memoryWorld({
    queues: { split: {}, results: {}, reports: {}, unroutable: {}, 'worker:ocr': {} },
  });
  return {
    queues,
    receive: async (queue) => queues.receive(queue).map(({ body }) => body),
    elapse: async (seconds) => clock.advance(seconds * 1000),
  };
});

describeObjects('memory', async () => {
  const objects = new MemoryObjects();
  objects.fill('other', 'something', '');
  return {
    objects,
    otherBucket: 'other',
    fill: async (key, body) => objects.fill('other', key, body),
  };
});

describeQueueDesk('memory', async () => {
  // The suite compares times of messages with the real time.
  const { queues } = memoryWorld({ start: Date.now(), queues: { split: {}, unroutable: {} } });
  return { desk: new MemoryQueueDesk(queues), queues };
});
