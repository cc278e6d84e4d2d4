/** Checks a batch against what is deployed. */
import type { BatchRequest } from '#contract/create-job.ts';
import { refusal } from '#contract/problem.ts';
import { sizeFault } from '#core/definition-size.ts';
import { notDeployedMessage } from '#core/not-deployed.ts';
import { STEP_RESULTS_SPLITTER } from '#core/template/template.ts';
import type { SchemaCheck, ValueFault } from './json-schema.ts';
import type { BatchDeployment, Deployment, JsonSchema } from './registry.ts';
import { useFaults } from './use-faults.ts';
import { invalidMembers } from './wrong-input.ts';

/** Caches every compiled schema, because a deployment has few of them and they never change. */
const compiledSchemas = new WeakMap<JsonSchema, SchemaCheck | 'unreadable'>();

type BatchMember = 'splitter' | 'definition' | 'worker' | 'parameters' | 'pipeline';

/** Paths of the members of a batch in a request body. */
export type BatchLocations = Readonly<Record<BatchMember, readonly string[]>>;

const BATCH_LOCATIONS: BatchLocations = {
  splitter: ['batch', 'splitter'],
  definition: ['batch', 'definition'],
  worker: ['batch', 'worker'],
  parameters: ['batch', 'parameters'],
  pipeline: ['batch', 'pipeline'],
};

/** Refuses a batch that names an unknown splitter or worker, or gives it input that it does not accept. */
export function checkBatch(batch: BatchRequest, deployment: BatchDeployment, at = BATCH_LOCATIONS): void {
  const { splitters, workers } = deployment.registry;
  const splitter = find(splitters, batch.splitter, { kind: 'splitter', at: at.splitter });
  if (splitter.name === STEP_RESULTS_SPLITTER) {
    const detail = `'${STEP_RESULTS_SPLITTER}' reads the outcomes of the previous step, so only steps of a template can use it; use 'job-results' for the results of another job`;
    throw invalidMembers([{ path: [], detail }], at.splitter);
  }
  const worker = find(workers, batch.worker, { kind: 'worker', at: at.worker });
  for (const [position, name] of batch.pipeline.entries()) {
    find(workers, name, { kind: 'worker', at: [...at.pipeline, String(position)] });
  }
  const { definition, parameters = {} } = batch;
  refuse(valueFaults('splitter', splitter.name, definition, deployment), at.definition);
  refuse(valueFaults('worker', worker.name, parameters, deployment), at.parameters);
  // All workers of the pipeline get the same parameters.
  for (const name of batch.pipeline) refuse(useFaults(name, parameters, deployment), at.parameters);
  const fault = sizeFault(splitter.name, definition, deployment.maxItems);
  if (fault !== undefined) refuse([fault], at.definition);
}

function refuse(faults: readonly ValueFault[], at: readonly string[]): void {
  if (faults.length > 0) throw invalidMembers(faults, at);
}

function find<T extends { readonly name: string }>(
  deployed: readonly T[],
  name: string,
  { kind, at }: { kind: 'worker' | 'splitter'; at: readonly string[] },
): T {
  const found = deployed.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const detail = notDeployedMessage(
    kind,
    name,
    deployed.map((candidate) => candidate.name),
  );
  throw refusal('invalid-request', detail, { errors: [{ pointer: `/${at.join('/')}`, detail }] });
}

/** Returns the faults of the parameters of a worker or the definition of a splitter. */
export function valueFaults(
  kind: 'worker' | 'splitter',
  name: string,
  value: unknown,
  deployment: Deployment,
): readonly ValueFault[] {
  const { registry } = deployment;
  const schema =
    kind === 'worker'
      ? registry.workers.find((worker) => worker.name === name)?.parameters
      : registry.splitters.find((splitter) => splitter.name === name)?.definition;
  const checker = schema === undefined ? 'unreadable' : compile(schema, deployment);
  const faults = checker === 'unreadable' ? [] : checker(value);
  return faults.length > 0 ? faults : useFaults(name, value, deployment);
}

/** Returns `unreadable` if the schema cannot be compiled. The splitter or worker checks its input again anyway. */
function compile(
  schema: JsonSchema,
  { log, compileSchema }: Pick<Deployment, 'log' | 'compileSchema'>,
): SchemaCheck | 'unreadable' {
  const cached = compiledSchemas.get(schema);
  if (cached !== undefined) return cached;
  let checker: SchemaCheck | 'unreadable' = 'unreadable';
  try {
    checker = compileSchema(schema);
  } catch (error) {
    log.warn('a schema of the registry cannot be checked here', { reason: String(error) });
  }
  compiledSchemas.set(schema, checker);
  return checker;
}
