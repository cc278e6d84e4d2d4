import { DEFAULT_RETENTION, type Expiry } from './expiry-policy.ts';

/** The settings of a partition, by an admin. The defaults apply if they were never put. */
export interface PartitionSettings {
  /** Number of slots: jobs that have started and are not final, including paused ones. */
  readonly maxActiveJobs: number;
  /** True if no further job may start. Jobs that have started continue. */
  readonly suspended: boolean;
  /** Time for which final jobs without their own policy are kept: an ISO 8601 duration. */
  readonly retention: string;
  /** Defaults for jobs that do not set these members. */
  readonly defaults: { readonly priority?: number | undefined; readonly expiry?: Expiry | undefined };
}

export const MAX_ACTIVE_JOBS = 100_000;

export const DEFAULT_SETTINGS: PartitionSettings = {
  maxActiveJobs: 100,
  suspended: false,
  retention: DEFAULT_RETENTION,
  defaults: {},
};
