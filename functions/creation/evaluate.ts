/** The words of an admin at work: JSON Schema and JSONata. Runs in a process of its own (see serve.ts), and at synth. */
import jsonata from 'jsonata';
import type { JobType, JobTypeBody } from '#contract/job-type.ts';
import { withoutConfiguration } from './hide-configuration.ts';
import { compileSchema, schemaFaults, type WrongPlace } from './json-schema.ts';

/** What a mapping sees. */
export interface MappingInput {
  readonly parameters: unknown;
  readonly partitionId: string;
  readonly jobId: string;
}

export type Mapped =
  /** JSON of what the mapping yields. */
  | { readonly outcome: 'yields'; readonly text: string }
  | { readonly outcome: 'wrong-parameters'; readonly places: readonly WrongPlace[] }
  /** By the mapping itself, with `$error`. */
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'failed'; readonly reason: string };

const MAPPING_LIMITS = { seconds: 2, depth: 500, sequence: 100_000, yieldBytes: 1024 * 1024 } as const;

/**
 * The first wall; what it cannot stop, such as one long call of a built-in function or a regular expression, ends
 * with the process (see evaluator.ts).
 */
const GUARDS = {
  timeout: MAPPING_LIMITS.seconds * 1000,
  stack: MAPPING_LIMITS.depth,
  sequence: MAPPING_LIMITS.sequence,
};

const MAX_REASON_LENGTH = 1_000;

/** Thrown by `$error` and `$assert`: words of the mapping for whoever creates a job. */
class Refused extends Error {}

/** What is wrong with a job type before any job has it. */
export function jobTypeFaults({ parametersSchema, mapping }: JobTypeBody): WrongPlace[] {
  const ofSchema = parametersSchema === undefined ? [] : schemaFaults(parametersSchema);
  return [
    ...ofSchema.map(({ path, detail }) => ({ path: ['parametersSchema', ...path], detail })),
    ...mappingFaults(mapping),
  ];
}

function mappingFaults(mapping: string): WrongPlace[] {
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
    const places = parameterFaults(type, input.parameters);
    if (places.length > 0) return { outcome: 'wrong-parameters', places };
    const expression = jsonata(mapping, GUARDS);
    expression.registerFunction('error', refuse, '<s?:x>');
    expression.registerFunction('assert', assert, '<bs?:x>');
    const yielded = await expression.evaluate({ parameters, configuration, constants, partitionId, jobId });
    return yieldOf(yielded);
  } catch (error) {
    if (error instanceof Refused) return { outcome: 'refused', reason: plain(error.message) };
    return { outcome: 'failed', reason: reasonOf(error, mapping, configuration) };
  }
}

function parameterFaults({ parametersSchema }: JobType, parameters: unknown): WrongPlace[] {
  if (parametersSchema !== undefined) return compileSchema(parametersSchema)(parameters ?? {});
  return parameters === undefined
    ? []
    : [{ path: [], detail: 'is not taken: the job type has no parametersSchema; leave it out' }];
}

// JSONata's own `$error` takes {{…}} in its text for a placeholder.
function refuse(text = 'the mapping refuses these parameters'): never {
  throw new Refused(text);
}

function assert(holds: boolean, text = 'an assertion of the mapping does not hold'): void {
  if (!holds) throw new Refused(text);
}

function yieldOf(yielded: unknown): Mapped {
  if (yielded === undefined) return { outcome: 'failed', reason: 'it yields nothing' };
  const text = JSON.stringify(yielded, withoutFunctions) ?? 'null';
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAPPING_LIMITS.yieldBytes) return { outcome: 'yields', text };
  return {
    outcome: 'failed',
    reason: `it yields ${bytes} bytes; at most ${MAPPING_LIMITS.yieldBytes} are allowed`,
  };
}

function withoutFunctions(name: string, value: unknown): unknown {
  const isFunction =
    typeof value === 'function' ||
    (typeof value === 'object' &&
      value !== null &&
      ('_jsonata_lambda' in value || '_jsonata_function' in value));
  if (isFunction)
    throw new Error(`it yields a function${name === '' ? '' : ` as '${name}'`}, which is no JSON`);
  return value;
}

/** JSONata throws objects that are no errors, with the place behind which it stopped. */
function reasonOf(error: unknown, mapping: string, configuration: JobTypeBody['configuration'] = {}): string {
  const { message, position } = (error ?? {}) as { message?: unknown; position?: unknown };
  // Before it is cut, so that no part of a value is left.
  const reason = withoutConfiguration(typeof message === 'string' ? message : String(error), configuration);
  if (typeof position !== 'number') return plain(reason);
  const before = mapping.slice(0, position).split('\n');
  const column = (before.at(-1) ?? '').length;
  return plain(`at position ${position} (line ${before.length}, column ${column}): ${reason}`);
}

function plain(text: string): string {
  return text.slice(0, MAX_REASON_LENGTH).toWellFormed();
}
