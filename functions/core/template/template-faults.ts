import { flowFaults } from './flow-faults.ts';
import { type Catalog, stepFaults } from './step-faults.ts';
import type { Template, TemplateFault } from './template.ts';

/** Returns all faults of a template, each with its location. A template without faults compiles. */
export function templateFaults(template: Template, catalog: Catalog): TemplateFault[] {
  const faultsOfSteps = stepFaults(template, catalog);
  // With duplicate step names, the edges of the flow are ambiguous.
  const hasUniqueNames = new Set(template.steps.map(({ name }) => name)).size === template.steps.length;
  return hasUniqueNames ? [...faultsOfSteps, ...flowFaults(template)] : faultsOfSteps;
}
