import type { Template } from 'jobtree/client';
import type { StepEdge } from './graph.tsx';

type Flow = NonNullable<Template['flow']>;

/** Returns the edges of a template, also those of branches to the step that joins them. Without a flow, each step leads to the next one. */
export function templateEdges({ steps, flow }: Pick<Template, 'steps' | 'flow'>): StepEdge[] {
  if (flow === undefined) {
    return steps.slice(1).map(({ name }, at) => ({ from: steps[at]?.name ?? '', to: name }));
  }
  const joins = steps.flatMap(({ name, after = [] }) => after.map((from) => ({ from, to: name })));
  return [
    ...flow.flatMap((edge) => [edge.to].flat().map((to) => ({ from: edge.from, to, ...labelOf(edge) }))),
    ...joins,
  ];
}

/** The usual outcome needs no label. */
function labelOf({ on, maxVisits }: Flow[number]): Pick<StepEdge, 'label'> {
  const label = [
    ...(on === 'COMPLETED' ? [] : [on]),
    ...(maxVisits === undefined ? [] : [`≤ ${maxVisits}×`]),
  ];
  return label.length === 0 ? {} : { label: label.join(' ') };
}
