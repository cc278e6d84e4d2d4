/** From the type and parameters of a new job to its work. */
import { type BatchRequest, type MappedWork, mappedWork } from '#contract/create-job.ts';
import type { JobType } from '#contract/job-type.ts';
import { refusal } from '#contract/problem.ts';
import { JobServiceError } from '#core/errors.ts';
import type { JobKey } from '#core/job.ts';
import { jobTypes } from '../jobs-api/job-types/job-types.ts';
import type { ApiTools } from '../jobs-api/request.ts';
import { mapParameters } from './evaluator.ts';
import { jsonFault } from './inspect-json.ts';
import type { TemplateRequest } from './template-work.ts';
import { translateTask } from './translate-task.ts';
import { wrongBody, wrongPlaces } from './wrong-input.ts';

const MAX_NAMED_TYPES = 50;

export interface Translation {
  readonly type: JobType;
  readonly labels: MappedWork['labels'];
  readonly priority: MappedWork['priority'];
  /** What the job is split from, or the template that it runs. */
  readonly work: BatchRequest | TemplateRequest;
}

/** Refuses parameters that the type does not take (400), and what its mapping makes that is no work (422). */
export async function translate(
  key: JobKey,
  { type: name, parameters }: { readonly type: string; readonly parameters?: unknown },
  tools: ApiTools,
): Promise<Translation> {
  const type = await jobTypes.find(name, tools);
  if (type === undefined) throw await unknownType(name, tools);
  const mapped = await mapParameters(type, { parameters, partitionId: key.partition, jobId: key.job });
  switch (mapped.outcome) {
    case 'wrong-parameters':
      throw wrongPlaces(mapped.places, ['parameters']);
    case 'refused':
      throw refusal('invalid-request', mapped.reason, {
        errors: [{ pointer: '/parameters', detail: mapped.reason }],
      });
    case 'failed':
      throw mappingFailed(type, mapped.reason);
    case 'yields':
      return { type, ...(await workOf(type, mapped.text, tools)) };
  }
}

/** Runs a check of mapped work: what it refuses is the fault of the mapping, not of the caller. */
export async function asMappingFault<T>(type: JobType, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof JobServiceError) || error.status !== 400) throw error;
    throw mappingFailed(
      type,
      error.message.replace(/^the body is not valid: /, 'what it yields is not valid: '),
    );
  }
}

/** What is yielded is read as strictly as a body. */
async function workOf(type: JobType, text: string, tools: ApiTools): Promise<Omit<Translation, 'type'>> {
  const fault = jsonFault(text);
  if (fault !== undefined) throw mappingFailed(type, `what it yields ${fault.detail} (${fault.pointer})`);
  return asMappingFault(type, () => {
    const parsed = mappedWork.safeParse(JSON.parse(text));
    if (!parsed.success) throw wrongBody(parsed.error.issues);
    const { labels, priority, ...work } = parsed.data;
    return { labels, priority, work: workIn(work, tools) };
  });
}

function workIn(
  { batch, task, template, parameters, items }: Omit<MappedWork, 'labels' | 'priority'>,
  tools: ApiTools,
): Translation['work'] {
  if (task !== undefined) return translateTask(task, tools);
  if (template !== undefined) return { template, parameters, items };
  if (batch === undefined) throw new Error('mapped work came through its schema without work');
  return batch;
}

function mappingFailed({ name, version }: JobType, reason: string): JobServiceError {
  return refusal('mapping-failed', `the mapping of job type '${name}' (version ${version}) fails: ${reason}`);
}

async function unknownType(name: string, tools: ApiTools): Promise<JobServiceError> {
  const types = await jobTypes.all(tools);
  const named = types.slice(0, MAX_NAMED_TYPES).map((type) => type.name);
  const detail = `there is no job type '${name}'; there are: ${named.join(', ') || 'none'}`;
  return refusal('invalid-request', detail, { errors: [{ pointer: '/type', detail }] });
}
