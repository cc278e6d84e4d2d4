import type { JobStatus } from '#core/job-status.ts';

/** The jobs of a partition in numbers. */
export interface JobStatsView {
  readonly total: number;
  /** Each status is there, with 0 if need be. */
  readonly byStatus: Readonly<Record<JobStatus, number>>;
  /** Of all jobs that are Active: the items done since each of them started, by that time. */
  readonly itemsPerMinute: number;
  readonly oldestWaiting: { readonly id: string; readonly createTime: number } | null;
}
