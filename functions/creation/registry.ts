/** The registry of what is deployed (registry.json beside the bundle), and the check of a batch against it. */
import * as z from 'zod';
import type { BatchRequest } from '#contract/create-job.ts';
import { jobTypeBody } from '#contract/job-type.ts';
import { refusal } from '#contract/problem.ts';
import { templateBody } from '#contract/template.ts';
import { sizeFault } from '#core/definition-size.ts';
import { notDeployedMessage } from '#core/not-deployed.ts';
import type { Log } from '#core/ports.ts';
import { STEP_RESULTS_SPLITTER } from '#core/template/template.ts';
import { compileSchema, type SchemaCheck, type ValueFault } from './json-schema.ts';
import { useFaults } from './use-faults.ts';
import { invalidMembers } from './wrong-input.ts';

/** Names that jobs may use, each in all partitions or in the listed ones. */
const allowedNames = z.record(
  z.string(),
  z.object({ partitions: z.array(z.string()).readonly().exactOptional() }),
);

const jsonSchema = z.record(z.string(), z.unknown());
const registered = { name: z.string().min(1), description: z.string() };

export const registryFile = z.object({
  splitters: z.array(z.object({ ...registered, definition: jsonSchema })),
  workers: z.array(z.object({ ...registered, parameters: jsonSchema })),
  jobTypes: z.array(z.object({ ...jobTypeBody.shape, name: z.string().min(1), version: z.string() })),
  templates: z.array(z.object({ ...templateBody.shape, name: z.string().min(1), version: z.string() })),
  secrets: allowedNames.default({}),
  functions: allowedNames.default({}),
});
export type Registry = z.output<typeof registryFile>;

/** The deployment that a request is checked against. */
export interface Deployment {
  readonly registry: Registry;
  readonly log: Log;
  /** Partition of the job; `undefined` for documents that all partitions share. */
  readonly partition: string | undefined;
}

export interface BatchDeployment extends Deployment {
  /** Maximum number of items of a job. */
  readonly maxItems: number;
}
type JsonSchema = z.output<typeof jsonSchema>;

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
  const { registry, log } = deployment;
  const schema =
    kind === 'worker'
      ? registry.workers.find((worker) => worker.name === name)?.parameters
      : registry.splitters.find((splitter) => splitter.name === name)?.definition;
  const checker = schema === undefined ? 'unreadable' : compile(schema, log);
  const faults = checker === 'unreadable' ? [] : checker(value);
  return faults.length > 0 ? faults : useFaults(name, value, deployment);
}

/** Returns `unreadable` if the schema cannot be compiled. The splitter or worker checks its input again anyway. */
function compile(schema: JsonSchema, log: Log): SchemaCheck | 'unreadable' {
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
