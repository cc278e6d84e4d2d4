/** Job types that were created through the API. */
import type { JobTypeBody } from '#contract/job-type.ts';
import { jobTypeKeys } from './keys.ts';
import { Versioned } from './versioned.ts';

/** Returns the job types of one partition, or the global ones if `partition` is undefined. */
export function storedJobTypes(partition: string | undefined): Versioned<JobTypeBody> {
  return new Versioned(jobTypeKeys(partition));
}
