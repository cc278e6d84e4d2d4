/** Counts how often chunks are sent under duplicates and crashes. */
import { NO_FAULTS } from './faults.ts';
import { runSchedule } from './run-schedule.ts';

/** Crash probability of a port call. With about ten calls an invocation, about 5 % of invocations crash. */
const CRASH_AT_A_CALL = 0.005;
const RATES = {
  ...NO_FAULTS,
  duplicate: 0.2,
  crashBefore: CRASH_AT_A_CALL / 2,
  crashAfter: CRASH_AT_A_CALL / 2,
};
/** A crash while a large batch is split sends many chunks again, so blocks of 150 schedules vary from 1.01 to 1.22. */
export const SENDS_SCHEDULES = 450;

export interface SendsOfChunks {
  readonly chunks: number;
  readonly sends: number;
  readonly violations: readonly { readonly seed: number; readonly detail: unknown }[];
}

/** Runs the schedules with 20 % duplicates within 15 minutes and 5 % of invocations crashing. */
export async function sendsOfChunks(): Promise<SendsOfChunks> {
  const sum = { chunks: 0, sends: 0 };
  const violations: { seed: number; detail: unknown }[] = [];
  for (let seed = 0; seed < SENDS_SCHEDULES; seed += 1) {
    const found = await runSchedule(seed, 'liveness', {
      change: (scenario) => ({
        ...scenario,
        rates: RATES,
        faultsStopAt: Number.POSITIVE_INFINITY,
        duplicateSeconds: [0, 1, 10, 60, 900],
      }),
    });
    violations.push(...found.violations.map((detail) => ({ seed, detail })));
    sum.chunks += found.chunks;
    sum.sends += found.sends;
  }
  return { ...sum, violations };
}
