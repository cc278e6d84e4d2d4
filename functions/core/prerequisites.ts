/** Prerequisites of a job: other jobs of its partition. */
import type { JobStatus } from './job-status.ts';

export const PREREQUISITE_FAILURE_POLICIES = ['fail', 'ignore', 'wait'] as const;
/** The reaction of a job to a prerequisite that did not complete. */
export type PrerequisiteFailurePolicy = (typeof PREREQUISITE_FAILURE_POLICIES)[number];

export interface Prerequisite {
  readonly job: string;
  /** True if the prerequisite counts as met when the job does not exist. */
  readonly preCreated?: true;
  /** The lowest run number that counts. An earlier, deleted job of this id counts as missing. */
  readonly since: number;
  /** When it was met. Stored because the job may be deleted before the other prerequisites are met. */
  readonly metAt?: number;
}

/** Root cause of a job that can no longer start: the first job of the chain that did not complete. */
export interface RootCause {
  readonly job: string;
  readonly status: EndedStatus;
}

/** Status of a prerequisite that did not complete. */
export type EndedStatus =
  | Exclude<JobStatus, 'Waiting' | 'Active' | 'Paused' | 'Blocked' | 'Completed'>
  | 'Deleted';
