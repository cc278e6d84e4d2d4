/** Decides where a flow continues when a step has ended, and counts the states that it enters. */
import { failsJob, type LocatedEdge } from './flow.ts';
import type { StepAnswer } from './outcome.ts';
import { ANY_OUTCOME, type StepTransitions } from './template.ts';

/**
 * The next part of the flow: an edge; `failed`, the end of the job because the step failed; or `ended`, the
 * end of the flow or branch.
 */
export type FlowTarget = LocatedEdge | 'failed' | 'ended';

/** The first rule that matches applies, otherwise `otherwise`. */
export interface StepExits {
  readonly rules: readonly {
    readonly of: 'outcome' | 'result';
    readonly is: string;
    readonly way: FlowTarget;
  }[];
  readonly otherwise: FlowTarget;
}

/** Checks codes that a worker set first, then the result of the step if no edge names its code. */
export function exitsOf(step: string, edges: readonly LocatedEdge[]): StepExits {
  const stepEdges = edges.filter(({ from }) => from === step);
  const anyEdge = stepEdges.find(({ on }) => on === ANY_OUTCOME);
  const namedEdges = stepEdges.filter(({ on }) => on !== ANY_OUTCOME);
  const byOutcome = namedEdges.map((edge) => ({ of: 'outcome', is: edge.on, way: edge }) as const);
  if (anyEdge !== undefined) return { rules: byOutcome, otherwise: anyEdge };
  const byResult = namedEdges.map((edge) => ({ of: 'result', is: edge.on, way: edge }) as const);
  const completedEdge = namedEdges.find(({ on }) => on === 'COMPLETED');
  return {
    rules: [
      ...byOutcome,
      ...byResult,
      ...(completedEdge === undefined
        ? []
        : [{ of: 'result', is: 'COMPLETED_WITH_FAILURES', way: completedEdge } as const]),
      ...(failsJob(step, edges) ? [{ of: 'result', is: 'FAILED', way: 'failed' } as const] : []),
    ],
    otherwise: 'ended',
  };
}

/**
 * Number of states at the end of a flow. A flow that is done sends a message. A flow that failed records the
 * failure, sends a message and fails the execution.
 */
export const TRANSITIONS_OF_END = { done: 1, failed: 3 } as const;

/** `counts`: number of states that count the step's visits, or keep the counts of branches that it joins. */
export function transitionsOf(
  step: string,
  edges: readonly LocatedEdge[],
  { counts, isInBranch }: { readonly counts: number; readonly isInBranch: boolean },
): StepTransitions {
  const { rules, otherwise } = exitsOf(step, edges);
  // The decision state is always entered.
  const states = (way: FlowTarget) => 1 + statesOn(way, isInBranch);
  return {
    before: counts,
    after: {
      rules: rules.map(({ of, is, way }) => ({ of, is, states: states(way) })),
      otherwise: states(otherwise),
    },
  };
}

function statesOn(way: FlowTarget, isInBranch: boolean): number {
  if (way === 'failed') return TRANSITIONS_OF_END.failed;
  if (way === 'ended') return isInBranch ? 1 : 0;
  return typeof way.to !== 'string' || way.maxVisits !== undefined ? 1 : 0;
}

export function transitionsAfter(
  { after }: StepTransitions,
  answer: Pick<StepAnswer, 'outcome' | 'result'>,
): number {
  return after.rules.find(({ of, is }) => answer[of] === is)?.states ?? after.otherwise;
}
