/** Evaluates the job type and parameters of a new job and returns its work. */
import { type BatchRequest, type MappedWork, mappedWork } from '#contract/create-job.ts';
import { refusal } from '#contract/problem.ts';
import { JobServiceError } from '#core/errors.ts';
import type { JobKey } from '#core/job.ts';
import { mapParameters } from './evaluator.ts';
import { withoutConfiguration } from './hide-configuration.ts';
import { jsonFault } from './inspect-json.ts';
import { jobTypeLookup, type WholeJobType } from './job-types.ts';
import type { CreationPorts } from './ports.ts';
import { type BatchDeployment, schemaCompiler } from './registry.ts';
import { translateTask } from './task-work.ts';
import type { TemplateRequest } from './template-work.ts';
import { invalidBody, invalidMembers } from './wrong-input.ts';

const MAX_LISTED_TYPES = 50;
const MAX_SHOWN_FAULTS = 3;

export interface MappedJob {
  readonly type: WholeJobType;
  readonly labels: MappedWork['labels'];
  readonly priority: MappedWork['priority'];
  /** The batch that the job splits, or the template that it runs. */
  readonly work: BatchRequest | TemplateRequest;
}

/** Refuses parameters that the type does not accept (400), and a mapping whose result is not valid work (422). */
export async function applyJobType(
  key: JobKey,
  { type: name, parameters }: { readonly type: string; readonly parameters?: unknown },
  ports: CreationPorts,
): Promise<MappedJob> {
  const type = await jobTypeLookup.find(name, key.partition, ports);
  if (type === undefined) throw await unknownType(name, key.partition, ports);
  const mapped = await mapParameters(type, { parameters, partitionId: key.partition, jobId: key.job });
  switch (mapped.kind) {
    case 'wrong-parameters':
      throw invalidMembers(mapped.faults, ['parameters']);
    case 'refused':
      throw refusal('invalid-request', mapped.reason, {
        errors: [{ pointer: '/parameters', detail: mapped.reason }],
      });
    case 'failed':
      throw mappingFailed(type, mapped.reason);
    case 'yields':
      return { type, ...(await workOf(type, mapped.text, key, ports)) };
  }
}

/** Runs a check of mapped work. Reports a refusal as a fault of the mapping, not of the caller. */
export async function asMappingFault<T>(type: WholeJobType, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof JobServiceError) || error.status !== 400) throw error;
    throw mappingFailed(type, `its result is not valid: ${faultsIn(error)}`);
  }
}

/** Lists the faults without the values received, because the mapping may have made those from its configuration. */
function faultsIn({ errors, message }: JobServiceError): string {
  const faults = errors.map(({ pointer = '', detail }) => `${pointer || 'it'}: ${withoutGot(detail)}`);
  const more = faults.length - MAX_SHOWN_FAULTS;
  if (faults.length === 0) return message;
  return `${faults.slice(0, MAX_SHOWN_FAULTS).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function withoutGot(detail: string): string {
  return detail.replace(/; got ".*$/s, '');
}

/** Checks the result of a mapping as strictly as a request body. */
async function workOf(
  type: WholeJobType,
  text: string,
  { partition }: JobKey,
  ports: CreationPorts,
): Promise<Omit<MappedJob, 'type'>> {
  const fault = jsonFault(text);
  if (fault !== undefined) throw mappingFailed(type, `its result ${fault.detail} (${fault.pointer})`);
  const deployment = { ...ports, partition, compileSchema: await schemaCompiler() };
  return asMappingFault(type, () => {
    const parsed = mappedWork.safeParse(JSON.parse(text));
    if (!parsed.success) throw invalidBody(parsed.error.issues);
    const { labels, priority, ...work } = parsed.data;
    return { labels, priority, work: workIn(work, type, deployment) };
  });
}

function workIn(
  { batch, task, template, parameters, items }: Omit<MappedWork, 'labels' | 'priority'>,
  { scope }: WholeJobType,
  deployment: BatchDeployment,
): MappedJob['work'] {
  if (task !== undefined) return translateTask(task, deployment);
  // A template of the partition must not receive values from the configuration of a global job type.
  if (template !== undefined) return { template, parameters, items, ofGlobalType: scope === 'global' };
  if (batch === undefined) throw new Error('mapped work passed its schema but describes no work');
  return batch;
}

function mappingFailed({ name, version, configuration }: WholeJobType, reason: string): JobServiceError {
  const shown = withoutConfiguration(reason, configuration);
  return refusal('mapping-failed', `the mapping of job type '${name}' (version ${version}) fails: ${shown}`);
}

async function unknownType(name: string, partition: string, ports: CreationPorts): Promise<JobServiceError> {
  const types = await jobTypeLookup.all(partition, ports);
  const listed = types.slice(0, MAX_LISTED_TYPES).map((type) => type.name);
  const detail = `job type '${name}' does not exist; available: ${listed.join(', ') || 'none'}`;
  return refusal('invalid-request', detail, { errors: [{ pointer: '/type', detail }] });
}
