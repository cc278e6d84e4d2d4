/** Faults in the flow of a template: edges to missing steps, unreachable steps, and endless loops. */
import { edgesOf, forksOf, type PlacedEdge, reachableFrom, targetsOf } from './flow.ts';
import { forkFaults } from './fork-faults.ts';
import type { Template, TemplateFault } from './template.ts';

export function flowFaults(template: Template): TemplateFault[] {
  const edges = edgesOf(template);
  const names = edges.flatMap((edge) => nameFaults(edge, template));
  // The other checks would report edges to missing steps a second time.
  if (names.length > 0) return names;
  return [
    ...twiceFaults(edges),
    ...reachFaults(template, edges),
    ...loopFaults(edges),
    ...forkFaults(template),
  ];
}

function nameFaults(edge: PlacedEdge, { steps }: Template): TemplateFault[] {
  const names = steps.map(({ name }) => name);
  const places = [
    { path: ['from'], name: edge.from },
    ...targetsOf(edge).map((name, at) => ({
      path: typeof edge.to === 'string' ? ['to'] : ['to', String(at)],
      name,
    })),
  ];
  return places
    .filter(({ name }) => !names.includes(name))
    .map(({ path, name }) => ({
      path: [...edge.path, ...path],
      detail: `there is no step '${name}'; steps: ${names.join(', ')}`,
    }));
}

function twiceFaults(edges: readonly PlacedEdge[]): TemplateFault[] {
  return edges.flatMap((edge, at) => {
    const first = edges.findIndex(({ from, on }) => from === edge.from && on === edge.on);
    if (first === at) return [];
    const detail = `edge ${first} already defines the next step for ${edge.on} of '${edge.from}'; merge the edges, or use another outcome`;
    return [{ path: [...edge.path, 'on'], detail }];
  });
}

function reachFaults(template: Template, edges: readonly PlacedEdge[]): TemplateFault[] {
  const { steps } = template;
  const joins = forksOf(template).flatMap(({ heads, join }) =>
    join === undefined ? [] : heads.map((head) => [head, join.name] as const),
  );
  const reached = reachableFrom(
    steps.slice(0, 1).map(({ name }) => name),
    (step) => [
      ...edges.filter(({ from }) => from === step).flatMap(targetsOf),
      ...joins.filter(([head]) => head === step).map(([, join]) => join),
    ],
  );
  return steps.flatMap(({ name }, at) => {
    if (reached.has(name)) return [];
    return [
      {
        path: ['steps', String(at)],
        detail: `no edge leads to '${name}'; the flow begins with '${steps[0]?.name}'`,
      },
    ];
  });
}

/** Every loop must contain an edge with `maxVisits`. */
function loopFaults(edges: readonly PlacedEdge[]): TemplateFault[] {
  const free = edges.filter(({ maxVisits }) => maxVisits === undefined);
  const next = (step: string) => free.filter(({ from }) => from === step).flatMap(targetsOf);
  const closing = free.find((edge) => reachableFrom(targetsOf(edge), next).has(edge.from));
  if (closing === undefined) return [];
  const round = `from '${closing.from}' back to itself`;
  return [
    {
      path: closing.path,
      detail: `the flow has an endless loop ${round}; set maxVisits on one of its edges`,
    },
  ];
}
