import { countedIn, countedSteps, edgesOf, failsJob, forksOf, targetsOf } from './flow.ts';
import { codesAfter } from './outcome.ts';
import { type ReferenceValues, resolveReferences } from './references.ts';
import { transitionsOf } from './step-exits.ts';
import type { PlannedStep, Template } from './template.ts';

/** Returns the steps of a template as one job runs them. */
export function planSteps(
  template: Pick<Template, 'steps' | 'flow'>,
  values: ReferenceValues,
): PlannedStep[] {
  const edges = edgesOf(template);
  const joinedSteps = new Set(template.steps.flatMap(({ after = [] }) => after));
  const splittingSteps = new Set(
    template.steps.flatMap(({ name, splitter }) => (splitter === undefined ? [] : [name])),
  );
  const stepsWithCount = countedSteps(edges);
  const forks = forksOf(template);
  const inBranches = new Set(forks.flatMap(({ branches }) => branches.flatMap((branch) => [...branch])));
  const joinedBy = (join: string) => forks.filter((fork) => fork.join?.name === join);
  return template.steps.map(({ after: _after, ...step }) => ({
    ...step,
    parameters: resolveReferences(step.parameters, values) as PlannedStep['parameters'],
    ...(step.definition === undefined ? {} : { definition: resolveReferences(step.definition, values) }),
    codes: codesAfter(step.name, edges),
    failsJob: failsJob(step.name, edges),
    isLast:
      !joinedSteps.has(step.name) &&
      edges
        .filter(({ from }) => from === step.name)
        .flatMap(targetsOf)
        .every((next) => splittingSteps.has(next)),
    transitions: transitionsOf(step.name, edges, {
      counts:
        (stepsWithCount.has(step.name) ? 1 : 0) +
        joinedBy(step.name).flatMap((fork) => countedIn(fork, stepsWithCount)).length,
      isInBranch: inBranches.has(step.name),
    }),
  }));
}
