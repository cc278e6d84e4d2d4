import { flowFaults } from './flow-faults.ts';
import { type Catalog, stepFaults } from './step-faults.ts';
import type { Template, TemplateFault } from './template.ts';

/** Everything that keeps a template from running, each at its place; a template without one compiles. */
export function templateFaults(template: Template, catalog: Catalog): TemplateFault[] {
  const ofSteps = stepFaults(template, catalog);
  // Of which step the flow speaks, nobody can tell where two have one name.
  const areNamed = new Set(template.steps.map(({ name }) => name)).size === template.steps.length;
  return areNamed ? [...ofSteps, ...flowFaults(template)] : ofSteps;
}
