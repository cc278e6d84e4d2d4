/**
 * What a command of users is to the simulator: the request it makes, the changes it may make, and which answers are
 * true. A new command is one file like its neighbours, a row in `catalogue.ts` and a place in `wishes.ts`.
 */
import type { Operation } from '#contract/routes.ts';
import type { HistoryEntry } from '#core/history.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { Job, JobKey } from '#core/job.ts';
import type { Keyed } from './keyed.ts';
import type { Settings } from './settings.ts';

/** A request of the API, as its route understands it. */
export interface Call {
  readonly operation: Operation;
  /** Beside the partition. */
  readonly job?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  /** Of a problem. */
  readonly code?: string;
  readonly body?: unknown;
}

/** The job as it stood at some moment; `undefined`: there was none. */
export type Standing = Job | undefined;

/** One change of a job that a user can see, and the entry of the history that came with it. */
export interface JobChange {
  readonly key: JobKey;
  readonly before: Standing;
  readonly after: Standing;
  readonly entry: HistoryEntry | undefined;
}

/** What happened while a request was on its way. */
export interface Seen {
  /** Each state of the job since the request began, that in which it began first. */
  standings(key: JobKey): readonly Standing[];
  /** Each state of the job since there was one. */
  history(key: JobKey): readonly Standing[];
  /** The jobs that requests with this Idempotency-Key created, by whichever users. */
  underKey(
    partition: string,
    key: string,
  ): readonly { readonly command: Keyed; readonly job: string; readonly change: JobChange }[];
  /** Those of the partition since the request began, that with which it began first. */
  settings(partition: string): readonly Settings[];
  /** Every job that there ever was. */
  jobs(partition: string): readonly JobKey[];
  /** Whether a time that some instance noted was before the request, however wrong its clock and that of the API are. */
  wasBefore(time: number): boolean;
  /** What this very request changed. */
  readonly changes: readonly JobChange[];
  /** The newest outcome of each item of the job; `undefined` where it cannot be known. */
  outcomes(job: Job): readonly OutcomeRecord[] | undefined;
}

export interface Rules<C> {
  call(command: C, key: JobKey): Call;
  /** Whether a request for it may make this change. */
  allows(command: C, key: JobKey, change: JobChange): boolean;
  /** Whether the answer is true of what happened meanwhile. */
  isTrue(command: C, key: JobKey, answer: Answer, seen: Seen): boolean;
  /** Every job that a request for it may touch; absent: that of the key. */
  touches?(command: C, key: JobKey): readonly string[];
}

export function isOf(key: JobKey, { key: { partition, job } }: JobChange): boolean {
  return key.partition === partition && key.job === job;
}
