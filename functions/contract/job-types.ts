/** A job type: what its parameters must look like, and how they become the work of a job. */
import * as z from 'zod';

const MAX_DESCRIPTION_LENGTH = 10_000;
const MAX_MAPPING_LENGTH = 32 * 1024;
const MAX_SETTINGS = 1_000;

/** A type is read for each job that names it: its row stays at a few read units. */
export const MAX_JOB_TYPE_BYTES = 128 * 1024;

const jsonObject = z.record(z.string(), z.unknown());

export const jobTypeBody = z.strictObject({
  description: z.string().max(MAX_DESCRIPTION_LENGTH).default(''),
  parametersSchema: jsonObject
    .optional()
    .describe('JSON Schema 2020-12 of the parameters; without one, a job of this type has none.'),
  configuration: z
    .record(z.string(), z.string())
    .refine((map) => Object.keys(map).length <= MAX_SETTINGS, `at most ${MAX_SETTINGS} entries are allowed`)
    .default({})
    .describe('Strings that differ between installations, such as addresses.'),
  constants: jsonObject.default({}).describe('Values of any form that the mapping uses.'),
  mapping: z
    .string()
    .min(1)
    .max(MAX_MAPPING_LENGTH)
    .describe(
      'JSONata over {parameters, configuration, constants, partitionId, jobId}; yields {batch}, and priority and labels if wished.',
    ),
});
export type JobTypeBody = z.output<typeof jobTypeBody>;

/** One version of a job type. */
export interface JobType extends JobTypeBody {
  readonly name: string;
  /** Counts up from 1; of types that come with the deployment, `deployed-` and a hash of what they are. */
  readonly version: string;
}

export interface JobTypeView extends JobType {
  /** Whether it came with the deployment and can be changed only there. */
  readonly deployed: boolean;
  readonly createTime?: number;
  readonly createdBy?: string;
}
