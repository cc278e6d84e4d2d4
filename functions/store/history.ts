/**
 * History rows. Each is written in the transaction of the change it describes, under the version that the
 * change creates.
 */
import * as v from 'valibot';
import { integer } from '#contract/integers.ts';
import { HISTORY_VERBS, type HistoryEntry, SYSTEM } from '#core/history.ts';
import { type Failure, generationOf, type Job, type JobRun } from '#core/job.ts';
import { JOB_STATUSES, type JobMove } from '#core/job-status.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Table, Write } from '#core/ports.ts';
import { HISTORY_ROWS, historyKey, runRowsPk } from './keys.ts';
import { readStored } from './stored.ts';

export interface Cause {
  readonly now: number;
  /** Absent for the system itself. */
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
  readonly failure?: Failure | undefined;
}

type AnyRun = JobRun & Pick<Job, 'firstRunNumber'>;

/** All runs of a job share one history, stored under the first one. */
function firstRunOf(job: AnyRun): JobRun {
  return { ...job, runNumber: generationOf(job) };
}

const storedEntry: v.GenericSchema<HistoryEntry> = v.object({
  version: integer,
  time: integer,
  verb: v.picklist(HISTORY_VERBS),
  actor: v.string(),
  from: v.exactOptional(v.picklist(JOB_STATUSES)),
  to: v.exactOptional(v.picklist(JOB_STATUSES)),
  reason: v.exactOptional(v.string()),
});

/** History entries have no TTL: everything that users see of a job is kept as long as the job. */
export function historyPut(job: Job, entry: HistoryEntry): Write {
  return { kind: 'put', row: { ...historyKey(firstRunOf(job), entry.version), ...entry } };
}

/** Returns the write of a move's history entry, for the transaction of the move. */
export function moveEntry(before: Job, after: Job, move: JobMove, cause: Cause): Write {
  const reason = cause.reason ?? cause.failure?.failureMessage;
  return historyPut(after, {
    version: after.version,
    time: cause.now,
    verb: move === 'resumeWaiting' ? 'resume' : move,
    actor: cause.actor ?? SYSTEM,
    from: before.status,
    to: after.status,
    ...omitUndefined({ reason }),
  });
}

/** Oldest first. Strongly consistent: includes the entry of every change that has returned. */
export async function listHistory(
  table: Table,
  job: AnyRun,
  options: { limit: number; after?: Readonly<Record<string, unknown>> },
): Promise<{ entries: HistoryEntry[]; next?: Readonly<Record<string, unknown>> }> {
  const page = await table.query({
    pk: runRowsPk(firstRunOf(job)),
    begins: HISTORY_ROWS,
    strong: true,
    ...options,
  });
  const entries = page.rows.map((row) => readStored(storedEntry, row, 'history entry'));
  return omitUndefined({ entries, next: page.next });
}
