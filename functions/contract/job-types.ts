/** A job type: what its parameters must look like, and how they become the work of a job. */
import * as z from 'zod';
import { timeOf } from './quantities.ts';

const MAX_DESCRIPTION_LENGTH = 10_000;
const MAX_MAPPING_LENGTH = 32 * 1024;
const MAX_SETTINGS = 1_000;

/** A type is read for each job that names it: its row stays at a few read units. */
export const MAX_JOB_TYPE_BYTES = 128 * 1024;

const jsonObject = z.record(z.string(), z.unknown());

const members = {
  description: z.string().max(MAX_DESCRIPTION_LENGTH),
  parametersSchema: jsonObject
    .optional()
    .describe('JSON Schema 2020-12 of the parameters; without one, a job of this type has none.'),
  configuration: z
    .record(z.string(), z.string())
    .refine((map) => Object.keys(map).length <= MAX_SETTINGS, `at most ${MAX_SETTINGS} entries are allowed`)
    .describe('Strings that differ between installations, such as addresses.'),
  constants: jsonObject.describe('Values of any form that the mapping uses.'),
  mapping: z
    .string()
    .min(1)
    .max(MAX_MAPPING_LENGTH)
    .describe(
      'JSONata over {parameters, configuration, constants, partitionId, jobId}; yields {batch}, {task} or {template, parameters, items}, and priority and labels if wished.',
    ),
};

export const jobTypeBody = z.strictObject({
  ...members,
  description: members.description.default(''),
  configuration: members.configuration.default({}),
  constants: members.constants.default({}),
});
export type JobTypeBody = z.output<typeof jobTypeBody>;

/** One version of a job type. */
export interface JobType extends JobTypeBody {
  readonly name: string;
  /** Counts up from 1; of types that come with the deployment, `deployed-` and a hash of what they are. */
  readonly version: string;
}

const shown = {
  name: z.string(),
  version: z
    .string()
    .describe(
      'Counts up from 1; of types that come with the deployment, `deployed-` and a hash of what they are.',
    ),
  description: members.description,
  deployed: z.boolean().describe('Whether it came with the deployment and can be changed only there.'),
};

export const jobTypeSummarySchema = z.strictObject(shown).meta({ id: 'JobTypeSummary' });

export const jobTypeSchema = z
  .strictObject({
    ...shown,
    ...members,
    createTime: timeOf('When this version was put; absent where it is deployed').exactOptional(),
    createdBy: z.string().exactOptional().describe('The sub of the token that put it.'),
  })
  .meta({ id: 'JobType' });
export type JobTypeView = z.output<typeof jobTypeSchema>;
