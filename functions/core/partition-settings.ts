import { DEFAULT_RETENTION, type Expiry } from './expiry.ts';

/** What an admin lays down for a partition; the defaults hold where its settings were never put. */
export interface PartitionSettings {
  /** Jobs that may be under way at a time: begun and not final, paused ones included. */
  readonly maxActiveJobs: number;
  /** Nothing new is begun; what is under way goes on. */
  readonly suspended: boolean;
  /** How long final jobs are kept that say nothing themselves: an ISO 8601 duration. */
  readonly retention: string;
  /** For jobs that say nothing themselves. */
  readonly defaults: { readonly priority?: number | undefined; readonly expiry?: Expiry | undefined };
}

export const MAX_ACTIVE_JOBS = 100_000;

export const DEFAULT_SETTINGS: PartitionSettings = {
  maxActiveJobs: 100,
  suspended: false,
  retention: DEFAULT_RETENTION,
  defaults: {},
};
