/**
 * Evaluates job types in a separate process. JSONata limits its steps and depth, but cannot interrupt a single call.
 * A regular expression that backtracks endlessly, or `$pad` to 400 million characters, would block or end the function
 * and fail the requests of all callers. A thread does not help: V8 ends the whole process when one allocation exceeds
 * the limit of a thread. In a separate process, only the request itself fails. The process holds no credentials and
 * can read only its own code (`locked-process.ts`, `lock-down.ts`). The next request reuses it.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JobType, JobTypeBody } from '#contract/job-type.ts';
import type { Mapped, MappingInput } from './evaluate.ts';
import type { ValueFault } from './json-schema.ts';
import { projectCode, startLockedProcess } from './locked-process.ts';
import type { Answer, Question } from './serve.ts';

/** In a deployed function, the entry is beside the bundle (see `lib/jobs-api.ts`); in the project, beside this file. */
const IS_BUNDLED = !import.meta.url.endsWith('.ts');
const ENTRY = IS_BUNDLED ? './job-types.mjs' : './serve.ts';

/** Longer than the limit of JSONata itself, so that its own message is returned where it can stop. */
const MAX_SECONDS = 4;
const HEAP_MEBIBYTES = 128;

type JsonSchema = Readonly<Record<string, unknown>>;

/** Thrown when the process exceeded its time or memory and was ended. */
class TooCostly extends Error {}

let evaluator: ChildProcess | undefined;
let lastAnswer: Promise<unknown> = Promise.resolve();

/** Returns the faults of a job type that can be found without a job. */
export async function findJobTypeFaults(body: JobTypeBody): Promise<readonly ValueFault[]> {
  return faultsOf({ kind: 'faults', body });
}

/** Returns the faults of a JSON Schema. */
export async function findSchemaFaults(schema: JsonSchema): Promise<readonly ValueFault[]> {
  return faultsOf({ kind: 'schema-faults', schema });
}

/** Returns the faults of parameters, by the schema of a template. */
export async function checkParameters(schema: JsonSchema, value: unknown): Promise<readonly ValueFault[]> {
  return faultsOf({ kind: 'check', schema, value });
}

async function faultsOf(question: Question): Promise<readonly ValueFault[]> {
  const answer = await orCostly(ask(question));
  if (answer instanceof TooCostly) return [{ path: [], detail: `cannot be checked: ${answer.message}` }];
  if (answer.kind === 'faults') return answer.faults;
  throw new Error('the evaluator of job types returned a response of another kind');
}

/** Checks the parameters and runs the mapping that turns them into the work of a job. */
export async function mapParameters(type: JobType, input: MappingInput): Promise<Mapped> {
  const answer = await orCostly(ask({ kind: 'map', type, input }));
  if (answer instanceof TooCostly) return { kind: 'failed', reason: answer.message };
  if (answer.kind === 'mapped') return answer.mapped;
  throw new Error('the evaluator of job types returned a response of another kind');
}

async function orCostly(answer: Promise<Answer>): Promise<Answer | TooCostly> {
  return answer.catch((error: unknown) => {
    if (error instanceof TooCostly) return error;
    throw error;
  });
}

/** Sends one question at a time. */
function ask(question: Question): Promise<Answer> {
  const answer = lastAnswer.then(() => askNext(question));
  lastAnswer = answer.catch(() => undefined);
  return answer;
}

async function askNext(question: Question): Promise<Answer> {
  evaluator ??= await start();
  const child = evaluator;
  const finished = new AbortController();
  child.ref();
  child.channel?.ref();
  try {
    const answer = nextAnswer(child, finished.signal);
    child.send(question);
    return await Promise.race([answer, deadline(finished.signal)]);
  } catch (error) {
    evaluator = undefined;
    child.kill('SIGKILL');
    throw error;
  } finally {
    finished.abort();
    release(child);
  }
}

async function start(): Promise<ChildProcess> {
  const entry = fileURLToPath(new URL(ENTRY, import.meta.url));
  const child = startLockedProcess(entry, IS_BUNDLED ? [entry] : projectCode(), HEAP_MEBIBYTES);
  const forget = () => {
    if (evaluator === child) evaluator = undefined;
  };
  child.on('error', forget).on('exit', forget);
  const startup = new AbortController();
  try {
    await Promise.race([
      once(child, 'message', { signal: startup.signal }),
      notStarted(child, startup.signal),
    ]);
  } finally {
    startup.abort();
  }
  return child;
}

async function notStarted(child: ChildProcess, signal: AbortSignal): Promise<never> {
  const [code] = await once(child, 'exit', { signal });
  throw new Error(`the evaluator of job types does not start: it ended with ${code}`);
}

async function nextAnswer(child: ChildProcess, signal: AbortSignal): Promise<Answer> {
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new TooCostly(`it uses more than ${HEAP_MEBIBYTES} MiB of memory; simplify it`);
  });
  const [answer] = await Promise.race([once(child, 'message', { signal }), ended]);
  return answer;
}

async function deadline(signal: AbortSignal): Promise<never> {
  await setTimeout(MAX_SECONDS * 1000, undefined, { signal });
  throw new TooCostly(`it takes longer than ${MAX_SECONDS} s; simplify it`);
}

/** Lets the function's own process exit while the evaluator is idle. */
function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}
