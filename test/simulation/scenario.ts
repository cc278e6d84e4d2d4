/** Derives a scenario from a seed: jobs, user commands, the deployment, and faults. */
import { Chance } from './chance.ts';
import { type Fault, type FaultRates, NO_FAULTS, randomRates, withMachineFaults } from './faults.ts';
import { type Focus, focusOf } from './seeds.ts';
import { actionsOf, specsOf, type UserAction } from './user-actions.ts';

export type Mode = 'safety' | 'liveness';

export interface Scenario {
  readonly seed: number;
  readonly mode: Mode;
  readonly focus: Focus;
  readonly rates: FaultRates;
  /** Faults at given steps, in addition to random faults. */
  readonly plannedFaults: ReadonlyMap<number, Fault>;
  /** Milliseconds after which faults stop. Infinite in safety mode. */
  readonly faultsStopAt: number;
  readonly maxSteps: number;
  readonly actions: readonly UserAction[];
  readonly instances: number;
  readonly batchSizes: { readonly split: number; readonly worker: number; readonly results: number };
  readonly visibilitySeconds: number;
  /** Possible delays of a duplicate after its original message. */
  readonly duplicateSeconds: readonly number[];
  readonly maxReceives: number;
  readonly skewMillis: number;
  readonly maxStepMillis: number;
  /** Probability that the time of an invocation is up at each check. */
  readonly timeUpProbability: number;
  readonly maxItems: number;
  /** Number of letters that make an item kill its worker. */
  readonly poisons: number;
  readonly statusCacheMillis: number;
  /** Interval between two sweeps. */
  readonly sweepMillis: number;
  /** Maximum time that a job may be Active without progress. */
  readonly idleLimit: string;
  /** Maximum number of items per worker call. 0 means that the worker handles items one by one. */
  readonly itemsPerCall: number;
}

const MINUTE = 60_000;
const LEASE_SECONDS = 30;

/**
 * True if running invocations hide their messages again before the visibility timeout ends. Otherwise, slow invocations run
 * beside their twins.
 */
export function hasLeases({ visibilitySeconds }: Scenario): boolean {
  return visibilitySeconds === LEASE_SECONDS;
}

export function scenarioOf(seed: number, mode: Mode): Scenario {
  const chance = new Chance(seed * 2 + (mode === 'safety' ? 1 : 0));
  const focus = focusOf(seed);
  const rates = drawRates(chance, focus);
  const isQuiet = rates === NO_FAULTS;
  const actions = actionsOf(chance, focus);
  const letters = specsOf(actions).flatMap((spec) => [...spec.letters]);
  const runs =
    1 + actions.filter(({ command }) => ['retry', 'resubmit', 'keyed'].includes(command.kind)).length;
  const skewMillis = focus === 'crowd' ? 0 : chance.pick([0, 2_000, 5 * MINUTE]);
  // A sweeper with a slow clock finds nothing due, so a short interval would only add useless sweeps.
  const sweepMillis = skewMillis > 2_000 ? MINUTE : chance.pick([1_000, 10_000, MINUTE]);
  return {
    seed,
    mode,
    focus,
    rates,
    plannedFaults: new Map(),
    faultsStopAt:
      mode === 'safety' ? Number.POSITIVE_INFINITY : chance.pick([500, 5_000, 20_000, 10 * MINUTE]),
    maxSteps: mode === 'safety' ? chance.pick([300, 800, 2_000]) : 30_000 + 1_000 * runs * letters.length,
    actions,
    instances: chance.between(1, 3),
    batchSizes: {
      split: chance.pick([1, 2, 10]),
      worker: chance.pick([1, 3, 10]),
      results: chance.pick([1, 5, 50]),
    },
    duplicateSeconds: [0, 0, 10, 900],
    visibilitySeconds: chance.pick([LEASE_SECONDS, 90]),
    maxReceives: isQuiet ? 5 : chance.pick([2, 3, 5]),
    skewMillis,
    maxStepMillis: chance.pick([2, 20, 100]),
    timeUpProbability: chance.pick([0, 0.05, 0.4, 1]),
    maxItems: chance.is(0.05) ? 10 : 1_000_000,
    poisons: letters.filter((letter) => /p/i.test(letter)).length,
    statusCacheMillis: 5_000,
    sweepMillis,
    itemsPerCall: chance.pick([0, 0, 2, 25]),
    idleLimit: chance.is(0.3) ? chance.pick(['PT60S', 'PT600S']) : 'P7D',
  };
}

function drawRates(chance: Chance, focus: Focus): FaultRates {
  const rates = focus === 'splitErrors' && chance.is(0.5) ? NO_FAULTS : randomRates(chance);
  // The results of a step refer to item ids, which are lost with a claimed object.
  return focus === 'templates' ? { ...withMachineFaults(rates, chance), claimLoss: 0 } : rates;
}
