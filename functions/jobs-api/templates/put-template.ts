import { refusal } from '#contract/problem.ts';
import { type TemplateBody, templateNameProblem } from '#contract/template.ts';
import { compileTemplate } from '#core/template/compile.ts';
import { machineOfPartition } from '#core/template/machine-name.ts';
import { canonicalJson, sha256 } from '../../creation/canonical.ts';
import { checkTemplate } from '../../creation/check-template.ts';
import { wrongPlaces } from '../../creation/wrong-input.ts';
import type { ApiRequest, ApiTools } from '../request.ts';
import { templates } from './templates.ts';

type PutRequest = ApiRequest<'putTemplate'> | ApiRequest<'putPartitionTemplate'>;

/** PUT of a global template, or of one of a partition. */
export async function putAnyTemplate(request: PutRequest, tools: ApiTools) {
  const { body } = request;
  const parameters: { readonly name: string; readonly p?: string } = request.parameters;
  const { name, p: partition } = parameters;
  checkName(name, body);
  templates.checkPut(parameters, body, tools);
  const faults = await checkTemplate(body, partition, tools);
  if (faults.length > 0) throw wrongPlaces(faults);
  const { name: _name, ...template } = body;
  // A published version that nobody names in the end, after a crash or a lost race, does no harm.
  const keep = async () => {
    const definition = compileTemplate(template, tools.flowQueues);
    return { ...template, machine: await tools.machines.publish(machineName(name, partition), definition) };
  };
  return templates.put({ said: template, keep }, request, tools);
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
  throw wrongPlaces([
    { path: ['name'], detail: `is '${body.name}', and the path says '${name}'; leave it out` },
  ]);
}
