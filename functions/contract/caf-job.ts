/** A job as CAF clients know it. Those that are generated refuse other members, other statuses, and null. */
import type { JobStatus } from '#core/job-status.ts';
import type { FailureSummary, JobView } from './job-view.ts';

const CAF_STATUSES = {
  Waiting: 'Waiting',
  Active: 'Active',
  Paused: 'Paused',
  Blocked: 'Active',
  Completed: 'Completed',
  Failed: 'Failed',
  Cancelled: 'Cancelled',
  Expired: 'Failed',
} as const satisfies Record<JobStatus, JobStatus>;
export type CafStatus = (typeof CAF_STATUSES)[JobStatus];

export type CafJob = Pick<
  JobView,
  | 'id'
  | 'name'
  | 'description'
  | 'externalData'
  | 'createTime'
  | 'lastUpdateTime'
  | 'percentageComplete'
  | 'labels'
> & {
  readonly status: CafStatus;
  readonly failures: readonly Omit<FailureSummary, 'code'>[];
};

export function cafStatus(status: JobStatus): CafStatus {
  return CAF_STATUSES[status];
}

/** Texts that the job does not have are left out. */
export function cafJob(view: JobView): CafJob {
  const { id, name, description, externalData } = view;
  const { createTime, lastUpdateTime, status, percentageComplete, failures, labels } = view;
  return {
    id,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(externalData === undefined ? {} : { externalData }),
    createTime,
    lastUpdateTime,
    status: cafStatus(status),
    percentageComplete,
    failures: failures.map(({ code: _code, ...failure }) => failure),
    labels,
  };
}
