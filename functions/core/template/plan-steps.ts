import { countedIn, countedSteps, edgesOf, failsJob, forksOf, targetsOf } from './flow.ts';
import { transitionsOf } from './leaving.ts';
import { codesAfter } from './outcome.ts';
import { type JobWords, resolved } from './references.ts';
import type { PlannedStep, Template } from './template.ts';

/** Returns the steps of a template as one job runs them. */
export function planSteps(template: Pick<Template, 'steps' | 'flow'>, words: JobWords): PlannedStep[] {
  const edges = edgesOf(template);
  const joined = new Set(template.steps.flatMap(({ after = [] }) => after));
  const splitting = new Set(
    template.steps.flatMap(({ name, splitter }) => (splitter === undefined ? [] : [name])),
  );
  const counted = countedSteps(edges);
  const forks = forksOf(template);
  const inBranches = new Set(forks.flatMap(({ branches }) => branches.flatMap((branch) => [...branch])));
  const joinedBy = (join: string) => forks.filter((fork) => fork.join?.name === join);
  return template.steps.map(({ after: _after, ...step }) => ({
    ...step,
    parameters: resolved(step.parameters, words) as PlannedStep['parameters'],
    ...(step.definition === undefined ? {} : { definition: resolved(step.definition, words) }),
    codes: codesAfter(step.name, edges),
    failsJob: failsJob(step.name, edges),
    isLast:
      !joined.has(step.name) &&
      edges
        .filter(({ from }) => from === step.name)
        .flatMap(targetsOf)
        .every((next) => splitting.has(next)),
    transitions: transitionsOf(step.name, edges, {
      counts:
        (counted.has(step.name) ? 1 : 0) +
        joinedBy(step.name).flatMap((fork) => countedIn(fork, counted)).length,
      isInBranch: inBranches.has(step.name),
    }),
  }));
}
