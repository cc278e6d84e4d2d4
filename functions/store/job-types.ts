/** Job types that were created through the API. */
import * as z from 'zod';
import type { JobTypeBody } from '#contract/job-type.ts';
import { jobTypeKeys } from './keys.ts';
import { Versioned } from './versioned.ts';

/** Without the limits of a request: another release may have stored it under other limits. */
const storedBody = z.strictObject({
  description: z.string(),
  parametersSchema: z.record(z.string(), z.unknown()).optional(),
  configuration: z.record(z.string(), z.string()),
  constants: z.record(z.string(), z.unknown()),
  mapping: z.string(),
});

/** Returns the job types of one partition, or the global ones if `partition` is undefined. */
export function storedJobTypes(partition: string | undefined): Versioned<JobTypeBody> {
  return new Versioned(jobTypeKeys(partition), storedBody);
}
