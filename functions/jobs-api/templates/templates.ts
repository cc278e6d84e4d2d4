/** The templates of a deployment. */
import type { TemplateVersion, TemplateView } from '#contract/template.ts';
import { deployedMachine } from '#core/template/machine-name.ts';
import { storedTemplates } from '../../store/templates.ts';
import type { ApiTools } from '../request.ts';
import { VersionedDocuments } from '../versioned-documents.ts';

export const templates = new VersionedDocuments({
  noun: 'template',
  path: '/templates',
  deployedFrom: 'lib/templates or the property templates of JobService',
  store: storedTemplates,
  deployed: (registry) =>
    registry.templates.map((template): TemplateView => ({ ...template, deployed: true })),
  // Which state machine runs it is nobody's business.
  view: ({ version, machine: _machine, ...template }): TemplateView => ({
    ...template,
    version: String(version),
    deployed: false,
  }),
});

/** A template that a job can run: with the address of its state machine. */
export interface RunnableTemplate extends TemplateVersion {
  readonly machine: string;
}

export async function findRunnable(
  name: string,
  { registry, table, machines }: Pick<ApiTools, 'registry' | 'table' | 'machines'>,
): Promise<RunnableTemplate | undefined> {
  const deployed = registry.templates.find((template) => template.name === name);
  if (deployed !== undefined) return { ...deployed, machine: machines.addressOf(deployedMachine(deployed)) };
  const stored = await storedTemplates.read(table, name);
  return stored && { ...stored, version: String(stored.version) };
}
