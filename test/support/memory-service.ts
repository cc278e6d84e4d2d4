/** The whole service in one process, without faults: real logic over memory ports, run until nothing is left to do. */
import type { OutcomeRecord } from '#core/item.ts';
import type { BatchPlan, Job, JobKey } from '#core/job.ts';
import { Meter } from '#core/meter.ts';
import { meteredObjects, meteredQueues, meteredTable } from '#core/metered.ts';
import type { QueueName, Web } from '#core/ports.ts';
import type { Splitter } from '#core/splitter.ts';
import { type DispatchJobs, dispatchJobs } from '../../functions/dispatch-jobs/dispatch-jobs.ts';
import type { Worker } from '../../functions/kit/define-worker.ts';
import { type RunInvocation, runInvocation } from '../../functions/kit/run-invocation.ts';
import { enterStep } from '../../functions/split-batch/enter-step.ts';
import { splitBatch } from '../../functions/split-batch/split-batch.ts';
import { splitMessages } from '../../functions/split-batch/split-messages.ts';
import { SplitRequests } from '../../functions/split-batch/split-requests.ts';
import { innerSplitters, shippedSplitters } from '../../functions/split-batch/splitters/index.ts';
import { readRange } from '../../functions/store/blocks.ts';
import { insertJob } from '../../functions/store/insert-job.ts';
import { readJobWithProgress, readStatus } from '../../functions/store/jobs.ts';
import { jobOfKey } from '../../functions/store/keys.ts';
import { jobOfObject } from '../../functions/store/object-keys.ts';
import { outcomeGroups } from '../../functions/store/outcome-groups.ts';
import { recordedChunks } from '../../functions/store/recorded-chunks.ts';
import { type Swept, sweepJobs } from '../../functions/sweep-jobs/sweep-jobs.ts';
import type { Origin } from '../../functions/track-results/accept-records.ts';
import { trackResults } from '../../functions/track-results/track-results.ts';
import { aDraft, JOB } from './jobs.ts';
import { memoryWorld } from './memory/world.ts';
import { readingPorts } from './policy-evaluator.ts';

export interface MemoryServiceOptions {
  // biome-ignore lint/suspicious/noExplicitAny: workers of any parameters
  readonly workers: readonly Worker<any>[];
  readonly splitters?: readonly Splitter[];
  readonly maxItems?: number;
  /** When the time of a split invocation is up; by default never. */
  readonly isSplitTimeUp?: () => boolean;
  /** @default servers of this machine, by http or certificates that Node trusts */
  readonly web?: Web;
}

/** Origin of the messages of a queue, as the tracker's handler sets it. */
export function originOf(queue: 'reports' | 'results'): Origin {
  return queue === 'results' ? 'service' : 'workers';
}

export type PlanInput = Partial<BatchPlan> & Pick<BatchPlan, 'splitter' | 'worker'>;

export function memoryService(options: MemoryServiceOptions) {
  const names = options.workers.map(({ name }) => `worker:${name}` as const);
  const queues = Object.fromEntries(
    ['split', 'results', 'reports', 'unroutable', ...names].map((name) => [name, {}]),
  );
  const world = memoryWorld({ queues });
  const meter = new Meter();
  const objects = meteredObjects(world.objects, meter, jobOfObject);
  const ports = {
    ...world,
    web: options.web ?? world.web,
    table: meteredTable(world.table, meter, jobOfKey),
    queues: meteredQueues(world.queues, meter),
    objects,
    meter,
    ...readingPorts(objects),
    maxItems: options.maxItems ?? 1_000_000,
    statusCacheMillis: 5_000,
  };
  const requests = new SplitRequests(ports);
  const splitters = [...(options.splitters ?? shippedSplitters), ...innerSplitters];
  const split = splitBatch({ ...ports, splitters }, requests);
  const splitAll = splitMessages(ports, { enter: enterStep(ports, requests), split });
  const track = trackResults(ports);
  const dispatch: DispatchJobs = dispatchJobs(ports);
  const runs = new Map<QueueName, RunInvocation>(
    options.workers.map((worker) => [
      `worker:${worker.name}`,
      runInvocation(worker, {
        ...ports,
        readStatus: (job) => readStatus(ports.table, job, { strong: true }),
      }),
    ]),
  );

  async function step(): Promise<boolean> {
    let didWork = false;
    for (const change of world.table.takeChanges()) {
      if (change.new?.['followUp'] !== undefined) await dispatch(change.new, () => false);
      didWork = true;
    }
    const batches = world.queues.receive('split', 10);
    if (batches.length > 0) {
      const { failed } = await splitAll(batches, options.isSplitTimeUp ?? (() => false));
      for (const { id, receipt } of batches) if (!failed.has(id)) world.queues.acknowledge('split', receipt);
      didWork = true;
    }
    for (const [queue, run] of runs) {
      const messages = world.queues.receive(queue, 10);
      if (messages.length === 0) continue;
      const { failed } = await run(messages, new AbortController().signal);
      for (const { id, receipt } of messages) if (!failed.has(id)) world.queues.acknowledge(queue, receipt);
      didWork = true;
    }
    for (const queue of ['reports', 'results'] as const) {
      const messages = world.queues.receive(queue, 100);
      if (messages.length === 0) continue;
      const { failed } = await track(messages.map((message) => ({ ...message, origin: originOf(queue) })));
      for (const { id, receipt } of messages) if (!failed.has(id)) world.queues.acknowledge(queue, receipt);
      didWork = true;
    }
    return didWork;
  }

  /** Runs until nothing is visible, moving the clock to delayed messages. */
  async function drain(): Promise<void> {
    for (;;) {
      while (await step()) world.clock.advance(10);
      const due = world.queues.nextDue();
      if (due === undefined) return;
      world.clock.advanceTo(due);
    }
  }

  const sweep = (isTimeUp = () => false): Promise<Swept> => sweepJobs(ports, isTimeUp);

  return {
    ...world,
    ...readingPorts(world.objects),
    meter,
    async submit(
      plan: PlanInput,
      batch: { definition: unknown; parameters?: unknown },
      key: JobKey = JOB,
    ): Promise<Job> {
      const draft = aDraft({
        ...key,
        createTime: world.clock.now(),
        requestHash: JSON.stringify([plan, batch]),
        plan: { itemsPerTask: 25, ...plan },
      });
      const insertResult = await insertJob(world.table, draft, { body: JSON.stringify({ batch }) });
      return insertResult.job;
    },
    step,
    drain,
    sweep,
    /** Advances the clock by this time, sweeps, and runs the work that results. */
    async pass(millis: number): Promise<Swept> {
      world.clock.advance(millis);
      const swept = await sweep();
      await drain();
      return swept;
    },
    view: (key: JobKey = JOB) => readJobWithProgress(world.table, key),
    async outcomes(key: JobKey = JOB): Promise<OutcomeRecord[]> {
      const jobWithProgress = await readJobWithProgress(world.table, key);
      if (jobWithProgress === undefined) return [];
      const records: OutcomeRecord[] = [];
      const groups = await outcomeGroups(world.table, jobWithProgress.job);
      for await (const { chunk } of recordedChunks(world.table, groups, { isEnded: true }))
        if (chunk !== undefined) records.push(...((await readRange(world.objects, chunk.range)) ?? []));
      return records;
    },
  };
}
