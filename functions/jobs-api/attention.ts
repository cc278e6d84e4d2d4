/** Work of a job that does not progress now. The number of reads is limited, however many items the job has. */
import { type Attention, MAX_ATTENTION } from '#contract/attention-view.ts';
import { isWaiting, type Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { elementsByPosition, PAGE_SIZE, pageOfChild } from '#core/page.ts';
import { mapParallel } from '#core/parallel.ts';
import { unmetPrerequisites } from '#core/readiness.ts';
import { ROOT } from '#core/task-path.ts';
import { readFence } from '../store/fences.ts';
import { countHeld } from '../store/held.ts';
import { readPage } from '../store/pages.ts';
import type { StoredProgress } from '../store/progress.ts';
import { listSomeRetriedChunks, type RetriedChunk, readRetryNote } from '../store/retry-notes.ts';
import type { ApiPorts } from './request.ts';

/** Number of retried chunks of which the note is read. If there are more, they are only counted. */
const MAX_NOTES = 50;
const PARALLEL_READS = 16;

/** Work of one kind, and the time since which the oldest of it waits. */
interface Stuck {
  readonly count: number;
  readonly since?: number | undefined;
}

const NOTHING: Stuck = { count: 0 };

/** Returns `undefined` for a job that is final. */
export async function attentionOf(
  job: Job,
  progress: StoredProgress,
  ports: ApiPorts,
): Promise<Attention | undefined> {
  if (isFinal(job.status)) return undefined;
  const prerequisites = isWaiting(job) ? unmetPrerequisites(job).length : 0;
  const isQueued = job.status === 'Waiting' && job.queued === true;
  const stuck = {
    // Each retry sets the note of the job, so a job without a note needs no further reads.
    retrying:
      job.status === 'Active' && progress.note !== undefined ? await retriedWork(job, ports) : NOTHING,
    held: job.status === 'Paused' ? await heldWork(job, ports) : NOTHING,
    waitingForSlot: isQueued ? { count: 1, since: Math.max(job.createTime, job.startDue ?? 0) } : NOTHING,
    waitingForPrerequisite: { count: prerequisites, since: job.createTime },
  };
  const times = Object.values(stuck).flatMap(({ count, since }) =>
    count === 0 || since === undefined ? [] : [since],
  );
  const countOf = ({ count }: Stuck) => Math.min(MAX_ATTENTION, count);
  return {
    retrying: countOf(stuck.retrying),
    held: countOf(stuck.held),
    waitingForSlot: countOf(stuck.waitingForSlot),
    waitingForPrerequisite: countOf(stuck.waitingForPrerequisite),
    ...(times.length === 0 ? {} : { longestSince: Math.min(...times) }),
  };
}

async function heldWork(job: Job, { objects }: ApiPorts): Promise<Stuck> {
  return { count: await countHeld(objects, job), since: job.lastUpdateTime };
}

/** Returns the chunks that are tried again, and the root batch if its splitter is. */
async function retriedWork(job: Job, ports: ApiPorts): Promise<Stuck> {
  const [listed, fence] = await Promise.all([
    listSomeRetriedChunks(ports.objects, job),
    readFence(ports.table, job, ROOT),
  ]);
  const read = await openChunks(job, listed.slice(0, MAX_NOTES), ports);
  const notes = await mapParallel(read, PARALLEL_READS, (chunk) =>
    readRetryNote(ports.objects, { ...job, ...chunk }),
  );
  const trouble = fence?.sealed === false && fence.trouble?.reason !== undefined ? fence.trouble : undefined;
  const times = [trouble, ...notes].flatMap((one) => (one?.since === undefined ? [] : [one.since]));
  return {
    count: read.length + Math.max(0, listed.length - MAX_NOTES) + (trouble === undefined ? 0 : 1),
    since: times.length === 0 ? undefined : Math.min(...times),
  };
}

/** Returns the chunks that are not recorded. The note of a recorded chunk can remain after a crash. */
async function openChunks(
  job: Job,
  chunks: readonly RetriedChunk[],
  { table }: ApiPorts,
): Promise<RetriedChunk[]> {
  const byPage = Map.groupBy(chunks, ({ path, index }) => `${path}/${pageOfChild(index).page}`);
  const open = await mapParallel([...byPage.values()], PARALLEL_READS, async (ofPage) => {
    const [{ path, index } = { path: ROOT, index: 0 }] = ofPage;
    const { elements } = await readPage(table, job, path, pageOfChild(index));
    const recorded = elementsByPosition(elements);
    return ofPage.filter((chunk) => !recorded.has(chunk.index % PAGE_SIZE));
  });
  return open.flat();
}
