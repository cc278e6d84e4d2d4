/**
 * Compiles a template to an Amazon States Language definition (JSONPath dialect), with a state for each step
 * and none for items.
 *
 * The data of an execution identifies the job (`partition`, `job`, `runNumber`, `group`), counts the visits
 * of steps with a limit (`visits`) and contains the result of the last step (`last`: its outcome, and
 * `inputs`, the node that the next step takes).
 *
 * The state of a step sends one message to the split queue and waits for its token. The end of the flow sends
 * a message to the results queue, so that the tracker ends the job.
 */
import { countedIn, countedSteps, edgesOf, type Fork, failsJob, forksOf, type LocatedEdge } from './flow.ts';
import {
  choiceState,
  countState,
  type FlowQueues,
  failureNote,
  flowFailedState,
  flowMessageState,
  keepCountState,
  limitState,
  NAMES,
  type State,
  stepState,
} from './states.ts';
import { exitsOf, type FlowTarget } from './step-exits.ts';
import type { Template, TemplateStep } from './template.ts';

export interface StateMachineDefinition {
  readonly Comment: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** Input of an execution. */
export interface FlowInput {
  readonly partition: string;
  readonly job: string;
  readonly runNumber: number;
  /** Message group: SQS does not accept every partition id as one. */
  readonly group: string;
  readonly visits: Readonly<Record<string, { readonly n: number }>>;
  readonly last: { readonly inputs: readonly number[] };
}

export function flowInput(
  run: Pick<FlowInput, 'partition' | 'job' | 'runNumber' | 'group'>,
  steps: readonly string[],
): FlowInput {
  const { partition, job, runNumber, group } = run;
  const visits = Object.fromEntries(steps.map((name) => [memberName(name), { n: 0 }]));
  return { partition, job, runNumber, group, visits, last: { inputs: [] } };
}

/** Compiles a template. The template must have no faults. */
export function compileTemplate(template: Template, queues: FlowQueues): StateMachineDefinition {
  const edges = edgesOf(template);
  const forks = forksOf(template);
  const compiler = new Compiler(template, edges, forks, queues);
  const inBranches = new Set(forks.flatMap(({ branches }) => branches.flatMap((branch) => [...branch])));
  const main = template.steps.filter(({ name }) => !inBranches.has(name));
  const [first] = template.steps;
  if (first === undefined) throw new Error('the template has no step, although it was checked');
  return {
    Comment: template.description || 'A job with several steps',
    StartAt: compiler.entry(first.name),
    States: {
      ...compiler.states(main, 'flow'),
      [NAMES.done]: flowMessageState(queues.results, { outcome: 'done' }, { End: true }),
      [NAMES.tellFailed]: flowMessageState(
        queues.results,
        { outcome: 'failed', 'error.$': '$.failure' },
        { Next: NAMES.failed },
      ),
      [NAMES.failed]: flowFailedState(),
    },
  };
}

/** Scope of a step: the flow itself, or a branch, whose end sends no message. */
type Scope = 'flow' | 'branch';

class Compiler {
  readonly #template: Template;
  readonly #edges: readonly LocatedEdge[];
  readonly #forks: readonly Fork[];
  readonly #queues: FlowQueues;
  readonly #counted: ReadonlySet<string>;

  constructor(template: Template, edges: readonly LocatedEdge[], forks: readonly Fork[], queues: FlowQueues) {
    this.#template = template;
    this.#edges = edges;
    this.#forks = forks;
    this.#queues = queues;
    this.#counted = countedSteps(edges);
  }

  /** Returns the first state of a step. */
  entry(step: string): string {
    return this.#counted.has(step) ? NAMES.count(step) : NAMES.step(step);
  }

  states(steps: readonly TemplateStep[], scope: Scope): Record<string, State> {
    return Object.assign({}, ...steps.map((step) => this.#statesOf(step, scope)));
  }

  #statesOf(step: TemplateStep, scope: Scope): Record<string, State> {
    const { name } = step;
    const leaving = this.#edges.filter(({ from }) => from === name);
    const forks = this.#forks.filter(({ edges }) => edges.some(({ from }) => from === name));
    return {
      ...(this.#counted.has(name)
        ? { [NAMES.count(name)]: countState(memberName(name), NAMES.step(name)) }
        : {}),
      [NAMES.step(name)]: stepState(step, this.#queues.split, scope),
      [NAMES.decide(name)]: this.#decision(name),
      ...(failsJob(name, this.#edges)
        ? { [NAMES.stepFailed(name)]: failureNote('step-failed', name, scope) }
        : {}),
      ...(scope === 'branch' ? { [NAMES.branchEnd(name)]: { Type: 'Succeed' } } : {}),
      ...Object.assign({}, ...forks.map((fork) => this.#forkStates(fork))),
      ...this.#limitStates(name, leaving, scope),
    };
  }

  #decision(step: string): State {
    const { rules, otherwise } = exitsOf(step, this.#edges);
    return choiceState(
      rules.map(({ of, is, way }) => ({ variable: `$.last.${of}`, is, next: this.#way(step, way) })),
      this.#way(step, otherwise),
    );
  }

  #limitStates(from: string, leaving: readonly LocatedEdge[], scope: Scope): Record<string, State> {
    const states: Record<string, State> = {};
    for (const edge of leaving) {
      const { to, maxVisits } = edge;
      if (maxVisits === undefined || typeof to !== 'string') continue;
      const over = NAMES.visitedTooOften(from, edge.on);
      states[NAMES.limit(from, edge.on)] = limitState(memberName(to), maxVisits, {
        over,
        within: this.entry(to),
      });
      states[over] = failureNote('max-visits', to, scope);
    }
    return states;
  }

  /** Returns the state that an edge leads to. */
  #next(edge: LocatedEdge): string {
    if (typeof edge.to !== 'string') return NAMES.fork(this.#forkOf(edge));
    return edge.maxVisits === undefined ? this.entry(edge.to) : NAMES.limit(edge.from, edge.on);
  }

  #forkOf(edge: LocatedEdge): string {
    const join = this.#forks.find(({ edges }) =>
      edges.some(({ path }) => path.join() === edge.path.join()),
    )?.join;
    if (join === undefined) throw new Error('the fork has no join, although it was checked');
    return join.name;
  }

  #way(step: string, way: FlowTarget): string {
    if (way === 'failed') return NAMES.stepFailed(step);
    if (way !== 'ended') return this.#next(way);
    const isInBranch = this.#forks.some(({ branches }) => branches.some((branch) => branch.has(step)));
    return isInBranch ? NAMES.branchEnd(step) : NAMES.done;
  }

  #forkStates(fork: Fork): Record<string, State> {
    const { heads, branches, join } = fork;
    if (join === undefined) return {};
    const nodes = heads.map((_, at) => `$[${at}].last.inputs[0]`);
    // Each branch has its own copy of the counts. The flow keeps them, because it may return to the fork.
    const keptCounts = countedIn(fork, this.#counted);
    const counts = keptCounts.map(({ step, at }) => [
      `${memberName(step)}.$`,
      `$[${at}].visits.${memberName(step)}`,
    ]);
    const state: State = {
      Type: 'Parallel',
      Branches: heads.map((head, at) => ({
        StartAt: this.entry(head),
        States: this.states(
          this.#template.steps.filter(({ name }) => branches[at]?.has(name)),
          'branch',
        ),
      })),
      ResultSelector: {
        'inputs.$': `States.Array(${nodes.join(', ')})`,
        ...(counts.length === 0 ? {} : { visits: Object.fromEntries(counts) }),
      },
      ResultPath: '$.last',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: NAMES.tellFailed }],
    };
    const entries = [...keptCounts.map(({ step }) => NAMES.keepCount(step)), this.entry(join.name)];
    const keepStates = keptCounts.map(({ step }, position): [string, State] => [
      NAMES.keepCount(step),
      keepCountState(memberName(step), entries[position + 1] ?? ''),
    ]);
    return {
      [NAMES.fork(join.name)]: { ...state, Next: entries[0] },
      ...Object.fromEntries(keepStates),
    };
  }
}

/** Replaces hyphens, which step names allow and JSONPath member names do not. */
function memberName(step: string): string {
  return step.replaceAll('-', '_');
}
