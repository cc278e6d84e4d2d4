/** Creates a job: its row, its captured request, its first history entry and what waits for it, all at once. */
import { type Job, runOf } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Row, Table, Write } from '#core/ports.ts';
import { historyPut } from './history.ts';
import { isDeleted, isMissing, isRun, jobOfRow, rowOfJob } from './job-rows.ts';
import { dependentKey, jobKey, requestKey } from './keys.ts';

/** Everything about a new job that the caller decides. The store assigns the run number and the version. */
export type NewJob = Omit<
  Job,
  'runNumber' | 'version' | 'lastUpdateTime' | 'status' | 'followUp' | 'pausedFrom'
> & {
  /** Creates the job paused: it does not start before it is resumed. */
  readonly hold?: boolean;
  /** Origin of the job, for its history. */
  readonly reason?: string;
};

/** The captured request: inline if small, otherwise an object that was written before. */
export type CapturedRequest = ({ readonly body: string } | { readonly key: string }) & {
  /** The content is the request together with the batch that was made from it. */
  readonly translated?: true;
};

export type CreatedJob =
  | { readonly kind: 'created' | 'same'; readonly job: Job }
  | { readonly kind: 'exists'; readonly job: Job };

/** The Idempotency-Key belongs to an earlier request. */
export interface ClaimedKey {
  readonly kind: 'claimed';
  readonly row: Row;
}

export async function insertJob(table: Table, draft: NewJob, request: CapturedRequest): Promise<CreatedJob>;
export async function insertJob(
  table: Table,
  draft: NewJob,
  request: CapturedRequest,
  claimBy: (job: Job) => Write,
): Promise<CreatedJob | ClaimedKey>;
/**
 * Creates the job in one transaction, or returns the existing job with that id. The claim of an
 * Idempotency-Key is part of the transaction, so a claim never exists without its job.
 */
export async function insertJob(
  table: Table,
  draft: NewJob,
  request: CapturedRequest,
  claimBy?: (job: Job) => Write,
): Promise<CreatedJob | ClaimedKey> {
  for (;;) {
    const { row } = await table.get(jobKey(draft), { strong: true });
    const existingJob = row === undefined ? undefined : jobOfRow(row);
    if (existingJob !== undefined) {
      return { kind: existingJob.requestHash === draft.requestHash ? 'same' : 'exists', job: existingJob };
    }
    const runNumber = row === undefined ? 1 : Number(row['runNumber']) + 1;
    const { hold = false, reason = hold ? 'hold' : undefined, ...fields } = draft;
    const job: Job = {
      ...fields,
      runNumber,
      version: 1,
      lastUpdateTime: draft.createTime,
      ...(hold ? { status: 'Paused', pausedFrom: 'Waiting' } : { status: 'Waiting', followUp: 'dispatch' }),
    };
    const claimWrites = claimBy === undefined ? [] : [claimBy(job)];
    const result = await table.transact([
      {
        kind: 'put',
        row: rowOfJob(job),
        when: [{ anyOf: [[isMissing], [isDeleted, isRun(runNumber - 1)]] }],
      },
      { kind: 'put', row: { ...requestKey(job), ...request } },
      historyPut(job, {
        version: job.version,
        time: job.createTime,
        verb: 'create',
        actor: job.createdBy,
        to: job.status,
        ...omitUndefined({ reason }),
      }),
      ...dependentWrites(job),
      ...claimWrites,
    ]);
    if (result.kind === 'written') return { kind: 'created', job };
    const claimRow = claimWrites.length === 0 ? undefined : result.refused.at(-1);
    if (claimRow !== undefined && claimRow !== 'missing') return { kind: 'claimed', row: claimRow };
  }
}

/**
 * Rows that name the job as a dependent of each prerequisite, so that the prerequisite can wake it when it
 * ends. They are written before the first check of the prerequisites.
 */
function dependentWrites(job: Job): Write[] {
  const { prerequisites = [] } = job;
  return prerequisites.map((prerequisite) => ({
    kind: 'put',
    row: { ...dependentKey(prerequisite.job, job), ...runOf(job) },
  }));
}
