/** Job types that were created through the API. */
import * as v from 'valibot';
import type { JobTypeBody } from '#contract/job-type.ts';
import { jobTypeKeys } from './keys.ts';
import { Versioned } from './versioned.ts';

const json = v.record(v.string(), v.unknown());

/** Without the limits of a request: another release may have stored it under other limits. */
const storedBody = v.looseObject({
  description: v.string(),
  parametersSchema: v.optional(json),
  configuration: v.record(v.string(), v.string()),
  constants: json,
  mapping: v.string(),
});

/** Returns the job types of one partition, or the global ones if `partition` is undefined. */
export function storedJobTypes(partition: string | undefined): Versioned<JobTypeBody> {
  return new Versioned(jobTypeKeys(partition), storedBody);
}
