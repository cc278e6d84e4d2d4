/** The flow of a template as a graph: the edges that leave a step, and the steps of parallel branches. */
import { omitUndefined } from '#core/omit-undefined.ts';
import { ANY_OUTCOME, type FlowEdge, type Template, type TemplateStep } from './template.ts';

/** An edge and its location in the template. */
export interface LocatedEdge extends FlowEdge {
  readonly path: readonly string[];
}

/** Parallel branches of steps, up to the step that joins them. */
export interface Fork {
  readonly edges: readonly LocatedEdge[];
  /** The first step of each branch. */
  readonly heads: readonly string[];
  /** The steps of each branch, in the order of `heads`. */
  readonly branches: readonly ReadonlySet<string>[];
  /** Absent if no step joins them, which is a fault. */
  readonly join?: TemplateStep;
}

export function targetsOf({ to }: FlowEdge): readonly string[] {
  return typeof to === 'string' ? [to] : to;
}

/** Returns the edges of the flow. Without a flow, each step leads to the next one. */
export function edgesOf({ steps, flow }: Pick<Template, 'steps' | 'flow'>): LocatedEdge[] {
  if (flow !== undefined) return flow.map((edge, at) => ({ ...edge, path: ['flow', String(at)] }));
  return steps.slice(1).map((step, at) => ({
    from: steps[at]?.name ?? '',
    on: 'COMPLETED',
    to: step.name,
    path: ['steps', String(at + 1)],
  }));
}

/** True if the flow or its branch ends when the step has completed. */
export function canEndAt(step: string, edges: readonly FlowEdge[]): boolean {
  return !edges.some(({ from, on }) => from === step && (on === 'COMPLETED' || on === ANY_OUTCOME));
}

/** True if the job fails when the step fails. */
export function failsJob(step: string, edges: readonly FlowEdge[]): boolean {
  return !edges.some(({ from, on }) => from === step && (on === 'FAILED' || on === ANY_OUTCOME));
}

/** Returns the steps that can be reached from `starts`, including `starts`. */
export function reachableFrom(
  starts: readonly string[],
  next: (step: string) => readonly string[],
): Set<string> {
  const reached = new Set<string>(starts);
  for (const step of reached) for (const target of next(step)) reached.add(target);
  return reached;
}

/**
 * Returns every fork of the flow. Edges from one step to the same branches, on several outcomes, are one
 * fork.
 */
export function forksOf(template: Pick<Template, 'steps' | 'flow'>): Fork[] {
  const edges = edgesOf(template);
  const forking = edges.filter(({ to }) => typeof to !== 'string');
  // Does not use Map.groupBy, because users' CDK apps check their templates with Node 20, which lacks it.
  const groups = new Map<string, LocatedEdge[]>();
  for (const edge of forking) {
    const key = JSON.stringify([edge.from, ...targetsOf(edge).toSorted()]);
    groups.set(key, [...(groups.get(key) ?? []), edge]);
  }
  return [...groups.values()].map((group) => forkOf(template, edges, group));
}

function forkOf(
  { steps }: Pick<Template, 'steps'>,
  edges: readonly LocatedEdge[],
  group: readonly LocatedEdge[],
): Fork {
  const heads = [...new Set(group.flatMap(targetsOf))];
  const joins = new Set(steps.filter(({ after }) => after !== undefined).map(({ name }) => name));
  const branches = heads.map((head) =>
    reachableFrom([head], (step) =>
      edges
        .filter(({ from, to }) => from === step && typeof to === 'string')
        .flatMap(targetsOf)
        .filter((target) => !joins.has(target)),
    ),
  );
  const join = steps.find(({ after = [] }) =>
    after.some((end) => branches.some((branch) => branch.has(end))),
  );
  return { edges: group, heads, branches, ...omitUndefined({ join }) };
}

/** Returns the steps whose visits must be counted, because the flow can return to them. */
export function countedSteps(edges: readonly FlowEdge[]): Set<string> {
  return new Set(edges.flatMap((edge) => (edge.maxVisits === undefined ? [] : targetsOf(edge))));
}

/** Returns the counted steps in the branches of a fork, each with the index of its branch. */
export function countedIn(
  { branches }: Fork,
  counted: ReadonlySet<string>,
): { readonly step: string; readonly at: number }[] {
  return branches.flatMap((branch, at) =>
    [...branch].filter((step) => counted.has(step)).map((step) => ({ step, at })),
  );
}
