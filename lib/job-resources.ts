import type { WebAccess } from '#contract/web-access.ts';
import type { JobBucket, ReadableBucket } from './job-bucket.ts';
import type { JobQueues } from './job-queues.ts';
import type { JobTable } from './job-table.ts';
import type { JobTemplates } from './job-templates.ts';
import type { PartitionReader } from './partition-reader.ts';

/** What the functions of one job service share. */
export interface JobResources {
  readonly table: JobTable;
  readonly bucket: JobBucket;
  readonly queues: JobQueues;
  readonly templates: JobTemplates;
  /** Buckets of the users, which splitters and workers may read. */
  readonly readBuckets: readonly ReadableBucket[];
  /** Absent where splitters and workers read with their own roles. */
  readonly reader: PartitionReader | undefined;
  readonly maxItems: number;
  readonly idleLimit: string;
  /** What splitters and workers may reach of it. */
  readonly web: WebAccess;
  /** Runs of one function at a time that one queue may cause. */
  readonly maxConcurrency: number;
}

/** After a pause or cancel no new chunk starts once this has passed. */
export const STATUS_CACHE_MILLIS = '5000';
