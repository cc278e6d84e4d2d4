/** Where a flow goes on when a step has ended, and how many states of its machine that takes. */
import { failsJob, type PlacedEdge } from './flow.ts';
import type { StepAnswer } from './outcome.ts';
import { ANY_OUTCOME, type StepTransitions } from './template.ts';

/** Along an edge; to the end of the job, because the step failed; to the end of the flow, or of the branch. */
export type Way = PlacedEdge | 'failed' | 'ended';

/** The first rule that holds counts, else `otherwise`. */
export interface Leaving {
  readonly rules: readonly {
    readonly of: 'outcome' | 'result';
    readonly is: string;
    readonly way: Way;
  }[];
  readonly otherwise: Way;
}

/** Codes first, as a worker set them; then what the step came to where its code has no edge. */
export function leavingOf(step: string, edges: readonly PlacedEdge[]): Leaving {
  const leaving = edges.filter(({ from }) => from === step);
  const any = leaving.find(({ on }) => on === ANY_OUTCOME);
  const named = leaving.filter(({ on }) => on !== ANY_OUTCOME);
  const byOutcome = named.map((edge) => ({ of: 'outcome', is: edge.on, way: edge }) as const);
  if (any !== undefined) return { rules: byOutcome, otherwise: any };
  const byResult = named.map((edge) => ({ of: 'result', is: edge.on, way: edge }) as const);
  const completed = named.find(({ on }) => on === 'COMPLETED');
  return {
    rules: [
      ...byOutcome,
      ...byResult,
      ...(completed === undefined
        ? []
        : [{ of: 'result', is: 'COMPLETED_WITH_FAILURES', way: completed } as const]),
      ...(failsJob(step, edges) ? [{ of: 'result', is: 'FAILED', way: 'failed' } as const] : []),
    ],
    otherwise: 'ended',
  };
}

/** The states at the end of a flow: it is told; or noted, told, and the execution has failed. */
export const TRANSITIONS_OF_END = { done: 1, failed: 3 } as const;

/** `counts`: states that count its visits, or keep what was counted in the branches that it joins. */
export function transitionsOf(
  step: string,
  edges: readonly PlacedEdge[],
  { counts, isInBranch }: { readonly counts: number; readonly isInBranch: boolean },
): StepTransitions {
  const { rules, otherwise } = leavingOf(step, edges);
  // The state that decides is there in any case.
  const states = (way: Way) => 1 + statesOn(way, isInBranch);
  return {
    before: counts,
    after: {
      rules: rules.map(({ of, is, way }) => ({ of, is, states: states(way) })),
      otherwise: states(otherwise),
    },
  };
}

function statesOn(way: Way, isInBranch: boolean): number {
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
