/** One thread of the simulator. Runs the schedules of its task, all with the same page size. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Mode } from './scenario.ts';
import { useSizes } from './sizes.ts';

export interface LaneTask {
  readonly pageSize: number;
  readonly seeds: readonly number[];
  readonly modes: readonly Mode[];
  /** Name of a planted bug; the lane then stops at the first schedule that finds it. */
  readonly plantedBug?: string;
}

export interface LaneReport {
  readonly seed: number;
  readonly mode: Mode;
  readonly steps: number;
  readonly violations: readonly { readonly invariant: string; readonly detail: string }[];
  readonly leftovers: { readonly rows: number; readonly objects: number };
}

const { pageSize, seeds, modes, plantedBug } = workerData as LaneTask;
useSizes(pageSize);
// Errors are frequent here, and collecting their stacks takes a tenth of the run time.
Error.stackTraceLimit = 0;
const { runSchedule } = await import('./run-schedule.ts');
const { PLANTED_BUGS } = await import('./planted.ts');
const wiring = PLANTED_BUGS.find(({ name }) => name === plantedBug)?.wiring ?? {};

play: for (const seed of seeds) {
  for (const mode of modes) {
    const { steps, violations, leftovers } = await runSchedule(seed, mode, { wiring });
    const leftoverCounts = { rows: leftovers?.rowsOfDeleted ?? 0, objects: leftovers?.objectsOfDeleted ?? 0 };
    parentPort?.postMessage({
      seed,
      mode,
      steps,
      violations,
      leftovers: leftoverCounts,
    } satisfies LaneReport);
    if (plantedBug !== undefined && violations.length > 0) break play;
  }
}
