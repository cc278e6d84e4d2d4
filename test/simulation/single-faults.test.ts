import { describe, expect, test } from 'vitest';
import { type Fault, NO_FAULTS } from './faults.ts';
import { runSchedule } from './run-schedule.ts';

/**
 * Seeds of schedules with small jobs. The jobs split, nest, fail, use pipelines, and wait for prerequisites, slots and
 * start times. Some expire. Users pause, edit, retry and delete them, also in bulk. The last two schedules run
 * templates: one with a fork, one with outcome codes and a retry. `simulate --replay` prints them.
 */
const SCHEDULES: [Fault, number][] = [
  ['crashBefore', 882],
  ['crashAfter', 729],
  ['replyLost', 944],
  ['refused', 889],
  ['pause', 667],
  ['crashAfter', 5502],
  ['replyLost', 2838],
];
const MOST_STEPS = 400;

/** Injects one fault at each port call in turn. The jobs must end as they do without faults. */
describe('a single fault at any port call does no harm', () => {
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
  const plannedFaults = new Map(step === undefined ? [] : [[step, fault]]);
  return runSchedule(seed, 'liveness', {
    change: (scenario) => ({ ...scenario, rates: NO_FAULTS, maxReceives: 5, plannedFaults }),
  });
}
