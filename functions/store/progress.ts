/** The progress row of a job: counters and the percent that users see, apart from the job row so that writes stay small. */
import type { JobRun } from '#core/job.ts';
import { BILLED_OPERATIONS, type Operations } from '#core/meter.ts';
import type { Row, Table } from '#core/ports.ts';
import { NO_PROGRESS, type Progress, percentHundredths } from '#core/progress.ts';
import { progressKey } from './keys.ts';
import { stragglerTtlSeconds } from './retention.ts';

export interface StoredProgress extends Progress {
  /** What users see, in hundredths of a percent; it only grows. */
  readonly percent: number;
  /** Grows with every write; the second half of the job's ETag. */
  readonly revision: number;
  readonly operations: Operations;
  /** The last that a chunk said of itself. */
  readonly note?: string;
}

const COUNTERS = Object.keys(NO_PROGRESS) as (keyof Progress)[];

export function progressOfRow(row: Row | undefined): StoredProgress {
  const number = (attribute: string) => Number(row?.[attribute] ?? 0);
  return {
    found: number('found'),
    done: number('done'),
    failed: number('failed'),
    skipped: number('skipped'),
    underway: number('underway'),
    batchesOpened: number('batchesOpened'),
    batchesSealed: number('batchesSealed'),
    percent: number('percent'),
    revision: number('revision'),
    operations: Object.fromEntries(BILLED_OPERATIONS.map((operation) => [operation, number(operation)])),
    ...(row?.['note'] === undefined ? {} : { note: String(row['note']) }),
  };
}

export async function readProgress(table: Table, run: JobRun): Promise<StoredProgress> {
  const { row } = await table.get(progressKey(run));
  return progressOfRow(row);
}

/** Adds what was counted, then raises the percent if that made it larger; never lowers it. */
export async function addProgress(
  table: Table,
  run: JobRun,
  delta: Partial<Progress>,
  options: { operations?: Operations; note?: string | undefined; now: number },
): Promise<StoredProgress> {
  const counted = { ...delta, ...options.operations } as Record<string, number | undefined>;
  const add: Record<string, number> = { revision: 1 };
  for (const attribute of [...COUNTERS, ...BILLED_OPERATIONS]) {
    const value = counted[attribute];
    if (value !== undefined && value !== 0) add[attribute] = value;
  }
  const key = progressKey(run);
  const { row } = await table.write(
    {
      kind: 'update',
      key,
      change: {
        add,
        setOnce: { ttl: stragglerTtlSeconds(options.now) },
        ...(options.note === undefined ? {} : { set: { note: options.note } }),
      },
    },
    'new',
  );
  const stored = progressOfRow(row);
  const percent = percentHundredths(stored);
  if (percent <= stored.percent) return stored;
  await table.write({
    kind: 'update',
    key,
    // Who has read the row in between, and its ETag, must see that there is more.
    change: { set: { percent }, add: { revision: 1 } },
    when: [
      {
        anyOf: [
          // Not where the row has just been removed with its job: it would stand there for ever.
          [
            { attribute: 'percent', is: 'absent' },
            { attribute: 'revision', is: 'present' },
          ],
          [{ attribute: 'percent', is: 'less', value: percent }],
        ],
      },
    ],
  });
  return { ...stored, percent };
}
