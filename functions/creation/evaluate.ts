/** Evaluates the JSON Schema and JSONata of admins, in a separate process (see serve.ts) and at synthesis. */
import jsonata from 'jsonata';
import type { JobType, JobTypeBody } from '#contract/job-type.ts';
import { withoutConfiguration } from './hide-configuration.ts';
import { compileSchema, schemaFaults, type ValueFault } from './json-schema.ts';

/** Input of a mapping. */
export interface MappingInput {
  readonly parameters: unknown;
  readonly partitionId: string;
  readonly jobId: string;
}

export type Mapped =
  /** The mapping returned a value; `text` is its JSON. */
  | { readonly kind: 'yields'; readonly text: string }
  | { readonly kind: 'wrong-parameters'; readonly faults: readonly ValueFault[] }
  /** The mapping refused the parameters with `$error` or `$assert`. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

const MAPPING_LIMITS = { seconds: 2, depth: 500, sequence: 100_000, yieldBytes: 1024 * 1024 } as const;

/**
 * Limits that JSONata enforces itself. It cannot interrupt a single long call, such as a built-in function or a regular
 * expression; evaluator.ts ends the process then.
 */
const GUARDS = {
  timeout: MAPPING_LIMITS.seconds * 1000,
  stack: MAPPING_LIMITS.depth,
  sequence: MAPPING_LIMITS.sequence,
};

const MAX_REASON_LENGTH = 1_000;

/** Thrown by `$error` and `$assert`, with a message of the mapping for the caller who creates a job. */
class MappingRefusal extends Error {}

/** Returns the faults of a job type that can be found without a job. */
export function jobTypeFaults({ parametersSchema, mapping }: JobTypeBody): ValueFault[] {
  const faultsOfSchema = parametersSchema === undefined ? [] : schemaFaults(parametersSchema);
  return [
    ...faultsOfSchema.map(({ path, detail }) => ({ path: ['parametersSchema', ...path], detail })),
    ...mappingFaults(mapping),
  ];
}

function mappingFaults(mapping: string): ValueFault[] {
  try {
    jsonata(mapping);
    return [];
  } catch (error) {
    return [{ path: ['mapping'], detail: `is not JSONata: ${reasonOf(error, mapping)}` }];
  }
}

export async function evaluateMapping(type: JobType, input: MappingInput): Promise<Mapped> {
  const { configuration, constants, mapping } = type;
  const { parameters = {}, partitionId, jobId } = input;
  try {
    const faults = parameterFaults(type, input.parameters);
    if (faults.length > 0) return { kind: 'wrong-parameters', faults };
    const expression = jsonata(mapping, GUARDS);
    expression.registerFunction('error', refuse, '<s?:x>');
    expression.registerFunction('assert', assert, '<bs?:x>');
    const result = await expression.evaluate({ parameters, configuration, constants, partitionId, jobId });
    return jsonOfResult(result);
  } catch (error) {
    if (error instanceof MappingRefusal) return { kind: 'refused', reason: shortened(error.message) };
    return { kind: 'failed', reason: reasonOf(error, mapping, configuration) };
  }
}

function parameterFaults({ parametersSchema }: JobType, parameters: unknown): ValueFault[] {
  if (parametersSchema !== undefined) return compileSchema(parametersSchema)(parameters ?? {});
  return parameters === undefined
    ? []
    : [{ path: [], detail: 'is not accepted: the job type has no parametersSchema; leave it out' }];
}

// Replaces the `$error` of JSONata, which treats {{…}} in its message as a placeholder.
function refuse(text = 'the mapping refuses these parameters'): never {
  throw new MappingRefusal(text);
}

function assert(holds: boolean, text = 'an assertion of the mapping does not hold'): void {
  if (!holds) throw new MappingRefusal(text);
}

function jsonOfResult(result: unknown): Mapped {
  if (result === undefined) return { kind: 'failed', reason: 'it returns nothing' };
  const text = JSON.stringify(result, refuseFunctions) ?? 'null';
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAPPING_LIMITS.yieldBytes) return { kind: 'yields', text };
  return {
    kind: 'failed',
    reason: `its result has ${bytes} bytes; at most ${MAPPING_LIMITS.yieldBytes} are allowed`,
  };
}

function refuseFunctions(name: string, value: unknown): unknown {
  const isFunction =
    typeof value === 'function' ||
    (typeof value === 'object' &&
      value !== null &&
      ('_jsonata_lambda' in value || '_jsonata_function' in value));
  if (isFunction)
    throw new Error(`its result contains a function${name === '' ? '' : ` as '${name}'`}, which is not JSON`);
  return value;
}

/** JSONata throws objects that are not Errors, with the position after which it stopped. */
function reasonOf(error: unknown, mapping: string, configuration: JobTypeBody['configuration'] = {}): string {
  const { message, position } = (error ?? {}) as { message?: unknown; position?: unknown };
  // Hide values before shortening the reason, so that no part of a value remains.
  const reason = withoutConfiguration(typeof message === 'string' ? message : String(error), configuration);
  if (typeof position !== 'number') return shortened(reason);
  const before = mapping.slice(0, position).split('\n');
  const column = (before.at(-1) ?? '').length;
  return shortened(`at position ${position} (line ${before.length}, column ${column}): ${reason}`);
}

function shortened(text: string): string {
  return text.slice(0, MAX_REASON_LENGTH).toWellFormed();
}
