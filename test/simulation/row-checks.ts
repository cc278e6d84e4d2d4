/** Checks of each write to tracking rows: pages, fences and progress. */
import type { JobRun } from '#core/job.ts';
import { PAGE_SIZE } from '#core/page.ts';
import type { Row } from '#core/ports.ts';
import { isSealed } from '#core/progress.ts';
import { slowestOf } from '#core/slowest.ts';
import { parentOf, ROOT } from '#core/task-path.ts';
import { progressOfRow } from '../../functions/store/progress.ts';
import type { ChangeRecord } from '../support/memory/table.ts';
import { areEqual } from '../support/memory/values.ts';
import { checkVisitNumbers } from './flow-checks.ts';
import { nodeOfPath } from './flow-truth.ts';
import { recordLog } from './outcome-truth.ts';
import { largest, type RunTruth, runId } from './truth.ts';
import type { Watch } from './watch.ts';

const POSITIONS = 1_000n;
const MAX_UNFINISHED_PERCENT = 9_999;
/** Tolerance for shares of invocations, which are fractions. */
const ROUNDING = 1e-6;

/** Checks that each element of a page represents children that are completely recorded. */
export function checkPage(watch: Watch, run: JobRun, change: ChangeRecord): void {
  const row = change.new;
  if (row === undefined) return;
  const truth = watch.truthOf(run);
  const [, , , , , path = '', pagePosition = ''] = row.pk.split('#');
  const [level = 0, page = 0] = pagePosition.split('.').map(Number);
  recordLog(watch, { truth, path, page }, change);
  // A late instance may still tick for a final job: the tick has no effect.
  if (truth.endedAt !== undefined) return;
  checkEdge(watch, { truth, path, level, page }, row);
  const before = (change.old?.['d'] as ReadonlySet<bigint> | undefined) ?? new Set();
  for (const element of (row['d'] as ReadonlySet<bigint> | undefined) ?? []) {
    if (before.has(element)) continue;
    const span = PAGE_SIZE ** level;
    const first = (page * PAGE_SIZE + Number(element % POSITIONS)) * span;
    checkSpan(watch, { truth, path, first, last: first + span - 1 }, row.pk);
  }
}

interface Span {
  readonly truth: RunTruth;
  readonly path: string;
  readonly first: number;
  readonly last: number;
}

function checkSpan(watch: Watch, { truth, path, first, last }: Span, pk: string): void {
  const node = truth.node(path);
  const end = node.childCount === undefined ? last : Math.min(last, node.childCount - 1);
  if (end < first) watch.violated('a page holds only children that were sent', `${pk} holds child ${first}`);
  for (let index = first; index <= end; index += 1) {
    if (!node.children.has(index)) {
      watch.violated('a page holds only children that were sent', `${pk} holds child ${index}`);
    } else if (!truth.isChildDone(path, index)) {
      watch.violated('a page holds only children that are recorded', `${pk} holds child ${index}`);
    } else continue;
    return;
  }
}

/** Checks that a page waits for the correct number of children. */
function checkEdge(
  watch: Watch,
  { truth, path, level, page }: { truth: RunTruth; path: string; level: number; page: number },
  row: Row,
): void {
  const expectedSize = row['n'];
  if (expectedSize === undefined) return;
  const { childCount } = truth.node(path);
  if (childCount === undefined) {
    watch.violated('a page is sealed after its node', row.pk);
    return;
  }
  let count = childCount;
  for (let below = 0; below < level; below += 1) count = Math.ceil(count / PAGE_SIZE);
  const trueSize = Math.min(PAGE_SIZE, count - page * PAGE_SIZE);
  if (expectedSize !== trueSize)
    watch.violated('a sealed page has the correct size', `${row.pk}: ${expectedSize}, not ${trueSize}`);
  if ((row['t'] === true) !== count <= PAGE_SIZE)
    watch.violated('only the top page is marked as top', row.pk);
}

/** Position up to which the node of a fence has been split. */
function positionOf(fence: Row | undefined) {
  return [fence?.['next'], fence?.['from'], fence?.['slices'], fence?.['cursor']];
}

export function checkFence(watch: Watch, run: JobRun, { old, new: row }: ChangeRecord): void {
  if (row === undefined) return;
  const truth = watch.truthOf(run);
  const node = truth.node(String(row['path']));
  if (truth.flow !== undefined && node.path === ROOT) checkVisitNumbers(watch, truth, truth.flow, row);
  const next = Number(row['next']);
  if (old !== undefined && next < Number(old['next'])) {
    watch.violated('a fence never moves back', `${runId(run)} ${node.path}: ${old['next']} → ${next}`);
  }
  for (let index = 0; index < next; index += 1) {
    if (node.children.has(index)) continue;
    watch.violated(
      'a fence covers only children that were sent',
      `${runId(run)} ${node.path}: ${index} is before it but was not sent`,
    );
    break;
  }
  if (!areEqual(positionOf(old), positionOf(row))) truth.fenceMoves += 1;
  if (truth.endedAt === undefined) node.fences.push({ at: watch.trace.steps, next });
}

/** Maximum age of a write: a stalled instance writes its older counts when it resumes. */
const LATEST_WRITE_MILLIS = 20 * 60_000;

/** Checks that each increase of the counts updates the progress time. */
function recordProgress(watch: Watch, run: JobRun, old: Row | undefined, row: Row): void {
  const isProgress = ['found', 'done', 'batchesSealed'].some(
    (name) => Number(row[name] ?? 0) > Number(old?.[name] ?? 0),
  );
  if (!isProgress) return;
  const time = Number(row['progressTime'] ?? 0);
  const now = watch.clock.now();
  const { skewMillis } = watch.scenario;
  // A retry takes over the counts of the previous run.
  const isFirstRowOfRetry = old === undefined && watch.truthOf(run).takeover !== undefined;
  if (!isFirstRowOfRetry && (time > now + skewMillis || time < now - skewMillis - LATEST_WRITE_MILLIS))
    watch.violated('progress has a plausible time', `${runId(run)}: ${time} at ${now}`);
  watch.truthOf(run).progressAt = time;
}

export function checkProgress(watch: Watch, run: JobRun, { old, new: row }: ChangeRecord): void {
  if (row === undefined) return;
  const truth = watch.truthOf(run);
  const percent = Number(row['percent'] ?? 0);
  const where = `${runId(run)}: ${JSON.stringify(row)}`;
  if (
    old === undefined &&
    truth.takeover !== undefined &&
    !truth.isDeleted &&
    percent !== truth.takeover.percent
  )
    watch.violated('a retry starts with the percentage of items that have not failed', where);
  if (percent < truth.percent && !truth.isDeleted) watch.violated('percent never decreases', where);
  if (percent > MAX_UNFINISHED_PERCENT) watch.violated('percent stays below 100', where);
  truth.percent = percent;
  recordProgress(watch, run, old, row);
  // After pages and fences are cleared, an outdated instance may count redelivered messages again.
  if (truth.endedAt !== undefined) return;
  if (Number(row['done'] ?? 0) > truth.reportedTotals(largest)[0]) {
    watch.violated('no more items are counted than were reported', where);
  }
  if (Number(row['failed'] ?? 0) > truth.reportedTotals(largest)[1]) {
    watch.violated('no more failures are counted than were reported', where);
  }
  checkVisitCounts(watch, truth, row, where);
  checkSlowest(watch, truth, { old, row }, where);
  // A redelivered report bills twice, so this is exact only without faults.
  const invocations = watch.invocations.get(`${run.partition}/${run.job}`) ?? 0;
  if (watch.isFaultless && !truth.wasDisturbed && Number(row['invocations'] ?? 0) > invocations + ROUNDING) {
    watch.violated('no more operations are billed than were performed', where);
  }
  if (
    truth.flow === undefined &&
    isSealed(progressOfRow(row)) &&
    [...truth.nodes.values()].some(({ childCount }) => childCount === undefined)
  ) {
    watch.violated('progress is sealed only after every node is sealed', where);
  }
  // A chunk may report less at its next worker or in a second run. That decrease may be lost or late.
  const countedThousandths = 1_000 * Number(row['done'] ?? 0) + Number(row['underway'] ?? 0);
  if (
    watch.isFaultless &&
    !truth.hasDecreased &&
    !truth.wasDisturbed &&
    countedThousandths > truth.doneThousandths
  ) {
    watch.violated('an update of a recorded chunk does not count', where);
  }
  if (Number(row['found'] ?? 0) > truth.itemsSent)
    watch.violated('no more items are found than were sent', where);
}

/** Checks that the count of each visit does not exceed its reports. */
function checkVisitCounts(watch: Watch, truth: RunTruth, row: Row, where: string): void {
  for (const { node } of truth.flow?.visitNodes ?? []) {
    const reports = [...truth.reports].filter(([address]) => nodeOfPath(address) === node);
    const countedThousandths = Number(row[`v${node}.done`] ?? 0);
    if (countedThousandths > reports.reduce((sum, [, all]) => sum + largest(all, 0), 0))
      watch.violated('no more items are counted for a step than were reported', `${where} node ${node}`);
  }
}

/** Checks that the slowest chunks were reported, and that no write loses one of them to a faster chunk. */
function checkSlowest(
  watch: Watch,
  truth: RunTruth,
  { old, row }: { readonly old: Row | undefined; readonly row: Row },
  where: string,
): void {
  const { slowest } = progressOfRow(row);
  const { slowest: before } = progressOfRow(old);
  if (!areEqual(slowestOf([...before, ...slowest]), slowest))
    watch.violated('the list of slowest chunks only gets slower', where);
  for (const { path } of slowest) {
    const parent = parentOf(path);
    if (parent === undefined || !truth.reports.has(`${parent.path}/${parent.index}`))
      watch.violated('a slow chunk was reported', `${where} ${path}`);
  }
}
