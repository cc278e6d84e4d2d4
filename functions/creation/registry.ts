/** What is deployed (registry.json beside the bundle), and the check of what a batch asks of it. */
import * as z from 'zod';
import type { BatchRequest } from '#contract/create-job.ts';
import { jobTypeBody } from '#contract/job-type.ts';
import { refusal } from '#contract/problem.ts';
import { templateBody } from '#contract/template.ts';
import { sizeFault } from '#core/known-size.ts';
import type { Log } from '#core/ports.ts';
import { STEP_RESULTS_SPLITTER } from '#core/template/template.ts';
import { compileSchema, type SchemaCheck, type WrongPlace } from './json-schema.ts';
import { useFaults } from './use-faults.ts';
import { wrongPlaces } from './wrong-input.ts';

/** A name that jobs may use, in all partitions or in these. */
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

/** What a request is checked against. */
export interface Deployment {
  readonly registry: Registry;
  readonly log: Log;
  /** Whose job it is; absent for what all partitions share. */
  readonly partition: string | undefined;
}

export interface BatchDeployment extends Deployment {
  /** Items that a job may have. */
  readonly maxItems: number;
}
type JsonSchema = z.output<typeof jsonSchema>;

/** Schemas of one deployment are few and stay the same. */
const compiled = new WeakMap<JsonSchema, SchemaCheck | 'unreadable'>();

type BatchMember = 'splitter' | 'definition' | 'worker' | 'parameters' | 'pipeline';

/** Where in a body the members of a batch stand. */
export type BatchPlaces = Readonly<Record<BatchMember, readonly string[]>>;

const OWN_PLACES: BatchPlaces = {
  splitter: ['batch', 'splitter'],
  definition: ['batch', 'definition'],
  worker: ['batch', 'worker'],
  parameters: ['batch', 'parameters'],
  pipeline: ['batch', 'pipeline'],
};

/** Refuses a batch that names what is not deployed, or says to it what it does not take. */
export function checkBatch(batch: BatchRequest, deployment: BatchDeployment, at = OWN_PLACES): void {
  const { splitters, workers } = deployment.registry;
  const splitter = find(splitters, batch.splitter, { what: 'splitter', at: at.splitter });
  if (splitter.name === STEP_RESULTS_SPLITTER) {
    const detail = `'${STEP_RESULTS_SPLITTER}' takes what the step before left, which only steps of a template have; for the results of another job there is 'job-results'`;
    throw wrongPlaces([{ path: [], detail }], at.splitter);
  }
  const worker = find(workers, batch.worker, { what: 'worker', at: at.worker });
  for (const [position, name] of batch.pipeline.entries()) {
    find(workers, name, { what: 'worker', at: [...at.pipeline, String(position)] });
  }
  const { definition, parameters = {} } = batch;
  refuse(valueFaults('splitter', splitter.name, definition, deployment), at.definition);
  refuse(valueFaults('worker', worker.name, parameters, deployment), at.parameters);
  // The workers behind the first one get the same parameters.
  for (const name of batch.pipeline) refuse(useFaults(name, parameters, deployment), at.parameters);
  const fault = sizeFault(splitter.name, definition, deployment.maxItems);
  if (fault !== undefined) refuse([fault], at.definition);
}

function refuse(places: readonly WrongPlace[], at: readonly string[]): void {
  if (places.length > 0) throw wrongPlaces(places, at);
}

function find<T extends { readonly name: string }>(
  deployed: readonly T[],
  name: string,
  { what, at }: { what: string; at: readonly string[] },
): T {
  const found = deployed.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const names = deployed.map((candidate) => candidate.name).sort();
  const detail = `there is no ${what} '${name}'; deployed: ${names.join(', ') || 'none'}`;
  throw refusal('invalid-request', detail, { errors: [{ pointer: `/${at.join('/')}`, detail }] });
}

/** What is wrong with the parameters of a worker, or the definition of a splitter. */
export function valueFaults(
  kind: 'worker' | 'splitter',
  name: string,
  value: unknown,
  deployment: Deployment,
): readonly WrongPlace[] {
  const { registry, log } = deployment;
  const schema =
    kind === 'worker'
      ? registry.workers.find((worker) => worker.name === name)?.parameters
      : registry.splitters.find((splitter) => splitter.name === name)?.definition;
  const checker = schema === undefined ? 'unreadable' : compile(schema, log);
  const places = checker === 'unreadable' ? [] : checker(value);
  return places.length > 0 ? places : useFaults(name, value, deployment);
}

/** What cannot be used as a schema is left to the splitter or worker itself, which checks its input again. */
function compile(schema: JsonSchema, log: Log): SchemaCheck | 'unreadable' {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  let checker: SchemaCheck | 'unreadable' = 'unreadable';
  try {
    checker = compileSchema(schema);
  } catch (error) {
    log.warn('a schema of the registry cannot be checked here', { reason: String(error) });
  }
  compiled.set(schema, checker);
  return checker;
}
