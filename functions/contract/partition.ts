/** The settings of a partition, in requests and responses. */
import * as z from 'zod';
import { isRetention, RETENTION_PATTERN, RETENTION_RULE } from '#core/expiry-policy.ts';
import { DEFAULT_SETTINGS, MAX_ACTIVE_JOBS, type PartitionSettings } from '#core/partition-settings.ts';
import { priority } from './create-job.ts';
import { expiryPolicies } from './expiry.ts';
import { count, timeOf } from './quantities.ts';

const MAX_DURATION_LENGTH = 100;

type Defaults = PartitionSettings['defaults'];

const defaults: z.ZodType<Defaults, Defaults> = z
  .strictObject({ priority: priority.optional(), expiry: expiryPolicies.optional() })
  .describe('Defaults for new jobs that do not set these members.');

const members = {
  maxActiveJobs: z
    .int()
    .min(1)
    .max(MAX_ACTIVE_JOBS)
    .describe(
      'Number of slots: jobs that have started and are not final, including paused ones. Other jobs wait on the waitlist.',
    ),
  suspended: z.boolean().describe('True if no further job may start. Jobs that have started continue.'),
  retention: z
    .string()
    .max(MAX_DURATION_LENGTH)
    .refine(isRetention, {
      error: ({ input }) => `'${input}' is not a valid retention. Use ${RETENTION_RULE}`,
    })
    .meta({ pattern: RETENTION_PATTERN, format: 'retention' })
    .describe(`Time for which final jobs without their own policy are kept: ${RETENTION_RULE}.`),
  defaults,
};

export const partitionBody = z
  .strictObject({
    maxActiveJobs: members.maxActiveJobs.default(DEFAULT_SETTINGS.maxActiveJobs),
    suspended: members.suspended.default(DEFAULT_SETTINGS.suspended),
    retention: members.retention.default(DEFAULT_SETTINGS.retention),
    defaults: defaults.default(DEFAULT_SETTINGS.defaults),
  })
  .meta({ id: 'PartitionRequest' });

export const partitionSchema = z
  .strictObject({
    partition: z.string(),
    ...members,
    activeJobs: count.describe('Number of slots in use.'),
    version: count.describe('Version of the settings; 0 if they were never put.'),
    lastUpdateTime: timeOf('Time at which they were last put').exactOptional(),
  })
  .meta({ id: 'Partition' });
export type PartitionView = z.output<typeof partitionSchema>;
