/** Draws a job of a schedule: the body that creates it, and the expected outcomes of its items. */
import type { BatchPlan, ItemFailurePolicy } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { PAGE_SIZE } from '#core/page.ts';
import type { Chance } from './chance.ts';
import { type FlowSpec, flowSpecOf } from './flow-specs.ts';
import { drawStart, type StartSpec } from './job-starts.ts';
import { itemsOfTree, type Tree, type TreeMaker } from './trees.ts';
import type { WorkerParameters } from './workers.ts';

/** One request to create a job. */
export interface JobSpec {
  /** Unique in the schedule. The job stores it as its `externalData`, which cannot be edited. */
  readonly name: string;
  readonly plan: BatchPlan;
  readonly batch: {
    readonly definition: unknown;
    readonly parameters: WorkerParameters;
  };
  readonly labels: Readonly<Record<string, string>>;
  readonly hold: boolean;
  readonly start: StartSpec;
  /** Flow of a job that runs a template. */
  readonly flow?: FlowSpec;
  /** Letter of each item; absent if the source changes while it is read, or if the job runs a template. */
  readonly items: ReadonlyMap<string, string> | undefined;
  /** Letters of all items. If the source changes while it is read, their number is approximate. */
  readonly letters: string;
}

/** The body of the request. */
export function bodyOf({ name, plan, batch, flow, labels, hold, start }: JobSpec): object {
  const { template, items } = flow ?? {};
  const work = template === undefined ? { batch: { ...plan, ...batch } } : { template: template.name };
  return { externalData: name, labels, hold, ...start, ...work, ...omitUndefined({ items }) };
}

const LETTERS = ['', 'b', 'fk', 'rx', 'e', 'frkxes', 'p', 't', 'ftk'];
const LETTERS_OF_SECOND = ['', 'F', 'R', 'P'];

interface SpecOptions {
  readonly isSmall: boolean;
  /** Ids of jobs that the job may wait for. */
  readonly ids: readonly string[];
  /** True if the job has a `tree` splitter that often throws errors. */
  readonly hasSplitErrors?: boolean;
}

export function specOf(
  chance: Chance,
  maker: TreeMaker,
  { isSmall, ids, hasSplitErrors = false }: SpecOptions,
): JobSpec {
  const itemsPerTask = chance.pick([1, 1, 2, 3]);
  const isShifting = chance.is(0.25);
  const isHeavy = !isSmall && chance.is(0.02);
  const { splitter, definition } = maker.make({
    letters: `ssss${chance.pick(LETTERS)}${chance.pick(LETTERS_OF_SECOND)}`,
    depth: isSmall ? 0 : chance.between(0, 3),
    splitters: hasSplitErrors
      ? ['tree']
      : chance
          .pick([['tree'], ['tree', 'range'], ['range'], ['tree', 'items']])
          .concat(isShifting ? ['shifting', 'shifting'] : []),
    wide: isSmall ? 0 : PAGE_SIZE < 16 ? 0.25 : 0.01,
    itemsPerTask,
    checkpoints: chance.pick([0.2, 0.8]),
    throws: hasSplitErrors ? 0.4 : chance.is(0.2) ? 0.2 : 0,
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
  const letterOfItem = new Map(itemsOfTree(splitter, definition));
  const items = hasShiftingSource(splitter, definition) ? undefined : letterOfItem;
  return {
    plan,
    batch: { definition, parameters },
    ...descriptionOf(chance, ids),
    items,
    letters: [...letterOfItem.values()].join(''),
  };
}

/** Draws a job that runs a template, which no other job uses. */
export function flowJobOf(chance: Chance, maker: TreeMaker, ids: readonly string[]): JobSpec {
  const flow = flowSpecOf(chance, maker, `t-${chance.random.id()}`);
  const { itemsPerTask, steps } = flow.template;
  const [{ worker = '', maxAttempts = 1 } = {}] = steps;
  const plan: BatchPlan = {
    splitter: '',
    worker,
    pipeline: [],
    itemsPerTask,
    onItemFailure: flow.template.steps.some(({ onItemFailure }) => allowsFailures(onItemFailure))
      ? 'continue'
      : 'failIfNoneSucceed',
    maxAttempts,
    outcomes: 'all',
  };
  const batch = { definition: undefined, parameters: { takesTime: false } };
  return { plan, batch, flow, ...descriptionOf(chance, ids), items: undefined, letters: flow.letters };
}

/** Draws the parts of a body that describe the job itself. */
function descriptionOf(
  chance: Chance,
  ids: readonly string[],
): Pick<JobSpec, 'name' | 'labels' | 'hold' | 'start'> {
  return {
    name: `request ${chance.random.id()}`,
    labels: chance.pick<JobSpec['labels']>([{}, { colour: 'red' }, { colour: 'blue', kept: 'yes' }]),
    hold: chance.is(0.1),
    start: drawStart(chance, ids),
  };
}

function allowsFailures(policy: ItemFailurePolicy): boolean {
  return policy === 'continue' || typeof policy === 'object';
}

function policyOf(chance: Chance): ItemFailurePolicy {
  return chance.pick<() => ItemFailurePolicy>([
    () => 'failIfNoneSucceed',
    () => 'failIfNoneSucceed',
    () => 'continue',
    () => 'failAtEnd',
    () => 'failFast',
    () => ({ tolerate: { count: chance.below(3) } }),
    () => ({ tolerate: { percent: chance.pick([0, 20, 50]) } }),
  ])();
}

function hasShiftingSource(splitter: string, definition: unknown): boolean {
  if (splitter === 'shifting') return true;
  if (splitter !== 'tree') return false;
  return (definition as Tree).parts.some(
    (part) => part.kind === 'batch' && hasShiftingSource(part.splitter, part.definition),
  );
}
