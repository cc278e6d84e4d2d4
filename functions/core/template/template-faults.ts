import { flowFaults } from './flow-faults.ts';
import { type Catalog, stepFaults } from './step-faults.ts';
import type { Template, TemplateFault } from './template.ts';

/** Everything that keeps a template from running, each at its place; a template without one compiles. */
export function templateFaults(template: Template, catalog: Catalog): TemplateFault[] {
  return [...stepFaults(template, catalog), ...flowFaults(template)];
}
