import type { ChunkMessage, ReportMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { JobRun } from '#core/job.ts';
import type { Clock, Log, Objects, Queues, Random } from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import { failedRecord } from '#kit/attempt.ts';
import { loadChunk } from '#kit/load-chunk.ts';
import { settleLostChunk } from '#kit/lost-chunk.ts';
import type { SettlePorts } from '#kit/settle-chunk.ts';
import { ClaimLost } from '../store/claim-check.ts';
import { type ChunkResult, reportsOf } from '../store/reports.ts';
import { sendToUnroutable } from '../store/unroutable.ts';

export interface ForwardChunksPorts {
  readonly queues: Queues;
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Sends the chunks of a report to the next worker of their pipeline. If that worker is not deployed, the chunk fails, so
 * that the job still ends. Returns the reports of such chunks.
 */
export async function forwardChunks(
  ports: ForwardChunksPorts,
  run: JobRun,
  report: ReportMessage,
): Promise<ReportMessage[]> {
  const reports: ReportMessage[] = [];
  for (const chunk of report.forward ?? []) {
    const queue = `worker:${chunk.worker}` as const;
    if (ports.queues.has(queue)) {
      await sendAll(ports.queues, queue, [{ body: JSON.stringify(chunk), group: run.partition }]);
    } else reports.push(...(await failUnroutable(ports, run, chunk)));
  }
  return reports;
}

async function failUnroutable(
  ports: ForwardChunksPorts,
  run: JobRun,
  chunk: ChunkMessage,
): Promise<ReportMessage[]> {
  const now = ports.clock.now();
  const reason = `no worker '${chunk.worker}' is deployed`;
  const unroutable = new PermanentFailure('unroutable', `${reason}. Deploy it, then retry the failed items.`);
  const finished = await failChunk({ ...ports, now }, chunk, unroutable);
  // Its items have failed, so the chunk must not be sent again.
  await sendToUnroutable(ports, 'chunk without a worker', { body: JSON.stringify(chunk), reason });
  return reportsOf(ports, run, [finished], {});
}

async function failChunk(
  ports: SettlePorts,
  { pipeline: _pipeline, ...chunk }: ChunkMessage,
  reason: PermanentFailure,
): Promise<ChunkResult> {
  try {
    const { items, done } = await loadChunk(ports.objects, chunk);
    const failed = items.map((item) =>
      failedRecord(chunk, item, reason, { attempts: item.tries ?? 0, now: ports.now }),
    );
    return { kind: 'final', chunk, records: [...done, ...failed] };
  } catch (error) {
    const settled = error instanceof ClaimLost ? await settleLostChunk(ports, chunk, error) : undefined;
    if (settled === undefined || settled.kind === 'again') throw error;
    return settled;
  }
}
