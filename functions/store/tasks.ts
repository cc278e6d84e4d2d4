/** One level of a job's tree, as far as the table has it. Complete nodes of a final job are cleared. */
import type { Job } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import {
  elementsByPosition,
  PAGE_SIZE,
  type PageState,
  pageOfChild,
  type Totals,
  totalsOf,
} from '#core/page.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Objects, Table } from '#core/ports.ts';
import { childPath, ROOT, type TaskPath } from '#core/task-path.ts';
import type { VisitProgress } from '#core/template/flow-progress.ts';
import { type Fence, readFence } from './fences.ts';
import { readPage } from './pages.ts';
import { readVisitProgress } from './progress.ts';
import { listRetriedChunks, type RetriedChunk, readChunkError, readRetryNote } from './retry-notes.ts';
import { listVisits, type Visit } from './visits.ts';

const PARALLEL_READS = 16;

export interface Task {
  readonly path: TaskPath;
  /** `task`: a batch or a chunk. Which of them is known only once it has started. */
  readonly kind: 'step' | 'batch' | 'chunk' | 'task';
  /** `sent`: no progress is known yet. `splitting`: more children may follow. */
  readonly state: 'sent' | 'splitting' | 'working' | 'retrying' | 'complete';
  /** Name of the step, and its outcome. */
  readonly step?: string;
  readonly outcome?: string;
  /** Number of children found so far, for steps and batches. */
  readonly children?: number;
  /** Totals of a complete task, or the totals of a step so far. */
  readonly totals?: Totals;
  /** Number of failed attempts of an unfinished task, and the last error. */
  readonly attempt?: number;
  readonly lastError?: string;
  readonly nextAttemptAt?: number;
  /** Time of the first failed attempt. */
  readonly since?: number;
}

type Retry = Pick<Task, 'attempt' | 'lastError' | 'nextAttemptAt' | 'since'>;

export interface TaskPorts {
  readonly table: Table;
  readonly objects: Pick<Objects, 'get' | 'list'>;
}

export interface TaskRange {
  /** Index of the first child. */
  readonly from: number;
  readonly limit: number;
}

/**
 * Returns the children of a node in order. `next` is the index of the first child of the next page, if any.
 */
export async function listTasks(
  ports: TaskPorts,
  job: Job,
  parent: TaskPath,
  range: TaskRange,
): Promise<{ tasks: Task[]; next?: number }> {
  return job.flow !== undefined && parent === ROOT
    ? stepsOf(ports.table, job, range)
    : childrenOf(ports, job, parent, range);
}

async function stepsOf(
  table: Table,
  job: Job,
  { from, limit }: TaskRange,
): Promise<{ tasks: Task[]; next?: number }> {
  const [visits, progress] = await Promise.all([listVisits(table, job), readVisitProgress(table, job)]);
  const visitsOfPage = visits.filter(({ node }) => node >= from).slice(0, limit);
  const tasks = await mapParallel(visitsOfPage, PARALLEL_READS, async (visit): Promise<Task> => {
    const path = childPath(ROOT, visit.node);
    const fence = await readFence(table, job, path);
    return {
      path,
      kind: 'step',
      ...(visit.answer === undefined ? stateOf(fence) : { state: 'complete' }),
      ...visitMembers(visit),
      ...omitUndefined({ children: fence?.next }),
      totals: visit.answer ?? partialTotals(visit, progress.get(visit.node)),
    };
  });
  const next = (visitsOfPage.at(-1)?.node ?? from) + 1;
  return visits.some(({ node }) => node >= next) ? { tasks, next } : { tasks };
}

function visitMembers({ step, answer }: Visit): Pick<Task, 'step' | 'outcome'> {
  return { step, ...omitUndefined({ outcome: answer?.outcome }) };
}

/**
 * Carried items failed or were skipped in an earlier step. The number that has passed through is unknown, so
 * the result is a lower bound.
 */
function partialTotals({ carried }: Visit, counted: VisitProgress | undefined): Totals {
  const { done, failed, skipped } = counted ?? { done: 0, failed: 0, skipped: 0 };
  const own = {
    failed: Math.max(0, failed - carried.failed),
    skipped: Math.max(0, skipped - carried.skipped),
  };
  return { ...own, items: done - failed - skipped + own.failed + own.skipped };
}

async function childrenOf(
  { table, objects }: TaskPorts,
  job: Job,
  parent: TaskPath,
  { from, limit }: TaskRange,
): Promise<{ tasks: Task[]; next?: number }> {
  const fence = await readFence(table, job, parent);
  if (fence === undefined) return { tasks: [] };
  const end = Math.min(from + limit, fence.next);
  const indexes = Array.from({ length: Math.max(0, end - from) }, (_, i) => from + i);
  const pages = await pagesOf(table, job, parent, indexes);
  const retried = isFinal(job.status)
    ? new Map<number, RetriedChunk>()
    : await listRetriedChunks(objects, job, { path: parent, from, end });
  const tasks = await mapParallel(indexes, PARALLEL_READS, async (index): Promise<Task> => {
    const path = childPath(parent, index);
    // If no child is a batch, no child has a fence.
    const own = fence.batches === 0 ? undefined : await readFence(table, job, path);
    const recorded = recordedOf(pages, index, job.plan.itemsPerTask);
    const chunk = recorded.totals === undefined ? retried.get(index) : undefined;
    const retry = chunk && (await readRetry(objects, job, chunk));
    return {
      ...childOf(path, fence, own, recorded),
      ...(retry && { kind: 'chunk', state: 'retrying', ...retry }),
    };
  });
  return end < fence.next ? { tasks, next: end } : { tasks };
}

interface RecordedState {
  readonly totals?: Totals | undefined;
  /** True if an update reported progress. */
  readonly isUnderway: boolean;
}

function childOf(
  path: TaskPath,
  parent: Fence,
  own: Fence | undefined,
  { totals, isUnderway }: RecordedState,
): Task {
  const completion = totals === undefined ? undefined : { state: 'complete' as const, totals };
  if (own !== undefined) return { path, kind: 'batch', ...stateOf(own), children: own.next, ...completion };
  const isBegun = isUnderway || completion !== undefined;
  const kind = parent.batches === 0 || isBegun ? 'chunk' : 'task';
  return { path, kind, state: isUnderway ? 'working' : 'sent', ...completion };
}

function stateOf(fence: Fence | undefined): Pick<Task, 'state'> & Retry {
  if (fence === undefined) return { state: 'sent' };
  const { sealed, trouble } = fence;
  if (sealed) return { state: 'working' };
  if (trouble?.reason === undefined) return { state: 'splitting' };
  const { tries: attempt, reason: lastError, since } = trouble;
  return { state: 'retrying', attempt, lastError, ...omitUndefined({ since }) };
}

/** Returns the failed attempts of a chunk; `undefined` if they were deleted meanwhile. */
async function readRetry(
  objects: TaskPorts['objects'],
  job: Job,
  chunk: RetriedChunk,
): Promise<Retry | undefined> {
  const note = chunk.hasNote ? await readRetryNote(objects, { ...job, ...chunk }) : undefined;
  if (note !== undefined) {
    const { attempt, lastError, nextAttemptAt, since } = note;
    return { attempt, lastError, nextAttemptAt, since };
  }
  const lastError = chunk.hasError ? await readChunkError(objects, { ...job, ...chunk }) : undefined;
  return lastError === undefined ? undefined : { lastError };
}

/** Children as recorded in a page of the lowest level. */
interface RecordedPage extends Pick<PageState, 'underway'> {
  readonly elements: ReadonlyMap<number, bigint>;
}

/** Returns the pages of these children, by page number. */
async function pagesOf(
  table: Table,
  job: Job,
  parent: TaskPath,
  indexes: readonly number[],
): Promise<Map<number, RecordedPage>> {
  const numbers = [...new Set(indexes.map((index) => pageOfChild(index).page))];
  const pages = await mapParallel(numbers, PARALLEL_READS, async (page) => {
    const { elements, underway } = await readPage(table, job, parent, { level: 0, page });
    return [page, { elements: elementsByPosition(elements), ...omitUndefined({ underway }) }] as const;
  });
  return new Map(pages);
}

function recordedOf(
  pages: ReadonlyMap<number, RecordedPage>,
  index: number,
  itemsPerTask: number,
): RecordedState {
  const { elements, underway } = pages.get(pageOfChild(index).page) ?? {};
  const position = index % PAGE_SIZE;
  const element = elements?.get(position);
  return {
    totals: element === undefined ? undefined : totalsOf(element, itemsPerTask),
    isUnderway: underway?.has(position) ?? false,
  };
}
