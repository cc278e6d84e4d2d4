/** A job type: the schema of its parameters, and a mapping from them to the work of a job. */
import * as z from 'zod';
import {
  type DocumentVersion,
  documentDescription,
  documentMembers,
  putMembers,
} from './document-version.ts';

const MAX_MAPPING_LENGTH = 32 * 1024;
const MAX_SETTINGS = 1_000;

const jsonObject = z.record(z.string(), z.unknown());

const members = {
  description: documentDescription,
  parametersSchema: jsonObject
    .optional()
    .describe('JSON Schema 2020-12 of the parameters. Without it, jobs of this type take no parameters.'),
  configuration: z
    .record(z.string(), z.string())
    .refine((map) => Object.keys(map).length <= MAX_SETTINGS, `at most ${MAX_SETTINGS} entries are allowed`)
    .meta({ maxProperties: MAX_SETTINGS })
    .describe('Strings that differ between installations, such as URLs.'),
  constants: jsonObject.describe('JSON values that the mapping uses.'),
  mapping: z
    .string()
    .min(1)
    .max(MAX_MAPPING_LENGTH)
    .describe(
      'JSONata expression over {parameters, configuration, constants, partitionId, jobId}. It returns {batch}, {task} or {template, parameters, items}, and optionally priority and labels.',
    ),
};

export const jobTypeBody = z
  .strictObject({
    ...members,
    description: members.description.default(''),
    configuration: members.configuration.default({}),
    constants: members.constants.default({}),
  })
  .meta({ id: 'JobTypeRequest' });
export type JobTypeBody = z.output<typeof jobTypeBody>;

/** One version of a job type. */
export type JobType = JobTypeBody & DocumentVersion;

export const jobTypeSummarySchema = z
  .strictObject({ ...documentMembers, description: members.description })
  .meta({ id: 'JobTypeSummary' });

export const jobTypeSchema = z
  .strictObject({
    ...documentMembers,
    ...members,
    configuration: members.configuration
      .exactOptional()
      .describe(
        'Strings that differ between installations. Shown only to admins: of the partition or, for a global job type, of all partitions.',
      ),
    ...putMembers,
  })
  .meta({ id: 'JobType' });
export type JobTypeView = z.output<typeof jobTypeSchema>;
