/** Templates: those of partitions, and global ones. */
import type { Scope } from '#contract/document-version.ts';
import type { TemplateVersion, TemplateView } from '#contract/template.ts';
import { deployedMachine } from '#core/template/machine-name.ts';
import { storedTemplates } from '../../store/templates.ts';
import { DOCUMENT_KINDS } from '../missing.ts';
import type { ApiTools } from '../request.ts';
import { VersionedDocuments } from '../versioned-documents.ts';

export const templates = new VersionedDocuments({
  names: DOCUMENT_KINDS[1],
  deployedFrom: 'lib/templates or the property templates of JobService',
  store: storedTemplates,
  deployed: (registry) =>
    registry.templates.map((template): TemplateView => ({ ...template, deployed: true, scope: 'global' })),
  // Which state machine runs it is nobody's business.
  view: ({ version, machine: _machine, ...template }, scope: Scope): TemplateView => ({
    ...template,
    version: String(version),
    scope,
    deployed: false,
  }),
  shown: (template: TemplateView) => template,
  summary: ({ name, version, description, enabled, scope, deployed, steps }: TemplateView) => ({
    name,
    version,
    description,
    enabled,
    scope,
    deployed,
    steps: steps.map((step) => step.name),
  }),
});

/** A template that a job can run: with the address of its state machine. */
export interface RunnableTemplate extends TemplateVersion {
  readonly machine: string;
}

/** What a job of the partition means by the name; without a partition, the global template. */
export async function findRunnable(
  name: string,
  partition: string | undefined,
  { registry, table, machines }: Pick<ApiTools, 'registry' | 'table' | 'machines'>,
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
