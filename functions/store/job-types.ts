/** Job types that were put through the API. */
import type { JobTypeBody } from '#contract/job-types.ts';
import { JOB_TYPE_KEYS } from './keys.ts';
import { type Version, Versioned } from './versioned.ts';

export type StoredJobType = JobTypeBody & Version;

export const storedJobTypes = new Versioned<JobTypeBody>(JOB_TYPE_KEYS);
