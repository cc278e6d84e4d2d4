import type { ChunkMessage } from '#contract/messages.ts';
import type { JobStatus } from '#core/job-status.ts';
import { Meter } from '#core/meter.ts';
import type { Worker } from '../../functions/kit/define-worker.ts';
import { runInvocation } from '../../functions/kit/run-invocation.ts';
import { memoryWorld, type World } from './memory/world.ts';
import { readingPorts } from './policy-evaluator.ts';

export function aChunk(fields: Partial<ChunkMessage> = {}): ChunkMessage {
  return {
    v: 1,
    kind: 'chunk',
    partition: 'p',
    job: 'j',
    runNumber: 1,
    path: '',
    index: 0,
    worker: 'work',
    parameters: {},
    items: [{ id: 'a', payload: 1 }],
    itemsPerTask: 25,
    maxAttempts: 3,
    outcomes: 'all',
    hop: 0,
    ...fields,
  };
}

export function aRecord(chunk: ChunkMessage, receiveCount = 1, id = `${chunk.path}/${chunk.index}`) {
  return { id, body: JSON.stringify(chunk), receiveCount };
}

// biome-ignore lint/suspicious/noExplicitAny: workers of any parameters
export function workerOn(world: World, worker: Worker<any>, status: () => JobStatus = () => 'Active') {
  const run = runInvocation(worker, {
    ...world,
    meter: new Meter(),
    ...readingPorts(world.objects),
    readStatus: async () => ({ status: status(), runNumber: 1, generation: 1 }),
    statusCacheMillis: 0,
  });
  return (records: Parameters<typeof run>[0], signal = new AbortController().signal) => run(records, signal);
}

/** Bodies that wait in a queue, in the order of sending. */
export function sentMessages(world: World, queue: Parameters<World['queues']['receive']>[0]) {
  world.clock.advance(1_000_000);
  return world.queues.receive(queue, 100).map(({ body }) => JSON.parse(body));
}

export { memoryWorld };
