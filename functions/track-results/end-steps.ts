/**
 * Returns the outcomes of steps to the state machine of a job, and ends the job as its flow decides.
 *
 * A step is a child of the root. When its node is complete, the outcome is first stored with the visit, then sent to the
 * state machine. Sending it again is harmless.
 */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { FlowMessage, ResultsMessage, SealMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import { decideWork, type Job, type JobRun, runId, runOf } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { addTotals, NO_ITEMS, type Totals } from '#core/page.ts';
import type { Clock, Log, Queues, StateMachines, Table } from '#core/ports.ts';
import { nodeOf, ROOT, type TaskPath } from '#core/task-path.ts';
import { lastVisits, stepAnswerOf } from '#core/template/outcome.ts';
import { TRANSITIONS_OF_END, transitionsAfter } from '#core/template/step-exits.ts';
import { readFence } from '../store/fences.ts';
import { holdMessages } from '../store/held.ts';
import { failJob, readJob } from '../store/jobs.ts';
import { endStep } from '../store/progress.ts';
import { countVisits, listVisits, readVisit, recordAnswer, type Visit } from '../store/visits.ts';
import type { CascadeResult } from './cascade.ts';
import type { FailedNode } from './settle-failures.ts';
import { type WriteLastPorts, writeLast } from './write-last.ts';

export interface EndStepsPorts {
  readonly table: Table;
  readonly machines: StateMachines;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** Stores the outcome of a complete visit and sends it to the state machine, which then continues. */
async function completeStep(
  { table, machines, clock, log, meter }: EndStepsPorts,
  run: JobRun,
  path: TaskPath,
  totals: Totals,
): Promise<void> {
  const node = nodeOf(path);
  const visit = await readVisit(table, run, node);
  // The visit was deleted together with its job.
  if (visit === undefined) return;
  const isNested = visit.splits && ((await readFence(table, run, path))?.batches ?? 0) > 0;
  const ownAnswer = stepAnswerOf(visit, totals);
  const visitTotals = { totals, answer: ownAnswer, isNested };
  const { answer = ownAnswer, token } = await recordAnswer(table, run, node, visitTotals);
  await endStep(table, run, node, clock.now());
  const response = await machines.succeed(token, answer);
  // If another instance sent the outcome, it also counted the transitions.
  if (response === 'delivered') {
    meter.count(run, { stateTransitions: transitionsAfter(visit.transitions, answer) });
  }
  log.info('step ended', { ...run, step: visit.step, node, outcome: answer.outcome, response });
}

/**
 * Ends the complete steps of jobs that run a template. If that fails, the messages behind the step are redelivered.
 * Returns the ids of the runs whose steps ended.
 */
export async function endCompleteSteps(
  ports: EndStepsPorts,
  jobs: ReadonlyMap<string, Job>,
  { completeSteps: children }: Pick<CascadeResult, 'completeSteps'>,
  failed: Set<string>,
): Promise<ReadonlySet<string>> {
  const ended = new Set<string>();
  for (const { run, path, totals, sources } of children) {
    if (jobs.get(runId(run))?.flow === undefined) continue;
    try {
      await completeStep(ports, run, path, totals);
      ended.add(runId(run));
    } catch (error) {
      ports.log.warn('step could not be ended', { ...run, path, error: String(error) });
      for (const id of sources) failed.add(id);
    }
  }
  return ended;
}

/** Fails each job in which a step with `failFast` has a failed item. */
export async function failFastSteps(
  ports: EndStepsPorts,
  jobs: ReadonlyMap<string, Job>,
  failedNodes: readonly FailedNode[],
  failed: Set<string>,
): Promise<void> {
  const steps = new Map(failedNodes.map((one) => [`${runId(one.run)} ${nodeOf(one.path)}`, one]));
  for (const { run, path, source } of steps.values()) {
    const job = jobs.get(runId(run));
    if (job?.flow === undefined) continue;
    try {
      await failFastStep(ports, job, nodeOf(path));
    } catch (error) {
      ports.log.warn('failed step could not end its job', { ...run, path, error: String(error) });
      failed.add(source);
    }
  }
}

async function failFastStep(ports: EndStepsPorts, job: Job, node: number): Promise<void> {
  const visit = await readVisit(ports.table, job, node);
  // If the flow continues after a failure of the step, all items of the step run first.
  if (visit?.onItemFailure !== 'failFast' || !visit.failsJob) return;
  const message = `step '${visit.step}' failed: an item failed, and onItemFailure of the step is failFast. See GET …/failures.`;
  await failAndLog(ports, job, { code: 'step-failed', message });
}

type FlowRecord = { readonly run: JobRun; readonly job: Job; readonly message: ResultsMessage };

/** Seals the root if the flow is done. Fails the job if the flow failed; a paused job fails when it is resumed. */
export async function endFlow<R extends FlowRecord>(
  ports: EndStepsPorts & WriteLastPorts & { readonly queues: Queues },
  record: R,
  message: FlowMessage,
): Promise<R> {
  const { job, run } = record;
  if (message.outcome === 'done') return { ...record, message: await sealOfFlow(ports, job) };
  const current = await readJob(ports.table, job);
  const decision = decideWork(current, run.runNumber);
  if (current !== undefined && decision === 'run') await failFlow(ports, current, message);
  if (decision === 'hold') await holdMessages(ports.queues, run, 'results', [JSON.stringify(message)]);
  return record;
}

/** Returns the seal of the root, whose children are the visits. */
async function sealOfFlow({ table }: EndStepsPorts, job: Job): Promise<SealMessage> {
  const { partition, job: id, runNumber, plan } = job;
  const children = await countVisits(table, job);
  const { itemsPerTask } = plan;
  return {
    v: MESSAGE_VERSION,
    kind: 'seal',
    partition,
    job: id,
    runNumber,
    path: ROOT,
    children,
    itemsPerTask,
  };
}

/** Returns the totals of the job, each item once: the sum over visits from which no other visit takes items. */
export async function flowTotals(table: Table, run: JobRun): Promise<Totals | undefined> {
  const visits = await listVisits(table, run);
  if (visits.some(({ totals }) => totals === undefined)) return undefined;
  return lastVisits(visits).reduce((sum, { totals }) => addTotals(sum, totals ?? NO_ITEMS), NO_ITEMS);
}

/** Fails a job whose flow ended at a step that failed or was visited too often. */
async function failFlow(
  ports: EndStepsPorts & WriteLastPorts,
  job: Job,
  { error }: FlowMessage,
): Promise<void> {
  const visits = await listVisits(ports.table, job);
  const { Error: code = '', Cause: cause = '' } = error ?? {};
  // The transitions of a failed step were counted with the step.
  await writeLast(ports, job, code === 'max-visits' ? { stateTransitions: TRANSITIONS_OF_END.failed } : {});
  const visit = visits.findLast(({ step }) => step === cause);
  const totals = await flowTotals(ports.table, job);
  await failAndLog(ports, job, {
    ...failureWords(code, cause, visit),
    ...omitUndefined({ totals }),
  });
}

interface Words {
  readonly code: string;
  readonly message: string;
}

function failureWords(code: string, cause: string, visit: Visit | undefined): Words {
  switch (code) {
    case 'step-failed': {
      const { failed = 0, items = 0 } = visit?.answer ?? {};
      const message = `step '${cause}' failed: ${failed} of ${items} items failed, more than its onItemFailure allows. See GET …/failures, then retry them.`;
      return { code, message };
    }
    case 'max-visits': {
      const message = `step '${cause}' would be visited more often than maxVisits of its edge allows. Raise maxVisits, or check why the loop does not end.`;
      return { code, message };
    }
    default:
      return {
        code: 'step-failed',
        message: `the state machine of the job failed (${code}): ${cause || 'no reason given'}. Resubmit the job.`,
      };
  }
}

async function failAndLog(
  ports: EndStepsPorts,
  job: Job,
  { code, message, ...totals }: Words & { readonly totals?: Totals },
): Promise<void> {
  await failJob(ports, job, new PermanentFailure(code, message), totals);
  ports.log.info('flow failed', { ...runOf(job), code });
}
