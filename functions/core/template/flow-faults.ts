/** Faults in the flow of a template: edges to missing steps, unreachable steps, and endless loops. */
import { edgesOf, forksOf, type LocatedEdge, reachableFrom, targetsOf } from './flow.ts';
import { forkFaults } from './fork-faults.ts';
import type { Template, TemplateFault } from './template.ts';

export function flowFaults(template: Template): TemplateFault[] {
  const edges = edgesOf(template);
  const names = edges.flatMap((edge) => nameFaults(edge, template));
  // The other checks would report edges to missing steps a second time.
  if (names.length > 0) return names;
  return [
    ...duplicateFaults(edges),
    ...reachFaults(template, edges),
    ...loopFaults(edges),
    ...forkFaults(template),
  ];
}

function nameFaults(edge: LocatedEdge, { steps }: Template): TemplateFault[] {
  const names = steps.map(({ name }) => name);
  const namedSteps = [
    { path: ['from'], name: edge.from },
    ...targetsOf(edge).map((name, at) => ({
      path: typeof edge.to === 'string' ? ['to'] : ['to', String(at)],
      name,
    })),
  ];
  return namedSteps
    .filter(({ name }) => !names.includes(name))
    .map(({ path, name }) => ({
      path: [...edge.path, ...path],
      detail: `step '${name}' does not exist; steps: ${names.join(', ')}`,
    }));
}

function duplicateFaults(edges: readonly LocatedEdge[]): TemplateFault[] {
  return edges.flatMap((edge, at) => {
    const first = edges.findIndex(({ from, on }) => from === edge.from && on === edge.on);
    if (first === at) return [];
    const detail = `edge ${first} already defines the next step for ${edge.on} of '${edge.from}'; merge the edges, or use another outcome`;
    return [{ path: [...edge.path, 'on'], detail }];
  });
}

function reachFaults(template: Template, edges: readonly LocatedEdge[]): TemplateFault[] {
  const { steps } = template;
  const joins = forksOf(template).flatMap(({ heads, join }) =>
    join === undefined ? [] : heads.map((head) => [head, join.name] as const),
  );
  const reachedSteps = reachableFrom(
    steps.slice(0, 1).map(({ name }) => name),
    (step) => [
      ...edges.filter(({ from }) => from === step).flatMap(targetsOf),
      ...joins.filter(([head]) => head === step).map(([, join]) => join),
    ],
  );
  return steps.flatMap(({ name }, at) => {
    if (reachedSteps.has(name)) return [];
    return [
      {
        path: ['steps', String(at)],
        detail: `no edge leads to '${name}'; the flow begins with '${steps[0]?.name}'`,
      },
    ];
  });
}

/** Every loop must contain an edge with `maxVisits`. */
function loopFaults(edges: readonly LocatedEdge[]): TemplateFault[] {
  const uncountedEdges = edges.filter(({ maxVisits }) => maxVisits === undefined);
  const next = (step: string) => uncountedEdges.filter(({ from }) => from === step).flatMap(targetsOf);
  const closingEdge = uncountedEdges.find((edge) => reachableFrom(targetsOf(edge), next).has(edge.from));
  if (closingEdge === undefined) return [];
  const loopText = `from '${closingEdge.from}' back to itself`;
  return [
    {
      path: closingEdge.path,
      detail: `the flow has an endless loop ${loopText}; set maxVisits on one of its edges`,
    },
  ];
}
