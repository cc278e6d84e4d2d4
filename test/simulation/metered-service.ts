/** The real functions over metered memory ports, including the requests of Lambda's poller. */
import { z } from 'zod';
import { splitMessage } from '#contract/messages.ts';
import { parseMessage } from '#contract/parse-message.ts';
import type { BatchPlan } from '#core/job.ts';
import { Meter } from '#core/meter.ts';
import { meteredObjects, meteredQueues, meteredTable } from '#core/metered.ts';
import { receivedRequests } from '#core/units.ts';
import { dispatchJobs } from '../../functions/dispatch-jobs/dispatch-jobs.ts';
import { defineWorker, type WorkerContext } from '../../functions/kit/define-worker.ts';
import { runInvocation } from '../../functions/kit/run-invocation.ts';
import { splitBatch } from '../../functions/split-batch/split-batch.ts';
import { range } from '../../functions/split-batch/splitters/range.ts';
import { insertJob } from '../../functions/store/insert-job.ts';
import { readStatus } from '../../functions/store/jobs.ts';
import { jobOfKey } from '../../functions/store/keys.ts';
import { jobOfObject } from '../../functions/store/object-keys.ts';
import { trackResults } from '../../functions/track-results/track-results.ts';
import { memoryWorld } from '../support/memory/world.ts';
import { originOf } from '../support/memory-service.ts';
import { readingPorts } from '../support/policy-evaluator.ts';

export const JOB = { partition: 'p', job: 'j' };

/** Creates a metered service. `act` is the only action of its worker. */
export function meteredService(act: (context: WorkerContext<unknown>) => unknown = () => undefined) {
  const idle = defineWorker<unknown>({
    name: 'work',
    parameters: z.unknown(),
    run: async (_, context) => {
      await act(context);
    },
  });
  const world = memoryWorld();
  const bill = new Meter();
  const objects = meteredObjects(world.objects, bill, jobOfObject);
  const ports = {
    ...world,
    table: meteredTable(world.table, bill, jobOfKey),
    queues: meteredQueues(world.queues, bill),
    objects,
    // The functions use their own meter; the bill is read only at the end.
    meter: new Meter(),
    ...readingPorts(objects),
    maxItems: 100_000_000,
    statusCacheMillis: 5_000,
  };
  return {
    world,
    ports,
    bill,
    split: splitBatch({ ...ports, splitters: [range] }),
    work: runInvocation(idle, {
      ...ports,
      readStatus: (job) => readStatus(ports.table, job, { strong: true }),
    }),
    track: trackResults(ports),
    dispatch: dispatchJobs(ports),
  };
}
export type Service = ReturnType<typeof meteredService>;

/** Submits a job of numbers: one in each chunk, unless `plan` has another size. */
export async function submit(
  { ports, world }: Service,
  chunks: number,
  plan: Partial<BatchPlan> = {},
): Promise<void> {
  const { itemsPerTask = 1 } = plan;
  await insertJob(
    ports.table,
    {
      ...JOB,
      createTime: world.clock.now(),
      labels: {},
      priority: 4,
      createdBy: 'tester',
      requestHash: 'x',
      plan: {
        splitter: 'range',
        worker: 'work',
        pipeline: [],
        itemsPerTask,
        onItemFailure: 'continue',
        maxAttempts: 3,
        outcomes: 'failures',
        ...plan,
      },
    },
    { body: JSON.stringify({ batch: { definition: { from: 0, to: chunks * itemsPerTask } } }) },
  );
}

/** Completes the follow-up work of all changed rows. */
export async function followUp({ world, dispatch }: Service): Promise<void> {
  for (let changes = world.table.takeChanges(); changes.length > 0; changes = world.table.takeChanges()) {
    for (const { new: row } of changes) if (row?.['followUp'] !== undefined) await dispatch(row, () => false);
  }
}

type QueueOf = 'split' | 'results' | 'reports' | 'worker:work';

/** Runs one invocation: receives, processes and deletes up to `max` messages, all metered on the bill. */
export async function invoke(
  { world, bill }: Service,
  queue: QueueOf,
  max: number,
  work: (messages: ReturnType<typeof world.queues.receive>) => Promise<unknown>,
  pick?: (visible: number) => number,
): Promise<boolean> {
  const messages = world.queues.receive(queue, max, pick);
  if (messages.length === 0) return false;
  bill.count(JOB, { queueRequests: receivedRequests(messages), invocations: 1 });
  await work(messages);
  for (const { receipt } of messages) world.queues.acknowledge(queue, receipt);
  return true;
}

/** Runs one invocation of the tracker for each of its queues that has messages. */
export async function trackOnce(
  service: Service,
  max: number,
  pick?: (visible: number) => number,
): Promise<boolean> {
  let didWork = false;
  for (const queue of ['reports', 'results'] as const) {
    const origin = originOf(queue);
    const isWorking = await invoke(
      service,
      queue,
      max,
      (messages) => service.track(messages.map((message) => ({ ...message, origin }))),
      pick,
    );
    didWork ||= isWorking;
  }
  return didWork;
}

/** Splits the waiting batch. */
export async function splitOnce(service: Service): Promise<void> {
  await invoke(service, 'split', 1, async ([message]) => {
    const parsed = parseMessage(splitMessage, message?.body ?? '');
    if (parsed.ok) await service.split(parsed.message, () => false);
  });
}

/** Counts the writes of each key from now on. */
export function countWrites({ world }: Service): Map<string, number> {
  const writes = new Map<string, number>();
  const { table } = world;
  const write = table.write.bind(table);
  table.write = (change, returns) => {
    const { pk, sk } = change.kind === 'put' ? change.row : change.key;
    writes.set(`${pk} ${sk}`, (writes.get(`${pk} ${sk}`) ?? 0) + 1);
    return write(change, returns);
  };
  return writes;
}
