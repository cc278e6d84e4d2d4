/** Job types that were put through the API. */
import type { JobTypeBody } from '#contract/job-type.ts';
import { jobTypeKeys } from './keys.ts';
import { Versioned } from './versioned.ts';

/** Those of one partition; without one, those of all partitions. */
export function storedJobTypes(partition: string | undefined): Versioned<JobTypeBody> {
  return new Versioned(jobTypeKeys(partition));
}
