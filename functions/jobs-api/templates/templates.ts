/** The templates of a deployment: those that came with it, before those that were put through the API. */
import { refusal } from '#contract/problem.ts';
import type { TemplateVersion, TemplateView } from '#contract/template.ts';
import { deployedMachine } from '#core/template/machine-name.ts';
import { type StoredTemplate, templates } from '../../store/templates.ts';
import { isKnown } from '../etag.ts';
import type { ApiTools } from '../request.ts';

type Tools = Pick<ApiTools, 'registry' | 'table'>;

/** A template that a job can run: with the address of its state machine. */
export interface RunnableTemplate extends TemplateVersion {
  readonly machine: string;
}

export async function findTemplate(name: string, tools: Tools): Promise<TemplateView | undefined> {
  const deployed = tools.registry.templates.find((template) => template.name === name);
  if (deployed !== undefined) return deployedView(deployed);
  const stored = await templates.read(tools.table, name);
  return stored && storedView(stored);
}

export async function findRunnable(
  name: string,
  tools: Tools & Pick<ApiTools, 'machines'>,
): Promise<RunnableTemplate | undefined> {
  const deployed = tools.registry.templates.find((template) => template.name === name);
  if (deployed !== undefined) {
    return { ...deployed, machine: tools.machines.addressOf(deployedMachine(deployed)) };
  }
  const stored = await templates.read(tools.table, name);
  return stored && { ...stored, version: String(stored.version) };
}

/** By name. */
export async function allTemplates({ registry, table }: Tools): Promise<TemplateView[]> {
  const deployed = new Set(registry.templates.map(({ name }) => name));
  const stored = (await templates.list(table)).filter(({ name }) => !deployed.has(name));
  return [...registry.templates.map(deployedView), ...stored.map(storedView)].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}

export function refuseDeployed(name: string, { registry }: Pick<ApiTools, 'registry'>): void {
  if (registry.templates.every((template) => template.name !== name)) return;
  throw refusal(
    'read-only',
    `template '${name}' comes with the deployment; change it there (lib/templates or the property templates of JobService) and deploy, or choose another name`,
  );
}

/** Which state machine runs it is nobody's business. */
export function storedView({ version, machine: _machine, ...template }: StoredTemplate): TemplateView {
  return { ...template, version: String(version), deployed: false };
}

function deployedView(template: TemplateVersion): TemplateView {
  return { ...template, deployed: true };
}

export function templateEtag({ version }: Pick<TemplateVersion, 'version'>): string {
  return `"${version}"`;
}

/** Refuses a change of a template that is no longer what the caller saw. */
export function checkTemplateVersion(
  ifMatch: string | undefined,
  name: string,
  standing: StoredTemplate | undefined,
): void {
  if (ifMatch === undefined) return;
  if (standing !== undefined && isKnown(ifMatch, templateEtag(storedView(standing)))) return;
  const has = standing === undefined ? 'does not exist' : `has version ${standing.version}`;
  throw refusal(
    'precondition-failed',
    `template '${name}' ${has}, If-Match asks for ${ifMatch.slice(0, 100)}; read it again and decide anew`,
  );
}
