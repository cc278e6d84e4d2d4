/** What bulk actions answer: the number of jobs under the name that each verb has for it. */

export const BULK_COUNTS = {
  cancel: 'jobsCanceled',
  delete: 'jobsDeleted',
  pause: 'jobsPaused',
  resume: 'jobsResumed',
  retry: 'jobsRetried',
} as const;
export type BulkVerb = keyof typeof BULK_COUNTS;

export interface BulkOperationView {
  readonly id: string;
  readonly verb: BulkVerb;
  readonly status: 'Running' | 'Completed';
  /** Under one of the names above. */
  readonly [count: `jobs${string}`]: number;
  readonly jobsExamined: number;
  /** Which jobs, as the request said. */
  readonly criteria: object;
  readonly createTime: number;
  readonly lastUpdateTime: number;
  readonly endTime?: number;
  readonly createdBy: string;
  readonly links: Readonly<Record<string, string>>;
}

export function bulkPath(partition: string, id: string): string {
  return `/partitions/${encodeURIComponent(partition)}/bulkOperations/${encodeURIComponent(id)}`;
}
