import type { Template } from 'jobtree/client';
import type { StepEdge } from './graph.tsx';

/** Returns the edges of a template. Without a flow, each step leads to the next one. */
export function templateEdges({ steps, flow }: Pick<Template, 'steps' | 'flow'>): StepEdge[] {
  if (flow === undefined) {
    return steps.slice(1).map(({ name }, at) => ({ from: steps[at]?.name ?? '', to: name }));
  }
  return flow.flatMap(({ from, on, to }) =>
    [to].flat().map((target) => ({ from, to: target, ...(on === 'COMPLETED' ? {} : { label: on }) })),
  );
}
