import type { JobRun } from '#core/job.ts';
import { addOperations, type Meter, type Operations } from '#core/meter.ts';
import type { Clock, Table } from '#core/ports.ts';
import { addProgress } from '../store/progress.ts';
import type { ProgressLedger } from './progress-ledger.ts';

export interface WriteLastPorts {
  readonly table: Table;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly ledger: ProgressLedger;
}

/** Writes all counts of a run before it ends, so that a final job always shows its full cost. */
export async function writeLast(
  { table, clock, meter, ledger }: WriteLastPorts,
  run: JobRun,
  ending: Operations,
): Promise<void> {
  const { delta, visits, operations, slowest } = ledger.takeAll(run);
  meter.count(run, addOperations(operations, ending));
  await addProgress(table, run, delta, { now: clock.now(), visits, slowest, operations: meter.take(run) });
}
