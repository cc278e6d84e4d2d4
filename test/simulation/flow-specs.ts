/** Draws a job that runs a template: the template, the items of the request, and the acts of the workers. */
import type { TemplateVersion } from '#contract/template.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { STEP_RESULTS_SPLITTER } from '#core/template/template.ts';
import type { HandedItem } from '../support/reference-flow.ts';
import type { Chance } from './chance.ts';
import type { FlowTask } from './flow-acts.ts';
import { FlowPlan, type PlannedStep } from './flow-plan.ts';
import { itemsOfTree, type TreeMaker } from './trees.ts';

type Policy = TemplateVersion['steps'][number]['onItemFailure'];

export interface FlowSpec {
  readonly template: TemplateVersion & { readonly itemsPerTask: number };
  /** Items of the request; absent if the first step has a splitter. */
  readonly items: readonly { readonly id: string }[] | undefined;
  readonly tasks: ReadonlyMap<string, FlowTask>;
  /** For each step with a splitter: its items, or the group size if it groups the outcomes of the previous step. */
  readonly splitItems: ReadonlyMap<string, readonly HandedItem[] | { readonly group: number }>;
  /** Ids of all items of all steps. */
  readonly ids: readonly string[];
  /** Letters of all acts that workers may perform. */
  readonly letters: string;
}

/** Returns the id of an item that represents a group of outcomes of the previous step. */
export function archiveName(step: string, at: number): string {
  return `${step}-${String(at + 1).padStart(4, '0')}`;
}

const ARCHIVES = 4;

const POOLS = ['', 'f', 'fk', 'rx', 'e', 'frkxet', 'p', 't', 'fb', 'nk', 'fn'];

/** Draws a flow. `name` is the name of the template. */
export function flowSpecOf(chance: Chance, maker: TreeMaker, name: string): FlowSpec {
  const plan = new FlowPlan(chance);
  const pool = `sssss${chance.pick(POOLS)}`;
  const itemsOfSteps = new Map<string, readonly HandedItem[] | { readonly group: number }>();
  const tasks = new Map<string, FlowTask>();
  const itemsPerTask = chance.between(1, 3);
  const splits = plan.steps.map((step) => splitOf(chance, maker, { step, pool, itemsPerTask }));
  for (const [at, { name: step }] of plan.steps.entries()) {
    const { splitItems } = splits[at] ?? {};
    if (splitItems !== undefined) itemsOfSteps.set(step, splitItems);
  }
  const isRequested = plan.steps[0]?.splits === undefined;
  const items = Array.from({ length: chance.below(3 * itemsPerTask + 1) }, (_, at) => ({ id: `i${at}` }));
  const ids = [
    ...(isRequested ? items.map(({ id }) => id) : []),
    ...[...itemsOfSteps].flatMap(([step, splitItems]) => idsOf(step, splitItems)),
  ];
  for (const { name: step, setsCodes } of plan.steps)
    tasks.set(step, { step, letters: lettersFor(chance, ids, setsCodes ? `${pool}mmd` : pool) });
  const isStrict = chance.is(0.3);
  const steps = plan.steps.map((step, at) => ({
    ...stepOf(chance, step, isStrict),
    ...splits[at]?.rules,
    parameters: { flow: tasks.get(step.name), ...(chance.is(0.2) ? { takesTime: true } : {}) },
  }));
  const template = {
    name,
    version: 'deployed-1',
    description: '',
    enabled: true,
    itemsPerTask,
    steps,
    ...(plan.isInOrder ? {} : { flow: plan.edges }),
  };
  const letters = [...tasks.values()].flatMap((task) => Object.values(task.letters));
  return {
    template,
    items: isRequested ? items : undefined,
    tasks,
    splitItems: itemsOfSteps,
    ids,
    letters: letters.join(''),
  };
}

function idsOf(step: string, splitItems: readonly HandedItem[] | { readonly group: number }): string[] {
  if (!('group' in splitItems)) return splitItems.map(({ id }) => id);
  return Array.from({ length: ARCHIVES }, (_, at) => archiveName(step, at));
}

/** Draws the letters of items: one for the first visit of the step, one for later visits. Other items have the default. */
function lettersFor(chance: Chance, ids: readonly string[], pool: string): Record<string, string> {
  const irregularIds = ids.filter(() => chance.is(0.6));
  const draw = () => chance.pick([...pool]);
  return Object.fromEntries(
    irregularIds.map((id) => [id, chance.is(0.6) ? `${draw()}s` : `${draw()}${draw()}`]),
  );
}

interface Split {
  readonly rules?: { readonly splitter: string; readonly definition: unknown };
  readonly splitItems?: readonly HandedItem[] | { readonly group: number };
}

function splitOf(
  chance: Chance,
  maker: TreeMaker,
  options: { readonly step: PlannedStep; readonly pool: string; readonly itemsPerTask: number },
): Split {
  const { step, pool, itemsPerTask } = options;
  if (step.splits === undefined) return {};
  if (step.splits === 'outcomes') {
    const group = chance.between(1, 4);
    const definition = { group, name: step.name };
    return { rules: { splitter: STEP_RESULTS_SPLITTER, definition }, splitItems: { group } };
  }
  const rules = maker.make({
    letters: pool.replaceAll('b', 's'),
    depth: chance.below(3),
    splitters: chance.pick([['range'], ['items'], ['tree'], ['tree', 'range']]),
    wide: 0,
    itemsPerTask,
    checkpoints: 0.3,
    throws: 0,
    heavy: 0,
  });
  const items = itemsOfTree(rules.splitter, rules.definition);
  return {
    rules,
    splitItems: [...items].map(([id, does]) => ({ id, payload: does === '#' ? Number(id) : does })),
  };
}

/** If `isStrict`, the policy of the step does not allow failed items. */
function stepOf(chance: Chance, { name, after, takesFailed }: PlannedStep, isStrict: boolean) {
  return {
    name,
    worker: chance.pick(['first', 'second']),
    inputMimeTypes: [],
    expectsNewPart: false,
    marksSourceMeta: false,
    takesFailed,
    onItemFailure: isStrict ? chance.pick(STRICT_POLICIES) : policyOf(chance),
    maxAttempts: chance.between(1, 3),
    timeoutSeconds: chance.pick([86_400, 86_400, 86_400, 86_400, 86_400, 86_400, 3_600, 600, 60]),
    ...omitUndefined({ after: after && [...after] }),
  };
}

const STRICT_POLICIES: readonly Policy[] = [
  'failIfNoneSucceed',
  'failIfNoneSucceed',
  'failIfNoneSucceed',
  'failAtEnd',
];

function policyOf(chance: Chance): Policy {
  return chance.pick<() => Policy>([
    () => 'failIfNoneSucceed',
    () => 'continue',
    () => 'continue',
    () => 'failAtEnd',
    () => 'failFast',
    () => ({ tolerate: { count: chance.below(3) } }),
    () => ({ tolerate: { percent: chance.pick([0, 20, 50]) } }),
  ])();
}
