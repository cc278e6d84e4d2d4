import { type JobRun, runId } from '#core/job.ts';
import { mapParallel } from '#core/parallel.ts';
import { wake } from '../store/dependents.ts';
import { MAX_FAILURE_ROWS, putFailures } from '../store/failures.ts';
import type { Accepted } from './accept-records.ts';
import { type EndStepsPorts, endFlow } from './end-steps.ts';
import { type ForwardChunksPorts, forwardChunks } from './forward-chunks.ts';
import type { WriteLastPorts } from './write-last.ts';

type ApplyMessagesPorts = EndStepsPorts & WriteLastPorts & ForwardChunksPorts;

const PARALLEL_RECORDS = 16;

/**
 * Applies each message to everything but the pages. Failures are stored, chunks go to the next worker of their pipeline,
 * a wake-up reaches its job, and a flow ends. Returns the records whose pages are to be ticked. A record with chunks that no
 * worker can process becomes several.
 */
export async function applyMessages(
  ports: ApplyMessagesPorts,
  accepted: readonly Accepted[],
  {
    failedCounts,
    failed,
  }: { readonly failedCounts: ReadonlyMap<string, number>; readonly failed: Set<string> },
): Promise<Accepted[]> {
  const applied = await mapParallel(accepted, PARALLEL_RECORDS, async (record) => {
    try {
      return await applyMessage(ports, record, hasRoomForFailures(failedCounts, record.run));
    } catch (error) {
      ports.log.warn('result could not be written', { ...record.run, error: String(error) });
      failed.add(record.id);
      return [];
    }
  });
  return applied.flat();
}

function hasRoomForFailures(failedCounts: ReadonlyMap<string, number>, run: JobRun): boolean {
  return (failedCounts.get(runId(run)) ?? 0) < MAX_FAILURE_ROWS;
}

async function applyMessage(
  ports: ApplyMessagesPorts,
  record: Accepted,
  storesFailures: boolean,
): Promise<Accepted[]> {
  const { message, run } = record;
  if (message.kind === 'wake') await wake(ports.table, run);
  if (message.kind === 'flow') return [await endFlow(ports, record, message)];
  if (message.kind !== 'report') return [record];
  const reports = [message, ...(await forwardChunks(ports, run, message))];
  for (const { failures } of reports) {
    if (storesFailures && failures !== undefined) await putFailures(ports.table, run, failures);
  }
  return reports.map((report) => ({ ...record, message: report }));
}
