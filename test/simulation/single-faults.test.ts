import { describe, expect, test } from 'vitest';
import { type Fault, NO_FAULTS } from './faults.ts';
import { runSchedule } from './run-schedule.ts';

/**
 * Small jobs that split, nest, fail and pass through several workers, wait for each other, for places and for their time,
 * expire, and are paused, edited, retried, deleted and changed in bulk meanwhile; the last two run templates, one with a
 * fork, the other with codes and a retry. `simulate --replay` shows them.
 */
const SCHEDULES: [Fault, number][] = [
  ['crashBefore', 882],
  ['crashAfter', 729],
  ['replyLost', 944],
  ['refused', 889],
  ['pause', 667],
  ['crashAfter', 5726],
  ['replyLost', 2838],
];
const MOST_STEPS = 400;

/** One thing goes wrong, at each port call in turn, and nothing else: the jobs must end as if nothing had. */
describe('a single fault does no harm, wherever it strikes', () => {
  test.each(SCHEDULES)('%s in schedule %i', async (fault, seed) => {
    const quiet = await play(seed, undefined, fault);
    const violated: string[] = [];

    for (let step = 0; step < quiet.steps; step += 1) {
      const { violations } = await play(seed, step, fault);
      violated.push(...violations.map(({ invariant, detail }) => `step ${step}: ${invariant}: ${detail}`));
    }

    expect(violated).toEqual([]);
    expect(quiet.violations).toEqual([]);
    expect(quiet.steps).toBeGreaterThan(60);
    expect(quiet.steps).toBeLessThan(MOST_STEPS);
  });
});

function play(seed: number, step: number | undefined, fault: Fault) {
  const planned = new Map(step === undefined ? [] : [[step, fault]]);
  return runSchedule(seed, 'liveness', {
    change: (scenario) => ({ ...scenario, rates: NO_FAULTS, maxReceives: 5, planned }),
  });
}
