/**
 * Starts a visit of a step, when the state machine of a job requests it.
 *
 * 1. If the job is final, fail the state machine too. If it is paused, hold the message.
 * 2. Find or create the visit, which is a child of the root (`store/visits.ts`).
 * 3. If the visit is complete, return its outcome to the state machine. If its time is up, fail the job. Otherwise return
 *    the batch to split.
 *
 * A state without a response sends its message again. The fence of the node drops what was split before.
 */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { SplitMessage, StepMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import { activeMillisAt, decideWork, type Job, type JobRun, runOf } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import type { Clock, Log, Queues, StateMachines, Table } from '#core/ports.ts';
import { childPath, ROOT } from '#core/task-path.ts';
import { carriedTotals, type StepAnswer } from '#core/template/outcome.ts';
import { JOB_IS_FINAL } from '#core/template/states.ts';
import { transitionsAfter } from '#core/template/step-exits.ts';
import { type PlannedStep, STEP_RESULTS_SPLITTER, type StepTransitions } from '#core/template/template.ts';
import { holdMessages } from '../store/held.ts';
import { failJob, readJob } from '../store/jobs.ts';
import { addProgress, beginStep } from '../store/progress.ts';
import { enterVisit, listVisits, readVisit, type Visit } from '../store/visits.ts';
import type { SplitRequests } from './split-requests.ts';
import { FIRST_STEP_SPLITTER, STEP_OUTCOMES_SPLITTER } from './splitters/names.ts';

export interface EnterStepPorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly machines: StateMachines;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** Returns the batch to split for the visit, or `undefined` if there is nothing to do now. */
export type EnterStep = (message: StepMessage) => Promise<SplitMessage | undefined>;

export function enterStep(ports: EnterStepPorts, requests: SplitRequests): EnterStep {
  return async (message) => {
    const run = runOf(message);
    const job = await readJob(ports.table, run);
    const decision = decideWork(job, run.runNumber);
    if (job === undefined || decision === 'discard') {
      await ports.machines.fail(message.token, JOB_IS_FINAL, 'the job is final, deleted, or in another run');
      return undefined;
    }
    if (decision === 'hold') {
      await holdMessages(ports.queues, run, 'split', [JSON.stringify(message)]);
      return undefined;
    }
    const { steps } = await requests.readFlow(run);
    const step = steps.find(({ name }) => name === message.step);
    if (step === undefined) {
      const reason = `the job has no step '${message.step}', which its state machine requested. Resubmit the job.`;
      return failStep(ports, job, step, reason);
    }
    const { visit, sourceVisits } = await visitOf(ports, { job, step, message });
    if (visit.answer !== undefined) {
      await repeatAnswer(ports, message, visit.transitions, visit.answer);
      return undefined;
    }
    const millis = activeMillisAt(job, ports.clock.now()) - visit.activeMillis;
    if (millis >= step.timeoutSeconds * 1000) {
      const seconds = Math.floor(millis / 1000);
      const reason = `step '${step.name}' is not done after ${seconds} s; its timeoutSeconds allows ${step.timeoutSeconds} s. Raise it, or see the log of the worker.`;
      return failStep(ports, job, step, reason);
    }
    const at = {
      isLast: step.isLast,
      splits: step.splitter !== undefined,
      steps: steps.length,
      now: ports.clock.now(),
    };
    await beginStep(ports.table, run, { node: visit.node, step: step.name, ...at });
    return splitMessage(run, step, { visit, sourceVisits, after: message.inputs });
  };
}

/** Returns the recorded outcome again, and counts its cost here because no seal follows that would report it. */
async function repeatAnswer(
  { table, machines, meter, clock }: EnterStepPorts,
  message: StepMessage,
  transitions: StepTransitions,
  answer: StepAnswer,
): Promise<void> {
  const run = runOf(message);
  if ((await machines.succeed(message.token, answer)) === 'gone') return;
  meter.count(run, { stateTransitions: transitionsAfter(transitions, answer) });
  await addProgress(table, run, {}, { now: clock.now(), operations: meter.take(run) });
}

async function visitOf(
  { table, clock, meter }: EnterStepPorts,
  { job, step, message }: { job: Job; step: PlannedStep; message: StepMessage },
): Promise<{ visit: Visit; sourceVisits: Visit[] }> {
  const run = runOf(message);
  const inputs = step.splitter === undefined ? message.inputs : [];
  const visits = await visitsBehind(table, run, inputs);
  const sourceVisits = inputs.flatMap((input) => visits.find(({ node }) => node === input) ?? []);
  const { name, onItemFailure, codes, failsJob, takesFailed, transitions } = step;
  const now = clock.now();
  const facts = {
    step: name,
    inputs,
    onItemFailure,
    codes,
    failsJob,
    carried: carriedTotals(sourceVisits, takesFailed, visits),
    activeMillis: activeMillisAt(job, now),
    splits: step.splitter !== undefined,
    takesFailed,
    transitions,
  };
  const { token, tokenNumber } = message;
  const entry = { after: message.inputs, token, tokenNumber, now };
  const entered = await enterVisit(table, run, facts, entry);
  meter.count(run, { stateTransitions: entered.transitions });
  return { visit: entered.visit, sourceVisits };
}

/** Returns the visits that the step takes items from. For a join, returns all visits. */
async function visitsBehind(table: Table, run: JobRun, inputs: readonly number[]): Promise<Visit[]> {
  if (inputs.length > 1) return listVisits(table, run);
  const found = await Promise.all(inputs.map((node) => readVisit(table, run, node)));
  return found.filter((visit) => visit !== undefined);
}

function splitMessage(
  run: JobRun,
  { name, splitter }: PlannedStep,
  {
    visit,
    sourceVisits,
    after,
  }: { readonly visit: Visit; readonly sourceVisits: readonly Visit[]; readonly after: readonly number[] },
): SplitMessage {
  const path = childPath(ROOT, visit.node);
  const message = { v: MESSAGE_VERSION, kind: 'split', ...run, path, step: name, from: 0, hop: 0 } as const;
  if (splitter === STEP_RESULTS_SPLITTER) return { ...message, splitter, inputs: [...after] };
  if (splitter !== undefined) return { ...message, splitter };
  if (sourceVisits.length === 0) return { ...message, splitter: FIRST_STEP_SPLITTER };
  const inputs = sourceVisits.map(({ node, step }) => ({ node, step }));
  return { ...message, splitter: STEP_OUTCOMES_SPLITTER, definition: { inputs } };
}

async function failStep(
  ports: EnterStepPorts,
  job: Job,
  step: PlannedStep | undefined,
  reason: string,
): Promise<undefined> {
  await failJob(ports, job, new PermanentFailure('step-failed', reason));
  ports.log.info('step failed', { ...runOf(job), step: step?.name });
}
