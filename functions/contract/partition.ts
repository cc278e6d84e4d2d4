/** The settings of a partition, in requests and responses. */
import * as z from 'zod';
import { isRetention, RETENTION_PATTERN, RETENTION_RULE } from '#core/expiry.ts';
import { DEFAULT_SETTINGS, MAX_ACTIVE_JOBS, type PartitionSettings } from '#core/partition-settings.ts';
import { priority } from './create-job.ts';
import { expiryPolicies } from './expiry.ts';
import { count, timeOf } from './quantities.ts';

const MAX_DURATION_LENGTH = 100;

type Defaults = PartitionSettings['defaults'];

const defaults: z.ZodType<Defaults, Defaults> = z
  .strictObject({ priority: priority.optional(), expiry: expiryPolicies.optional() })
  .describe('For jobs that are created from now on and say nothing themselves.');

const members = {
  maxActiveJobs: z
    .int()
    .min(1)
    .max(MAX_ACTIVE_JOBS)
    .describe('Jobs that may be under way at a time, paused ones included; the others wait in line.'),
  suspended: z.boolean().describe('No job starts; those that have go on.'),
  retention: z
    .string()
    .max(MAX_DURATION_LENGTH)
    .refine(isRetention, { error: ({ input }) => `'${input}' is no retention; it is ${RETENTION_RULE}` })
    .meta({ pattern: RETENTION_PATTERN, format: 'retention' })
    .describe(`How long final jobs are kept that say nothing themselves: ${RETENTION_RULE}.`),
  defaults,
};

export const partitionBody = z.strictObject({
  maxActiveJobs: members.maxActiveJobs.default(DEFAULT_SETTINGS.maxActiveJobs),
  suspended: members.suspended.default(DEFAULT_SETTINGS.suspended),
  retention: members.retention.default(DEFAULT_SETTINGS.retention),
  defaults: defaults.default(DEFAULT_SETTINGS.defaults),
});

export const partitionSchema = z
  .strictObject({
    partition: z.string(),
    ...members,
    activeJobs: count.describe('Jobs that are under way now.'),
    version: count.describe('Of the settings; 0 where they were never put.'),
    lastUpdateTime: timeOf('When they were put last').exactOptional(),
  })
  .meta({ id: 'Partition' });
export type PartitionView = z.output<typeof partitionSchema>;
