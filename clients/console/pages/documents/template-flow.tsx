import type { Template } from 'jobtree/client';
import { useMemo } from 'react';
import { Graph, type StepNode } from '../../parts/graph.tsx';
import { templateEdges } from '../../parts/template-graph.ts';

type Drawable = Pick<Template, 'steps' | 'flow'>;

/** The steps of a template and the flow between them. */
export function TemplateFlow({ template }: { template: Drawable }) {
  const nodes = useMemo(() => template.steps.map(nodeOf), [template]);
  const edges = useMemo(
    () => templateEdges(template).map((edge) => ({ ...edge, isTaken: true })),
    [template],
  );
  return <Graph label="Flow of the template" nodes={nodes} edges={edges} />;
}

function nodeOf({ name, worker, splitter, after }: Drawable['steps'][number]): StepNode {
  return {
    id: name,
    title: name,
    lines: [
      worker,
      ...(splitter === undefined ? [] : [`splits by ${splitter}`]),
      ...(after === undefined ? [] : [`joins ${after.join(', ')}`]),
    ],
    tone: 'busy',
  };
}
