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
import { wrongPlaces } from './wrong-input.ts';

const jsonSchema = z.record(z.string(), z.unknown());
const registered = { name: z.string().min(1), description: z.string() };

export const registryFile = z.object({
  splitters: z.array(z.object({ ...registered, definition: jsonSchema })),
  workers: z.array(z.object({ ...registered, parameters: jsonSchema })),
  jobTypes: z.array(z.object({ ...jobTypeBody.shape, name: z.string().min(1), version: z.string() })),
  templates: z.array(z.object({ ...templateBody.shape, name: z.string().min(1), version: z.string() })),
});
export type Registry = z.output<typeof registryFile>;
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

export interface BatchTools {
  readonly registry: Registry;
  readonly log: Log;
  /** Items that a job may have. */
  readonly maxItems: number;
}

/** Refuses a batch that names what is not deployed, or says to it what it does not take. */
export function checkBatch(
  batch: BatchRequest,
  { registry, log, maxItems }: BatchTools,
  at = OWN_PLACES,
): void {
  const { splitters, workers } = registry;
  const splitter = find(splitters, batch.splitter, { what: 'splitter', at: at.splitter });
  if (splitter.name === STEP_RESULTS_SPLITTER) {
    const detail = `'${STEP_RESULTS_SPLITTER}' takes what the step before left, which only steps of a template have; for the results of another job there is 'job-results'`;
    throw wrongPlaces([{ path: [], detail }], at.splitter);
  }
  const worker = find(workers, batch.worker, { what: 'worker', at: at.worker });
  for (const [position, name] of batch.pipeline.entries()) {
    find(workers, name, { what: 'worker', at: [...at.pipeline, String(position)] });
  }
  check(splitter.definition, batch.definition, { at: at.definition, log });
  check(worker.parameters, batch.parameters ?? {}, { at: at.parameters, log });
  const fault = sizeFault(splitter.name, batch.definition, maxItems);
  if (fault !== undefined) throw wrongPlaces([fault], at.definition);
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

/** What the schema of a worker's parameters, or a splitter's definition, finds wrong with a value. */
export function valueFaults(
  kind: 'worker' | 'splitter',
  name: string,
  value: unknown,
  { registry, log }: { readonly registry: Registry; readonly log: Log },
): readonly WrongPlace[] {
  const schema =
    kind === 'worker'
      ? registry.workers.find((worker) => worker.name === name)?.parameters
      : registry.splitters.find((splitter) => splitter.name === name)?.definition;
  const checker = schema === undefined ? 'unreadable' : compile(schema, log);
  return checker === 'unreadable' ? [] : checker(value);
}

function check(schema: JsonSchema, value: unknown, { at, log }: { at: readonly string[]; log: Log }): void {
  const checker = compile(schema, log);
  const places = checker === 'unreadable' ? [] : checker(value);
  if (places.length > 0) throw wrongPlaces(places, at);
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
