/** P9: how often a chunk is sent under duplicates and crashes, in schedules of the simulator. */
import { NO_FAULTS } from '../../simulation/faults.ts';
import { runSchedule } from '../../simulation/run-schedule.ts';
import type { Measurement } from '../row.ts';

const SCHEDULES = 450;
/** Crash probability of a port call. With about ten calls an invocation, about 5 % of invocations crash. */
const CRASH_AT_A_CALL = 0.005;
const MAX_SENDS = 1.1;
/** Simulated before the fences existed (docs/explanation/decisions/0003-fences.md). */
const WITHOUT_FENCES = 38.6;

export const measureSends: Measurement = async () => {
  const sum = { chunks: 0, sends: 0 };
  const rates = {
    ...NO_FAULTS,
    duplicate: 0.2,
    crashBefore: CRASH_AT_A_CALL / 2,
    crashAfter: CRASH_AT_A_CALL / 2,
  };
  for (let seed = 0; seed < SCHEDULES; seed += 1) {
    const { chunks, sends, violations } = await runSchedule(seed, 'liveness', {
      change: (scenario) => ({
        ...scenario,
        rates,
        faultsStopAt: Number.POSITIVE_INFINITY,
        duplicateSeconds: [0, 1, 10, 60, 900],
      }),
    });
    if (violations.length > 0) throw new Error(`seed ${seed}: ${JSON.stringify(violations)}`);
    sum.chunks += chunks;
    sum.sends += sends;
  }
  const sends = sum.sends / sum.chunks;
  return [
    {
      id: 'P9',
      what: `Sends of a chunk, 20 % duplicates, 5 % crashes, ${SCHEDULES} schedules`,
      measured: sends.toFixed(2),
      reference: `without fences: ${WITHOUT_FENCES}`,
      goal: `≤ ${MAX_SENDS.toFixed(2)}`,
      isMet: sends <= MAX_SENDS,
    },
  ];
};
