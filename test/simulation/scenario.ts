/** What a seed stands for: jobs, what users do with them, the shape of the deployment, and what goes wrong. */
import type { BatchPlan, ItemFailurePolicy, JobKey } from '#core/job.ts';
import { PAGE_SIZE } from '#core/page.ts';
import { Chance } from './chance.ts';
import { type Fault, type FaultRates, NO_FAULTS, randomRates } from './faults.ts';
import { itemsOfTree, type Tree, TreeMaker } from './trees.ts';
import type { WorkerParameters } from './workers.ts';

export type Mode = 'safety' | 'liveness';

/** One creation of a job. */
export interface JobSpec {
  /** Unique in the schedule; the request's hash. */
  readonly name: string;
  readonly key: JobKey;
  readonly plan: BatchPlan;
  readonly batch: {
    readonly definition: unknown;
    readonly parameters: WorkerParameters;
  };
  /** Every item and its letter; absent where the source shifts. */
  readonly items: ReadonlyMap<string, string> | undefined;
  /** Of all its items, at least of about as many where the source shifts. */
  readonly letters: string;
}

export type UserAction =
  | { readonly kind: 'create'; readonly at: number; readonly spec: JobSpec }
  | { readonly kind: 'cancel' | 'delete' | 'pause' | 'resume'; readonly at: number; readonly key: JobKey };

export interface Scenario {
  readonly seed: number;
  readonly mode: Mode;
  readonly rates: FaultRates;
  /** Faults at certain steps, beside those that come by chance. */
  readonly planned: ReadonlyMap<number, Fault>;
  /** When faults stop; never in safety mode. */
  readonly faultsStopAt: number;
  readonly maxSteps: number;
  readonly actions: readonly UserAction[];
  readonly instances: number;
  readonly batchSizes: { readonly split: number; readonly worker: number; readonly results: number };
  readonly visibilitySeconds: number;
  /** How long after the first a duplicate comes, one of these. */
  readonly duplicateSeconds: readonly number[];
  readonly maxReceives: number;
  readonly skewMillis: number;
  readonly maxStepMillis: number;
  /** How likely the time of an invocation is up, whenever it looks. */
  readonly isOver: number;
  readonly maxItems: number;
  /** Items that kill their worker. */
  readonly poisons: number;
  readonly statusCacheMillis: number;
}

const MINUTE = 60_000;

export function scenarioOf(seed: number, mode: Mode): Scenario {
  const chance = new Chance(seed * 2 + (mode === 'safety' ? 1 : 0));
  const rates = randomRates(chance);
  const isQuiet = rates === NO_FAULTS;
  const actions = actionsOf(chance);
  const specs = actions.flatMap((action) => (action.kind === 'create' ? [action.spec] : []));
  return {
    seed,
    mode,
    rates,
    planned: new Map(),
    faultsStopAt:
      mode === 'safety' ? Number.POSITIVE_INFINITY : chance.pick([500, 5_000, 20_000, 10 * MINUTE]),
    maxSteps:
      mode === 'safety'
        ? chance.pick([300, 800, 1_500])
        : 30_000 + 1_000 * specs.reduce((sum, { letters }) => sum + letters.length, 0),
    actions,
    instances: chance.between(1, 3),
    batchSizes: {
      split: chance.pick([1, 2, 10]),
      worker: chance.pick([1, 3, 10]),
      results: chance.pick([1, 5, 50]),
    },
    duplicateSeconds: [0, 0, 10, 900],
    visibilitySeconds: chance.pick([30, 90]),
    maxReceives: isQuiet ? 5 : chance.pick([2, 3, 5]),
    skewMillis: chance.pick([0, 2_000, 5 * MINUTE]),
    maxStepMillis: chance.pick([2, 20, 100]),
    isOver: chance.pick([0, 0.05, 0.4, 1]),
    maxItems: chance.is(0.05) ? 10 : 1_000_000,
    poisons: specs.flatMap(({ letters }) => [...letters]).filter((letter) => /p/i.test(letter)).length,
    statusCacheMillis: 5_000,
  };
}

const KEYS: readonly JobKey[] = [
  { partition: 'north', job: 'a' },
  { partition: 'south', job: 'a' },
  { partition: 'north', job: 'b c%' },
];

function actionsOf(chance: Chance): UserAction[] {
  const maker = new TreeMaker(chance);
  const actions: UserAction[] = [];
  for (const key of KEYS.slice(0, chance.pick([1, 1, 2, 3]))) {
    let at = chance.below(300);
    actions.push({ kind: 'create', at, spec: specOf(chance, maker, key) });
    actions.push(...pausesOf(chance, key, at));
    if (chance.is(0.15)) actions.push({ kind: 'cancel', at: at + chance.below(6_000), key });
    for (let again = chance.is(0.3); again; again = chance.is(0.3)) {
      at += chance.pick([200, 3_000, 20_000, 5 * MINUTE]) + chance.below(1_000);
      actions.push({ kind: 'delete', at, key });
      if (chance.is(0.3)) break;
      at += chance.below(500);
      actions.push({ kind: 'create', at, spec: specOf(chance, maker, key) });
    }
  }
  return actions.sort((a, b) => a.at - b.at);
}

/** Pauses at any moment, each followed by a resume: a job that stays paused would never end. */
function pausesOf(chance: Chance, key: JobKey, createdAt: number): UserAction[] {
  const actions: UserAction[] = [];
  let at = createdAt;
  for (let pauses = chance.pick([0, 0, 1, 3]); pauses > 0; pauses -= 1) {
    at += chance.below(chance.pick([50, 2_000, 20_000]));
    actions.push({ kind: 'pause', at, key });
    at += chance.below(chance.pick([50, 6_000, 60_000]));
    actions.push({ kind: 'resume', at, key });
  }
  return actions;
}

function specOf(chance: Chance, maker: TreeMaker, key: JobKey): JobSpec {
  const itemsPerTask = chance.pick([1, 1, 2, 3]);
  const isShifting = chance.is(0.25);
  const isHeavy = chance.is(0.02);
  const { splitter, definition } = maker.make({
    letters: `ssss${chance.pick(['', 'b', 'fk', 'rx', 'e', 'frkxes', 'p'])}${chance.pick(['', 'F', 'R', 'P'])}`,
    depth: chance.between(0, 3),
    splitters: chance
      .pick([['tree'], ['tree', 'range'], ['range'], ['tree', 'items']])
      .concat(isShifting ? ['shifting', 'shifting'] : []),
    wide: PAGE_SIZE < 16 ? 0.25 : 0.01,
    itemsPerTask,
    checkpoints: chance.pick([0.2, 0.8]),
    heavy: isHeavy ? 0.3 : 0,
  });
  const parameters = {
    takesTime: chance.is(0.3),
    ...(chance.is(0.3) ? { failEvery: 5 } : {}),
    ...(isHeavy ? { ballast: 'x'.repeat(5_000) } : {}),
  };
  const plan: BatchPlan = {
    splitter,
    worker: 'first',
    pipeline: chance.pick([[], [], [], ['second'], ['second', 'first'], ['nowhere']]),
    itemsPerTask,
    onItemFailure: policyOf(chance),
    maxAttempts: chance.between(1, 3),
    outcomes: chance.pick(['all', 'all', 'failures']),
  };
  const name = `request ${chance.random.id()}`;
  const seen = new Map(itemsOfTree(splitter, definition));
  const items = shifts(splitter, definition) ? undefined : seen;
  return { name, key, plan, batch: { definition, parameters }, items, letters: [...seen.values()].join('') };
}

function policyOf(chance: Chance): ItemFailurePolicy {
  return chance.pick<() => ItemFailurePolicy>([
    () => 'continue',
    () => 'continue',
    () => 'failAtEnd',
    () => 'failFast',
    () => ({ tolerate: { count: chance.below(3) } }),
    () => ({ tolerate: { percent: chance.pick([0, 20, 50]) } }),
  ])();
}

function shifts(splitter: string, definition: unknown): boolean {
  if (splitter === 'shifting') return true;
  if (splitter !== 'tree') return false;
  return (definition as Tree).parts.some(
    (part) => part.kind === 'batch' && shifts(part.splitter, part.definition),
  );
}
