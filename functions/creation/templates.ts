/** Templates of partitions and global templates, as jobs are created from them. */
import type { TemplateVersion, TemplateView } from '#contract/template.ts';
import { deployedMachine } from '#core/template/machine-name.ts';
import { storedTemplates } from '../store/templates.ts';
import { DocumentLookup } from './document-lookup.ts';
import type { CreationPorts } from './ports.ts';

export const templateLookup = new DocumentLookup({
  store: storedTemplates,
  deployed: (registry) =>
    registry.templates.map((template): TemplateView => ({ ...template, deployed: true, scope: 'global' })),
  // The state machine is internal, so no view shows it.
  view: ({ version, machine: _machine, ...template }, scope): TemplateView => ({
    ...template,
    version: String(version),
    scope,
    deployed: false,
  }),
});

/** A template that a job can run, with the address of its state machine. */
export interface RunnableTemplate extends TemplateVersion {
  readonly machine: string;
}

/** Returns the template that a job of the partition gets by this name; without a partition, the global one. */
export async function findRunnable(
  name: string,
  partition: string | undefined,
  { registry, table, machines }: Pick<CreationPorts, 'registry' | 'table' | 'machines'>,
): Promise<RunnableTemplate | undefined> {
  if (partition !== undefined) {
    const own = await storedTemplates(partition).read(table, name);
    if (own !== undefined) return { ...own, version: String(own.version) };
  }
  const deployed = registry.templates.find((template) => template.name === name);
  if (deployed !== undefined) return { ...deployed, machine: machines.addressOf(deployedMachine(deployed)) };
  const stored = await storedTemplates(undefined).read(table, name);
  return stored && { ...stored, version: String(stored.version) };
}
