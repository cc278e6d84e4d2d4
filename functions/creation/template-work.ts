/** Turns the template, parameters and items of a new job into its work. */
import { refusal } from '#contract/problem.ts';
import type { RequestedItems } from '#contract/requested-items.ts';
import { countFault, sizeFault } from '#core/definition-size.ts';
import type { JobServiceError } from '#core/errors.ts';
import type { BatchPlan, JobFlow, JobKey } from '#core/job.ts';
import { planSteps } from '#core/template/plan-steps.ts';
import { referencesIn } from '#core/template/references.ts';
import type { FlowPlan, PlannedStep, Template } from '#core/template/template.ts';
import { valueFaults } from './check-batch.ts';
import { checkParameters } from './evaluator.ts';
import { jsonPointer } from './inspect-json.ts';
import type { CreationPorts } from './ports.ts';
import { type BatchDeployment, itemsPerTaskOf, schemaCompiler } from './registry.ts';
import { findRunnable, type RunnableTemplate, templateLookup } from './templates.ts';
import { invalidMembers } from './wrong-input.ts';

const MAX_LISTED_TEMPLATES = 50;

/** Splitter that the plan names if the first step has none. The steps decide how a template is split. */
const PLAN_SPLITTER = 'items';

export interface TemplateWork {
  readonly template: string;
  readonly templateVersion: string;
  readonly plan: BatchPlan;
  readonly flow: JobFlow;
  /** Stored with the request. */
  readonly flowPlan: FlowPlan;
}

export interface TemplateRequest {
  readonly template: string;
  readonly parameters?: unknown;
  readonly items?: RequestedItems | undefined;
  /** True if a global job type made the request. It can refer to global templates only. */
  readonly ofGlobalType?: boolean;
}

/** Refuses an unknown template (400), a disabled one (409), and input that it does not accept (400). */
export async function templateWork(
  key: JobKey,
  request: TemplateRequest,
  ports: CreationPorts,
): Promise<TemplateWork> {
  const { partition } = key;
  const owner = request.ofGlobalType ? undefined : partition;
  const template = await findRunnable(request.template, owner, ports);
  if (template === undefined) throw await unknownTemplate(request.template, owner, ports);
  if (!template.enabled) {
    throw refusal(
      'template-disabled',
      `template '${template.name}' is disabled; enable it with PUT or use another template`,
    );
  }
  await checkAgainstSchema(template, request.parameters);
  const items = checkedItems(template, request.items, ports.maxItems);
  const { parameters = {} } = request;
  const steps = planSteps(template, { parameters, jobId: key.job, partitionId: partition });
  const deployment = { ...ports, partition, compileSchema: await schemaCompiler() };
  for (const [at, step] of steps.entries()) checkStep(step, template.steps[at], deployment);
  const [first] = steps;
  if (first === undefined) throw new Error('a template passed its schema but has no steps');
  return {
    template: template.name,
    templateVersion: template.version,
    plan: planOf(template, first, deployment),
    flow: { machine: template.machine, steps: steps.map(({ name }) => name) },
    flowPlan: { steps, items },
  };
}

async function checkAgainstSchema(
  { name, parametersSchema }: RunnableTemplate,
  parameters: unknown,
): Promise<void> {
  if (parametersSchema === undefined && parameters === undefined) return;
  const faults =
    parametersSchema === undefined
      ? [{ path: [], detail: `is not accepted: template '${name}' has no parametersSchema; leave it out` }]
      : await checkParameters(parametersSchema, parameters ?? {});
  if (faults.length > 0) throw invalidMembers(faults, ['parameters']);
}

function checkedItems(
  { name, steps }: RunnableTemplate,
  items: RequestedItems | undefined,
  maxItems: number,
): RequestedItems {
  const splitter = steps[0]?.splitter;
  if (splitter === undefined && items === undefined) {
    throw wrong(
      ['items'],
      `is missing; the first step of template '${name}' works on the items of the request`,
    );
  }
  if (splitter !== undefined && items !== undefined) {
    throw wrong(
      ['items'],
      `is not accepted: template '${name}' starts with splitter '${splitter}'; leave it out`,
    );
  }
  const fault = countFault(items?.length ?? 0, maxItems, ['items']);
  if (fault !== undefined) throw invalidMembers([fault]);
  return items ?? [];
}

/** Checks the input of a step that depends on the parameters of the job. */
function checkStep(
  { name, worker, splitter, parameters, definition }: PlannedStep,
  written: Template['steps'][number] | undefined,
  deployment: BatchDeployment,
): void {
  const values = [
    { kind: 'worker', of: worker, value: parameters, written: written?.parameters },
    ...(splitter === undefined
      ? []
      : [{ kind: 'splitter', of: splitter, value: definition, written: written?.definition } as const]),
  ] as const;
  for (const { kind, of, value, written: source } of values) {
    const size = kind === 'splitter' ? sizeFault(of, value, deployment.maxItems) : undefined;
    const fault = valueFaults(kind, of, value, deployment)[0] ?? size;
    if (fault === undefined) continue;
    const reference = referencesIn(source).find(({ path }) =>
      path.every((part, at) => fault.path[at] === part),
    );
    const at = reference?.names[0] === 'parameters' ? reference.names : ['parameters'];
    throw wrong(
      at,
      `is not valid for step '${name}' (${kind} '${of}', ${jsonPointer(fault.path) || 'the whole value'}): ${fault.detail}`,
    );
  }
}

function wrong(path: readonly string[], detail: string): JobServiceError {
  return invalidMembers([{ path, detail }]);
}

function planOf(
  { itemsPerTask, steps }: Template,
  { splitter, worker, maxAttempts }: PlannedStep,
  deployment: BatchDeployment,
): BatchPlan {
  const workers = steps.map((step) => step.worker);
  return {
    splitter: splitter ?? PLAN_SPLITTER,
    worker,
    pipeline: [],
    itemsPerTask: itemsPerTask ?? itemsPerTaskOf(workers, deployment),
    // The flow decides after each step how failed items are handled. At its end, the job fails if no item
    // succeeded, unless a step allows failed items.
    onItemFailure: steps.some(allowsFailedItems) ? 'continue' : 'failIfNoneSucceed',
    maxAttempts,
    // Each step reads the outcomes of the step before it.
    outcomes: 'all',
  };
}

function allowsFailedItems({ onItemFailure }: Template['steps'][number]): boolean {
  return onItemFailure === 'continue' || typeof onItemFailure === 'object';
}

async function unknownTemplate(
  name: string,
  partition: string | undefined,
  ports: CreationPorts,
): Promise<JobServiceError> {
  const all = await templateLookup.all(partition, ports);
  const listed = all.slice(0, MAX_LISTED_TEMPLATES).map((template) => template.name);
  return wrong(['template'], `template '${name}' does not exist; available: ${listed.join(', ') || 'none'}`);
}
