/** Templates of partitions and global templates. */
import { refusal } from '#contract/problem.ts';
import { type TemplateBody, type TemplateView, templateNameProblem } from '#contract/template.ts';
import { machineOfPartition } from '#core/template/machine-name.ts';
import { canonicalJson, sha256 } from '../../creation/canonical.ts';
import { templateLookup } from '../../creation/templates.ts';
import { invalidMembers } from '../../creation/wrong-input.ts';
import { DOCUMENT_KINDS } from '../missing.ts';
import type { ApiPorts, ApiRequest, OperationHandler } from '../request.ts';
import { VersionedDocuments } from '../versioned-documents.ts';

const templates = new VersionedDocuments({
  names: DOCUMENT_KINDS[1],
  lookup: templateLookup,
  deployedFrom: 'lib/templates or the property templates of JobService',
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

export const listTemplates: OperationHandler<'listTemplates'> = templates.list;

export const listPartitionTemplates: OperationHandler<'listPartitionTemplates'> = templates.list;

export const getTemplate: OperationHandler<'getTemplate'> = templates.get;

export const getPartitionTemplate: OperationHandler<'getPartitionTemplate'> = templates.get;

export const putTemplate: OperationHandler<'putTemplate'> = putAnyScope;

export const putPartitionTemplate: OperationHandler<'putPartitionTemplate'> = putAnyScope;

type PutRequest = ApiRequest<'putTemplate'> | ApiRequest<'putPartitionTemplate'>;

/** Stores a global template or a template of a partition. */
async function putAnyScope(request: PutRequest, ports: ApiPorts) {
  const { body } = request;
  const parameters: { readonly name: string; readonly p?: string } = request.parameters;
  const { name, p: partition } = parameters;
  checkName(name, body);
  templates.checkPut(parameters, body, ports);
  // Few requests put a template.
  const { checkTemplate } = await import('../../creation/check-template.ts');
  const faults = await checkTemplate(body, partition, ports);
  if (faults.length > 0) throw invalidMembers(faults);
  const { name: _name, ...template } = body;
  // After a crash or a lost race, the published version of the state machine stays unused, which is harmless.
  const stored = async () => {
    const { compileTemplate } = await import('#core/template/compile.ts');
    const definition = compileTemplate(template, ports.flowQueues);
    return { ...template, machine: await ports.machines.publish(machineName(name, partition), definition) };
  };
  return templates.put({ content: template, stored }, request, ports);
}

function machineName(name: string, partition: string | undefined): string {
  return partition === undefined ? name : machineOfPartition(name, sha256(canonicalJson([partition, name])));
}

function checkName(name: string, body: TemplateBody): void {
  const problem = templateNameProblem(name);
  if (problem !== undefined) {
    throw refusal('invalid-request', `'${name}': ${problem}`, {
      errors: [{ parameter: 'name', detail: problem }],
    });
  }
  if (body.name === undefined || body.name === name) return;
  throw invalidMembers([
    { path: ['name'], detail: `is '${body.name}', and the path says '${name}'; leave it out` },
  ]);
}

// Deleting a template keeps its state machine, because jobs that refer to it may not have started yet.
export const deleteTemplate: OperationHandler<'deleteTemplate'> = templates.delete;

export const deletePartitionTemplate: OperationHandler<'deletePartitionTemplate'> = templates.delete;

export const listTemplateVersions: OperationHandler<'listTemplateVersions'> = templates.versions;

export const listPartitionTemplateVersions: OperationHandler<'listPartitionTemplateVersions'> =
  templates.versions;
