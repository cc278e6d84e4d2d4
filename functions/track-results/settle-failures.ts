/**
 * Corrects the failure rows of chunks of which another report was recorded first. Failures are stored before the pages,
 * because the job may be final afterwards. So a report that does not count has stored its own. If the invocation crashed
 * before it corrected them, it does so when the report is received again, even if the job has ended.
 */
import type { ReportMessage } from '#contract/messages.ts';
import { itemOfFailure } from '#core/failure.ts';
import { type Failure, type JobRun, runId } from '#core/job.ts';
import { PAGE_SIZE, pageOfChild } from '#core/page.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Log, Objects, Queues, Table } from '#core/ports.ts';
import type { OutcomeLocation } from '#core/recorded-outcomes.ts';
import type { TaskPath } from '#core/task-path.ts';
import { rangeOfLocation, readRange } from '../store/blocks.ts';
import { deleteFailure, listChunkFailures, putFailures } from '../store/failures.ts';
import { readPage } from '../store/pages.ts';
import type { Accepted } from './accept-records.ts';
import type { CascadeResult, SupersededChunk } from './cascade.ts';

export interface SettleFailuresPorts {
  readonly table: Table;
  readonly objects: Objects;
  readonly queues: Queues;
  readonly log: Log;
}

/** A node with a recorded failure of its items. */
export interface FailedNode {
  readonly run: JobRun;
  readonly path: TaskPath;
  /** Id of the message that reported the failure. */
  readonly source: string;
}

const PARALLEL_CHUNKS = 8;

/** Returns the nodes whose failures in these reports count. */
export async function settleFailures(
  ports: SettleFailuresPorts,
  { applied, late }: { readonly applied: readonly Accepted[]; readonly late: readonly Accepted[] },
  { supersededChunks }: Pick<CascadeResult, 'supersededChunks'>,
  failed: Set<string>,
): Promise<FailedNode[]> {
  const chunks = [
    ...applied.flatMap((record) => (failed.has(record.id) ? [] : failedChunksOf(record))),
    ...late
      .flatMap((record) => [...failedChunksOf(record), ...unroutableChunksOf(ports, record)])
      .map(untick),
  ];
  const counted = await mapParallel(chunks, PARALLEL_CHUNKS, async (chunk) => {
    try {
      const location = await otherLocation(ports, chunk, supersededChunks);
      return location === undefined || (await keepRecorded(ports, chunk, location)) ? [chunk] : [];
    } catch (error) {
      ports.log.warn('failures of a chunk could not be corrected', { ...chunk.run, error: String(error) });
      failed.add(chunk.source);
      return [];
    }
  });
  return counted.flat();
}

interface FailedChunk extends FailedNode {
  readonly index: number;
  readonly failures: readonly Failure[];
  /** False if another message of the report ticks the chunk, because its failures did not fit into one message. */
  readonly isTicked: boolean;
}

function failedChunksOf({ id, run, message }: Accepted): FailedChunk[] {
  if (message.kind !== 'report') return [];
  const located = (message.failures ?? []).flatMap((failure) => {
    const location = itemOfFailure(failure.failureId);
    return location === undefined ? [] : [{ failure, ...location }];
  });
  const byChunk = Map.groupBy(located, ({ path, index }) => `${path}/${index}`);
  return [...byChunk.values()].flatMap((failures) => {
    const [first] = failures;
    if (first === undefined) return [];
    const { path, index } = first;
    const isTicked = message.nodes.some((node) => node.path === path && reports(node, index));
    return [{ run, path, index, source: id, failures: failures.map(({ failure }) => failure), isTicked }];
  });
}

/** Returns the forwarded chunks that the tracker failed itself when it received the report before. */
function unroutableChunksOf({ queues }: SettleFailuresPorts, { id, run, message }: Accepted): FailedChunk[] {
  const forward = (message.kind === 'report' && message.forward) || [];
  return forward
    .filter(({ worker }) => !queues.has(`worker:${worker}`))
    .map(({ path, index }) => ({ run, path, index, source: id, failures: [], isTicked: false }));
}

function untick(chunk: FailedChunk): FailedChunk {
  return { ...chunk, isTicked: false };
}

function reports({ d, x }: ReportMessage['nodes'][number], index: number): boolean {
  return d.includes(index) || x.some(([other]) => other === index);
}

/** Returns where another report recorded the chunk; `undefined` if this one counts, or none does yet. */
async function otherLocation(
  { table }: SettleFailuresPorts,
  chunk: FailedChunk,
  supersededChunks: readonly SupersededChunk[],
): Promise<OutcomeLocation | undefined> {
  const { run, path, index, isTicked } = chunk;
  if (!isTicked) {
    const { outcomes } = await readPage(table, run, path, pageOfChild(index));
    return outcomes?.get(index % PAGE_SIZE)?.location;
  }
  const same = supersededChunks.find(
    (other) => other.path === path && other.index === index && runId(other.run) === runId(run),
  );
  return same?.location;
}

/** Leaves only the recorded failures of a chunk. Returns true if there are any. */
async function keepRecorded(
  { table, objects }: SettleFailuresPorts,
  { run, path, index, failures }: FailedChunk,
  location: OutcomeLocation,
): Promise<boolean> {
  const records = (await readRange(objects, rangeOfLocation(run, location))) ?? [];
  const recorded = new Map(records.flatMap(({ failure }) => (failure ? [[failure.failureId, failure]] : [])));
  const stored = failures.flatMap(({ failureId }) => recorded.get(failureId) ?? []);
  await putFailures(table, run, stored);
  for (const failureId of await listChunkFailures(table, run, path, index))
    if (!recorded.has(failureId)) await deleteFailure(table, run, failureId);
  return records.some((record) => record.failure !== undefined && record.path === path);
}
