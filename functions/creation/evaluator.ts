/**
 * Evaluates job types in a process of their own. JSONata counts its steps and its depth, but cannot interrupt a single
 * call: a regular expression that backtracks for ever, or `$pad` to 400 million characters, would take the function and
 * everybody's requests along (a thread too: V8 ends the whole process when one allocation passes a thread's limit).
 * Here it costs its own request only, and there are no credentials to find: the process may read nothing but its code
 * (`locked-process.ts`, `lock-down.ts`). It is kept for the next one.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JobType, JobTypeBody } from '#contract/job-type.ts';
import type { Mapped, MappingInput } from './evaluate.ts';
import type { WrongPlace } from './json-schema.ts';
import { projectCode, startLockedProcess } from './locked-process.ts';
import type { Answer, Question } from './serve.ts';

/** Beside the bundle of the function, where `lib/jobs-api.ts` has it laid; in the project, beside this file. */
const IS_BUNDLED = !import.meta.url.endsWith('.ts');
const ENTRY = IS_BUNDLED ? './job-types.mjs' : './serve.ts';

/** Longer than JSONata's own limit, so that its words are told where it can stop by itself. */
const MAX_SECONDS = 4;
const HEAP_MEBIBYTES = 128;

type JsonSchema = Readonly<Record<string, unknown>>;

/** The process took too much of something and is gone. */
class TooCostly extends Error {}

let evaluator: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/** What is wrong with a job type before any job has it. */
export async function findFaults(body: JobTypeBody): Promise<readonly WrongPlace[]> {
  return placesOf({ kind: 'faults', body });
}

/** What keeps a value from being a schema. */
export async function findSchemaFaults(schema: JsonSchema): Promise<readonly WrongPlace[]> {
  return placesOf({ kind: 'schema-faults', schema });
}

/** What is wrong with parameters by a schema that somebody put. */
export async function checkParameters(schema: JsonSchema, value: unknown): Promise<readonly WrongPlace[]> {
  return placesOf({ kind: 'check', schema, value });
}

async function placesOf(question: Question): Promise<readonly WrongPlace[]> {
  const answer = await orCostly(ask(question));
  if (answer instanceof TooCostly) return [{ path: [], detail: `cannot be checked: ${answer.message}` }];
  if (answer.kind === 'faults') return answer.places;
  throw new Error('the evaluator of job types answered out of turn');
}

/** Checks the parameters and lets the mapping make a job's work of them. */
export async function mapParameters(type: JobType, input: MappingInput): Promise<Mapped> {
  const answer = await orCostly(ask({ kind: 'map', type, input }));
  if (answer instanceof TooCostly) return { outcome: 'failed', reason: answer.message };
  if (answer.kind === 'mapped') return answer.mapped;
  throw new Error('the evaluator of job types answered out of turn');
}

async function orCostly(asking: Promise<Answer>): Promise<Answer | TooCostly> {
  return asking.catch((error: unknown) => {
    if (error instanceof TooCostly) return error;
    throw error;
  });
}

/** One question after the other. */
function ask(question: Question): Promise<Answer> {
  const asking = last.then(() => askNext(question));
  last = asking.catch(() => undefined);
  return asking;
}

async function askNext(question: Question): Promise<Answer> {
  evaluator ??= await start();
  const child = evaluator;
  const over = new AbortController();
  child.ref();
  child.channel?.ref();
  try {
    const answer = nextAnswer(child, over.signal);
    child.send(question);
    return await Promise.race([answer, deadline(over.signal)]);
  } catch (error) {
    evaluator = undefined;
    child.kill('SIGKILL');
    throw error;
  } finally {
    over.abort();
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
  const begun = new AbortController();
  try {
    await Promise.race([once(child, 'message', { signal: begun.signal }), notStarted(child, begun.signal)]);
  } finally {
    begun.abort();
  }
  return child;
}

async function notStarted(child: ChildProcess, signal: AbortSignal): Promise<never> {
  const [code] = await once(child, 'exit', { signal });
  throw new Error(`the evaluator of job types does not start: it ended with ${code}`);
}

async function nextAnswer(child: ChildProcess, signal: AbortSignal): Promise<Answer> {
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new TooCostly(`it takes more than ${HEAP_MEBIBYTES} MiB of memory; make it simpler`);
  });
  const [answer] = await Promise.race([once(child, 'message', { signal }), ended]);
  return answer;
}

async function deadline(signal: AbortSignal): Promise<never> {
  await setTimeout(MAX_SECONDS * 1000, undefined, { signal });
  throw new TooCostly(`it takes longer than ${MAX_SECONDS} s; make it simpler`);
}

/** An idle one must not keep the process alive that asks it. */
function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}
