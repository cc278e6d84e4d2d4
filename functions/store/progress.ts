/**
 * The progress row of a job: its counters and the percentage that users see. Separate from the job row, so
 * that writes stay small.
 */
import { type Job, type JobRun, runNumbersOf } from '#core/job.ts';
import { addOperations, BILLED_OPERATIONS, type Operations } from '#core/meter.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Condition, Row, Table } from '#core/ports.ts';
import { NO_PROGRESS, type Progress, percentHundredths } from '#core/progress.ts';
import { type ChunkTime, decodeSlowest, encodeSlowest, slowestOf } from '#core/slowest.ts';
import {
  flowCounters,
  flowPercentHundredths,
  runningSteps,
  type VisitProgress,
} from '#core/template/flow-progress.ts';
import { progressKey } from './keys.ts';
import { stragglerTtlSeconds } from './retention.ts';

export interface StoredProgress extends Progress {
  /** Percentage that users see, in hundredths of a percent; never decreases. */
  readonly percent: number;
  /** Incremented by every write; the second half of the job's ETag. */
  readonly revision: number;
  readonly operations: Operations;
  /** Time of the last progress; absent before the first. */
  readonly progressTime?: number;
  /** The slowest chunks, the longest time first. */
  readonly slowest: readonly ChunkTime[];
  /** Last note from a chunk. */
  readonly note?: string;
  /** Steps in progress of a job that runs a template. */
  readonly running?: readonly string[];
}

const PARALLEL_READS = 8;
const COUNTERS = Object.keys(NO_PROGRESS) as (keyof Progress)[];

export function progressOfRow(row: Row | undefined): StoredProgress {
  const number = (attribute: string) => Number(row?.[attribute] ?? 0);
  const visits = visitsOfRow(row);
  const counters = countersOfRow(row);
  return {
    ...(visits.length === 0 ? counters : flowCounters(counters, visits)),
    percent: number('percent'),
    revision: number('revision'),
    operations: Object.fromEntries(BILLED_OPERATIONS.map((operation) => [operation, number(operation)])),
    slowest: decodeSlowest(String(row?.['slowest'] ?? '')),
    ...(row?.['progressTime'] === undefined ? {} : { progressTime: number('progressTime') }),
    ...(row?.['note'] === undefined ? {} : { note: String(row['note']) }),
    ...(visits.length === 0 ? {} : { running: runningSteps(visits) }),
  };
}

function countersOfRow(row: Row | undefined, prefix = ''): Progress {
  const counters = COUNTERS.map((counter) => [counter, Number(row?.[`${prefix}${counter}`] ?? 0)]);
  return Object.fromEntries(counters) as unknown as Progress;
}

/** Attributes of a visit are named `v<node>.<name>`, so that one row holds everything that a view shows. */
const visitPrefix = (node: number) => `v${node}.`;

function visitsOfRow(row: Row | undefined): VisitProgress[] {
  return [...visitsByNode(row).values()];
}

/** Returns the visits in the order of their nodes. */
function visitsByNode(row: Row | undefined): Map<number, VisitProgress> {
  const nodeNumbers = Object.keys(row ?? {}).flatMap((name) => /^v(\d+)\.step$/.exec(name)?.slice(1) ?? []);
  const nodes = nodeNumbers.map(Number).toSorted((one, other) => one - other);
  return new Map(nodes.map((node) => [node, visitOfRow(row, node)]));
}

function visitOfRow(row: Row | undefined, node: number): VisitProgress {
  const value = (what: string) => row?.[`${visitPrefix(node)}${what}`];
  const { done, failed, skipped, underway } = countersOfRow(row, visitPrefix(node));
  return {
    step: String(value('step')),
    isLast: value('isLast') === true,
    splits: value('splits') === true,
    hasEnded: value('hasEnded') === true,
    ...{ done, failed, skipped, underway },
  };
}

/** Records the start of a visit. `steps` is the number of steps in the template. */
export async function beginStep(
  table: Table,
  run: JobRun,
  visit: { node: number; step: string; isLast: boolean; splits: boolean; steps: number; now: number },
): Promise<void> {
  const { node, steps, now, ...facts } = visit;
  const attributes = Object.entries(facts).map(([name, value]) => [`${visitPrefix(node)}${name}`, value]);
  const set = { ...Object.fromEntries(attributes), steps, progressTime: now };
  const change = { set, add: { revision: 1 }, setOnce: { ttl: stragglerTtlSeconds(now) } };
  await table.write({ kind: 'update', key: progressKey(run), change });
}

/** Records that all items of a visit are done. */
export async function endStep(table: Table, run: JobRun, node: number, now: number): Promise<void> {
  const set = { [`${visitPrefix(node)}hasEnded`]: true, progressTime: now };
  const change = { set, add: { revision: 1 }, setOnce: { ttl: stragglerTtlSeconds(now) } };
  const { row } = await table.write({ kind: 'update', key: progressKey(run), change }, 'new');
  await raise(table, run, { row });
}

export async function readProgress(
  table: Table,
  run: JobRun,
  options: { strong?: boolean } = {},
): Promise<StoredProgress> {
  const { row } = await table.get(progressKey(run), options);
  return progressOfRow(row);
}

/** Returns the operations of all runs of a job. `progress` is that of the current run. */
export async function operationsOfJob(
  table: Table,
  job: Job,
  { operations }: StoredProgress,
): Promise<Operations> {
  const [, ...earlierRuns] = runNumbersOf(job);
  const earlier = await mapParallel(earlierRuns, PARALLEL_READS, (runNumber) =>
    readProgress(table, { ...job, runNumber }),
  );
  return earlier.map((run) => run.operations).reduce(addOperations, operations);
}

/** Returns the counters of each visit of a job that runs a template, by node. */
export async function readVisitProgress(table: Table, run: JobRun): Promise<Map<number, VisitProgress>> {
  const { row } = await table.get(progressKey(run));
  return visitsByNode(row);
}

/**
 * Adds to the counters, then raises the percentage if it grew, and adds the slowest chunks. The percentage never decreases.
 */
export async function addProgress(
  table: Table,
  run: JobRun,
  delta: Partial<Progress>,
  options: {
    operations?: Operations;
    note?: string | undefined;
    /** Counters of each visit of a job that runs a template, by node. */
    visits?: ReadonlyMap<number, Progress>;
    /** Chunks that may be among the slowest. */
    slowest?: readonly ChunkTime[];
    now: number;
  },
): Promise<StoredProgress> {
  const counters = { ...delta, ...options.operations } as Record<string, number | undefined>;
  const add: Record<string, number> = { revision: 1 };
  for (const attribute of [...COUNTERS, ...BILLED_OPERATIONS]) {
    const value = counters[attribute];
    if (value !== undefined && value !== 0) add[attribute] = value;
  }
  for (const [node, counts] of options.visits ?? []) {
    for (const [counter, value] of Object.entries(counts)) {
      if (value !== 0) add[`${visitPrefix(node)}${counter}`] = value;
    }
  }
  // Operations are counted for redelivered messages too, so they alone are not progress.
  const isProgress =
    options.note !== undefined ||
    (options.visits?.size ?? 0) > 0 ||
    COUNTERS.some((counter) => (delta[counter] ?? 0) !== 0);
  const { row } = await table.write(
    {
      kind: 'update',
      key: progressKey(run),
      change: {
        add,
        setOnce: { ttl: stragglerTtlSeconds(options.now) },
        set: {
          ...omitUndefined({ note: options.note }),
          ...(isProgress ? { progressTime: options.now } : {}),
        },
      },
    },
    'new',
  );
  return raise(table, run, { row, slowest: options.slowest });
}

/** Removes a note, unless a newer one has replaced it. */
export async function removeNote(table: Table, run: JobRun, note: string, now: number): Promise<void> {
  await table.write({
    kind: 'update',
    key: progressKey(run),
    change: { remove: ['note'], add: { revision: 1 }, setOnce: { ttl: stragglerTtlSeconds(now) } },
    when: [{ attribute: 'note', is: 'equal', value: note }],
  });
}

/** Several instances may add slow chunks at the same time. One that is refused so often gives up its chunks. */
const MAX_RAISES = 5;

/** Raises the percentage and merges the slowest chunks, in one write, if that changes the row. */
async function raise(
  table: Table,
  run: JobRun,
  { row, slowest = [] }: { row: Row | undefined; slowest?: readonly ChunkTime[] | undefined },
): Promise<StoredProgress> {
  const stored = progressOfRow(row);
  let current: ReadProgress = { row, progress: stored };
  for (let tries = 0; tries < MAX_RAISES; tries += 1) {
    const { slowest: storedSlowest, percent: storedPercent } = current.progress;
    const percent = Math.max(storedPercent, percentOf(current));
    const merged = slowestOf([...storedSlowest, ...slowest]);
    const encoded = encodeSlowest(merged);
    const isSlower = encoded !== encodeSlowest(storedSlowest);
    if (percent === storedPercent && !isSlower) return { ...stored, percent, slowest: merged };
    const result = await table.write({
      kind: 'update',
      key: progressKey(run),
      // The new revision invalidates the ETag of a caller that read the row before this write.
      change: {
        set: { percent, ...(isSlower ? { slowest: encoded } : {}) },
        add: { revision: 1 },
      },
      when: [
        // The row may just have been removed with its job; creating it again would leave it forever.
        { attribute: 'revision', is: 'present' },
        notAbove('percent', percent),
        ...(isSlower ? [unchanged('slowest', current.row)] : []),
      ],
    });
    if (result.kind === 'written' || !isSlower) return { ...stored, percent, slowest: merged };
    if (result.row === undefined) return stored;
    current = { row: result.row, progress: progressOfRow(result.row) };
  }
  return stored;
}

interface ReadProgress {
  readonly row: Row | undefined;
  readonly progress: StoredProgress;
}

function percentOf({ row, progress }: ReadProgress): number {
  const visits = visitsOfRow(row);
  return visits.length === 0
    ? percentHundredths(progress)
    : flowPercentHundredths(progress, visits, Number(row?.['steps'] ?? 0));
}

function notAbove(attribute: string, value: number): Condition {
  return { anyOf: [[{ attribute, is: 'absent' }], [{ attribute, is: 'atMost', value }]] };
}

function unchanged(attribute: string, row: Row | undefined): Condition {
  const value = row?.[attribute];
  return value === undefined ? { attribute, is: 'absent' } : { attribute, is: 'equal', value: String(value) };
}
