/** The registry of what is deployed (registry.json beside the bundle). */
import * as z from 'zod';
import { jobTypeBody } from '#contract/job-type.ts';
import { templateBody } from '#contract/template.ts';
import { DEFAULT_ITEMS_PER_TASK } from '#core/items-per-task.ts';
import type { Log } from '#core/ports.ts';
import type { SchemaCheck } from './json-schema.ts';

/** Names that jobs may use, each in all partitions or in the listed ones. */
const allowedNames = z.record(
  z.string(),
  z.object({ partitions: z.array(z.string()).readonly().exactOptional() }),
);

const jsonSchema = z.record(z.string(), z.unknown());
const registered = { name: z.string().min(1), description: z.string() };

export const registryFile = z.object({
  splitters: z.array(z.object({ ...registered, definition: jsonSchema })),
  workers: z.array(
    z.object({ ...registered, parameters: jsonSchema, itemsPerTask: z.int().exactOptional() }),
  ),
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
  readonly compileSchema: CompileSchema;
}

/** Compiles a JSON Schema. Throws if it is not valid. */
export type CompileSchema = (schema: JsonSchema) => SchemaCheck;

/** Returns the compiler, which is loaded at its first use, because most requests need none. */
export async function schemaCompiler(): Promise<CompileSchema> {
  const { compileSchema } = await import('./json-schema.ts');
  return compileSchema;
}

export interface BatchDeployment extends Deployment {
  /** Maximum number of items of a job. */
  readonly maxItems: number;
}
export type JsonSchema = z.output<typeof jsonSchema>;

/** Returns the default number of items in a chunk that each of these workers handles: the smallest of theirs. */
export function itemsPerTaskOf(
  workers: readonly string[],
  { registry }: Pick<Deployment, 'registry'>,
): number {
  const own = (worker: string) => registry.workers.find(({ name }) => name === worker)?.itemsPerTask;
  return Math.min(...workers.map((worker) => own(worker) ?? DEFAULT_ITEMS_PER_TASK));
}
