/**
 * The rules of a command: the request it makes, the changes it may cause, and the responses that are correct.
 * A new command needs its own file here, a row in `catalogue.ts` and an entry in `user-actions.ts`.
 */
import type { Operation } from '#contract/routes.ts';
import type { HistoryEntry } from '#core/history.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { Job, JobKey } from '#core/job.ts';
import type { Keyed } from './keyed.ts';
import type { Settings } from './settings.ts';

/** A parsed API request. */
export interface Call {
  readonly operation: Operation;
  /** Job of the path, in addition to the partition. */
  readonly job?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiResponse {
  readonly status: number;
  /** Error code of a problem response. */
  readonly code?: string;
  readonly body?: unknown;
}

/** State of a job at some moment, or `undefined` if the job did not exist. */
export type JobState = Job | undefined;

/** One visible change of a job, with its history entry. */
export interface JobChange {
  readonly key: JobKey;
  readonly before: JobState;
  readonly after: JobState;
  readonly entry: HistoryEntry | undefined;
}

/** Events that happened during a request. */
export interface Observation {
  /** Returns the state at the start of the request, followed by each later state of the job. */
  states(key: JobKey): readonly JobState[];
  /** Returns all states of the job since it first existed. */
  history(key: JobKey): readonly JobState[];
  /** Returns the jobs that requests of any user created with this Idempotency-Key. */
  createdUnderKey(
    partition: string,
    key: string,
  ): readonly { readonly command: Keyed; readonly job: string; readonly change: JobChange }[];
  /** Returns the settings at the start of the request, followed by each later version. */
  settings(partition: string): readonly Settings[];
  /** Returns every job of the partition that ever existed. */
  jobs(partition: string): readonly JobKey[];
  /**
   * Returns true if a recorded time was before the request, despite the clock errors of its recorder and the
   * API.
   */
  isBeforeCall(time: number): boolean;
  /** Changes that this request made. */
  readonly changes: readonly JobChange[];
  /** Returns the newest outcome of each item of the job, or `undefined` if they cannot be determined. */
  outcomes(job: Job): readonly OutcomeRecord[] | undefined;
}

export interface Rules<C> {
  call(command: C, key: JobKey): Call;
  /** Returns true if the command may cause this change. */
  allows(command: C, key: JobKey, change: JobChange): boolean;
  /** Returns true if the response is consistent with what happened during the request. */
  isCorrect(command: C, key: JobKey, response: ApiResponse, observation: Observation): boolean;
  /** Returns every job that the command may touch. Default: the job of the key. */
  touches?(command: C, key: JobKey): readonly string[];
}

export function isOf(key: JobKey, { key: { partition, job } }: JobChange): boolean {
  return key.partition === partition && key.job === job;
}
