/** Members of views that explain delayed work. A service that does not report them leaves them out. */
import type { Job, Task } from '../client/index.ts';

export interface Attention {
  readonly retrying?: number;
  readonly held?: number;
  readonly waitingForSlot?: number | boolean;
  readonly waitingForPrerequisite?: number | boolean;
  /** Milliseconds since 1970. */
  readonly longestSince?: number;
}

export function attentionOf(job: Job): Attention | undefined {
  return (job as Job & { attention?: Attention }).attention;
}

export interface DelayedTask {
  readonly attempt?: number;
  readonly lastError?: unknown;
  /** Milliseconds since 1970. */
  readonly nextAttemptAt?: number;
}

export function delayOf(task: Task): DelayedTask {
  return task as Task & DelayedTask;
}
