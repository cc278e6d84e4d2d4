import type { WebAccess } from '#contract/web-access.ts';
import type { JobBucket, ReadableBucket } from './job-bucket.ts';
import type { JobQueues } from './job-queues.ts';
import type { JobTable } from './job-table.ts';
import type { JobTemplates } from './job-templates.ts';
import type { PartitionReader } from './partition-reader.ts';

/** Resources that the functions of one job service share. */
export interface JobResources {
  readonly table: JobTable;
  readonly bucket: JobBucket;
  readonly queues: JobQueues;
  readonly templates: JobTemplates;
  /** The user's buckets that splitters and workers may read. */
  readonly readBuckets: readonly ReadableBucket[];
  /** Absent if splitters and workers read with their own roles. */
  readonly reader: PartitionReader | undefined;
  readonly maxItems: number;
  readonly idleLimit: string;
  /** Access of splitters and workers to the web. */
  readonly web: WebAccess;
  /** Maximum number of concurrent runs of one function per queue. */
  readonly maxConcurrency: number;
}

/** Time after a pause or cancel until no new chunk starts. */
export const STATUS_CACHE_MILLIS = '5000';
