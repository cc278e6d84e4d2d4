import type { TemplateBody } from '#contract/template.ts';
import type { TemplateFault } from '#core/template/template.ts';
import { templateFaults } from '#core/template/template-faults.ts';
import { valueFaults } from './check-batch.ts';
import { findSchemaFaults } from './evaluator.ts';
import type { CreationPorts } from './ports.ts';
import { schemaCompiler } from './registry.ts';

/**
 * Returns the reasons why a template cannot run in this deployment. A template of a partition may use only the secrets
 * and functions that the partition may use.
 */
export async function checkTemplate(
  template: TemplateBody,
  partition: string | undefined,
  { registry, log }: Pick<CreationPorts, 'registry' | 'log'>,
): Promise<TemplateFault[]> {
  const { parametersSchema } = template;
  const schemaFaults = parametersSchema === undefined ? [] : await findSchemaFaults(parametersSchema);
  const deployment = { registry, log, partition, compileSchema: await schemaCompiler() };
  const catalog = {
    workers: registry.workers.map(({ name }) => name),
    splitters: registry.splitters.map(({ name }) => name),
    check: (kind: 'worker' | 'splitter', name: string, value: unknown) =>
      valueFaults(kind, name, value, deployment),
  };
  return [
    ...schemaFaults.map(({ path, detail }) => ({ path: ['parametersSchema', ...path], detail })),
    ...templateFaults(template, catalog),
  ];
}
