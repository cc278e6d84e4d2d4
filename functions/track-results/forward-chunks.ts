import type { ChunkMessage, ReportMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import { failureOf } from '#core/failure.ts';
import type { JobRun } from '#core/job.ts';
import type { Clock, Log, Objects, Queues, Table } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import { loadChunk } from '../../clients/worker/run-chunk.ts';
import { putFailures } from '../store/failures.ts';
import { outcomeTotals } from '../store/outcomes.ts';
import { putAside } from '../store/put-aside.ts';

export interface ForwardChunksPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Sends the chunks of a report on to their next worker. One that nobody can route is recorded as failed, so that the
 * job still ends: the answer is the report with those ticked.
 */
export async function forwardChunks(
  ports: ForwardChunksPorts,
  run: JobRun,
  report: ReportMessage,
): Promise<ReportMessage> {
  const nodes = [...report.nodes];
  for (const chunk of report.forward ?? []) {
    const queue = `worker:${chunk.worker}` as const;
    if (ports.queues.has(queue)) {
      await sendAll(ports.queues, queue, [{ body: JSON.stringify(chunk), group: run.partition }]);
    } else nodes.push(await buryUnroutable(ports, run, chunk));
  }
  return { ...report, nodes };
}

/** All its items have failed but for those that were skipped before. */
async function buryUnroutable(
  ports: ForwardChunksPorts,
  run: JobRun,
  chunk: ChunkMessage,
): Promise<ReportMessage['nodes'][number]> {
  const reason = `no worker '${chunk.worker}' is deployed`;
  const loaded = await loadChunk(ports.objects, chunk);
  await putAside(ports, 'chunk without a worker', reason, JSON.stringify(chunk));
  const { path, index } = chunk;
  const failure = failureOf({ path, index }, new PermanentFailure('unroutable', reason), {
    now: ports.clock.now(),
    attempts: 0,
  });
  await putFailures(ports.table, run, [failure]);
  const items = loaded.items.length + loaded.done.length;
  const { skipped } = outcomeTotals(loaded.done);
  return { path, d: [], x: [[index, items, items - skipped, skipped]] };
}
