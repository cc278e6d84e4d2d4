/** The port through which operators see what the platform measures of a deployment. */
import type { QueueDepth } from './queue-desk.ts';

/** `unknown`: the platform has not enough data. */
export type AlarmStatus = 'ok' | 'alarm' | 'unknown';

export interface AlarmState {
  readonly name: string;
  /** The condition, and the next step. */
  readonly description: string;
  readonly status: AlarmStatus;
  /** Time of the last change of the status, in milliseconds since 1970. */
  readonly since: number;
  /** The reason that the platform gives for the status. */
  readonly reason: string;
}

export interface Monitor {
  /** Returns the alarms of the deployment. */
  alarms(): Promise<readonly AlarmState[]>;
  /** Returns the age of the oldest message of each queue, in seconds. Queues without a recent value are left out. */
  oldestMessages(): Promise<ReadonlyMap<QueueDepth['queue'], number>>;
}
