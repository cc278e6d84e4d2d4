/** Job types that were put through the API. */
import type { JobTypeBody } from '#contract/job-type.ts';
import { JOB_TYPE_KEYS } from './keys.ts';
import { Versioned } from './versioned.ts';

export const storedJobTypes = new Versioned<JobTypeBody>(JOB_TYPE_KEYS);
