/** Faults in the parallel branches of a template and in the steps that join them. */
import { canEndAt, edgesOf, type Fork, forksOf, targetsOf } from './flow.ts';
import type { Template, TemplateFault } from './template.ts';

export function forkFaults(template: Template): TemplateFault[] {
  const forks = forksOf(template);
  const faults = [...joinFaults(template, forks), ...forks.flatMap((fork) => branchFaults(template, fork))];
  return [...faults, ...sharedFaults(template, forks)];
}

function quoteAll(names: Iterable<string>): string {
  return [...names].map((name) => `'${name}'`).join(', ');
}

/** Checks that a fork has a join, and that its branches end there. */
function branchFaults(template: Template, fork: Fork): TemplateFault[] {
  const [edge] = fork.edges;
  if (edge === undefined) return [];
  const path = [...edge.path, 'to'];
  const { join, heads, branches } = fork;
  if (heads.length < 2) return [{ path, detail: 'parallel branches need at least two different steps' }];
  if (join === undefined) {
    const detail = `no step joins ${quoteAll(heads)}; add a step whose "after" names the last step of each branch`;
    return [{ path, detail }];
  }
  const edges = edgesOf(template);
  const countedEdges = fork.edges.filter(({ maxVisits }) => maxVisits !== undefined);
  if (countedEdges.length > 0) {
    const detail = 'is allowed only on an edge to one step; set it on the edge that leads back to the fork';
    return countedEdges.map((one) => ({ path: [...one.path, 'maxVisits'], detail }));
  }
  const { after = [] } = join;
  const inBranches = branches.flatMap((branch) => [...branch]);
  const faults: TemplateFault[] = [];
  for (const [at, branch] of branches.entries()) {
    const ends = [...branch].filter((step) => canEndAt(step, edges));
    const otherEnds = ends.filter((step) => !after.includes(step));
    if (otherEnds.length > 0) {
      const detail = `the branch can end at ${quoteAll(otherEnds)}, which is missing in "after" of '${join.name}'`;
      faults.push({ path: [...path, String(at)], detail });
    }
    if (ends.length === 0)
      faults.push({
        path: [...path, String(at)],
        detail: `the branch never ends, so '${join.name}' never begins`,
      });
  }
  const forbiddenEdges = edges.filter(
    ({ from, to }) => inBranches.includes(from) && (to === join.name || typeof to !== 'string'),
  );
  for (const { path: wrongPath, to } of forbiddenEdges) {
    const detail =
      to === join.name
        ? `'${join.name}' begins automatically when all its branches have ended; remove this edge`
        : 'a branch cannot fork again; use one fork with all branches';
    faults.push({ path: [...wrongPath, 'to'], detail });
  }
  return faults;
}

/** Checks that the branches of each join exist, and that no other edge leads to the join. */
function joinFaults({ steps, flow = [] }: Template, forks: readonly Fork[]): TemplateFault[] {
  return steps.flatMap((step, at) => {
    const { name, after, splitter } = step;
    if (after === undefined) return [];
    const path = ['steps', String(at), 'after'];
    const fork = forks.find(({ join }) => join?.name === name);
    if (fork === undefined) {
      return [{ path, detail: `no edge leads to parallel branches that end at ${quoteAll(after)}` }];
    }
    const inBranches = new Set(fork.branches.flatMap((branch) => [...branch]));
    const faults: TemplateFault[] = after.flatMap((end, position) =>
      inBranches.has(end)
        ? []
        : [
            {
              path: [...path, String(position)],
              detail: `'${end}' is not in a branch of ${quoteAll(fork.heads)}`,
            },
          ],
    );
    if (splitter !== undefined)
      faults.push({
        path: ['steps', String(at), 'splitter'],
        detail: 'a join takes the items of its branches, so it cannot have a splitter',
      });
    const otherEdge = flow.findIndex((edge) => targetsOf(edge).includes(name) && !inBranches.has(edge.from));
    if (otherEdge !== -1) {
      const detail = `'${name}' joins ${quoteAll(after)}, so no other edge may lead to it`;
      faults.push({ path: ['flow', String(otherEdge), 'to'], detail });
    }
    return faults;
  });
}

/** Checks that a step belongs to at most one branch. */
function sharedFaults({ steps, flow = [] }: Template, forks: readonly Fork[]): TemplateFault[] {
  const branches = forks.flatMap((fork) => fork.branches);
  return steps.flatMap(({ name, splitter }, at) => {
    const owners = branches.filter((branch) => branch.has(name));
    const [branch] = owners;
    if (branch === undefined) return [];
    const path = ['steps', String(at)];
    if (owners.length > 1 || at === 0) {
      return [{ path, detail: `'${name}' is in more than one branch; each branch needs its own steps` }];
    }
    const faults: TemplateFault[] = [];
    const otherEntry = flow.findIndex(
      (edge) => typeof edge.to === 'string' && edge.to === name && !branch.has(edge.from),
    );
    if (otherEntry !== -1) {
      const detail = `'${name}' is in a parallel branch, which only its fork can enter, at its first step`;
      faults.push({ path: ['flow', String(otherEntry), 'to'], detail });
    }
    if (splitter !== undefined) {
      const detail =
        'a step of a parallel branch takes the items from before the fork, so it cannot have a splitter';
      faults.push({ path: [...path, 'splitter'], detail });
    }
    return faults;
  });
}
