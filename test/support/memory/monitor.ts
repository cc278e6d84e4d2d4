import type { AlarmState, Monitor } from '#core/monitor.ts';
import type { QueueDepth } from '#core/queue-desk.ts';

/** Alarms and ages that a test sets. The platform measures them, so memory has none by itself. */
export class MemoryMonitor implements Monitor {
  states: AlarmState[] = [];
  readonly ages = new Map<QueueDepth['queue'], number>();

  async alarms(): Promise<AlarmState[]> {
    return this.states;
  }

  async oldestMessages(): Promise<ReadonlyMap<QueueDepth['queue'], number>> {
    return this.ages;
  }
}
