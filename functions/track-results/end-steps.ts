/**
 * Of jobs that run a template: says to their state machines what a step came to, and ends a job as its flow says.
 *
 * A step is a child of the root. When its node is complete, its visit keeps what it came to, then the token is
 * answered; whoever sees it complete again answers again, which harms nothing.
 */
import { MESSAGE_VERSION } from '#contract/message-version.ts';
import type { FlowMessage, ReportMessage, ResultsMessage, SealMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import { failureOf, pathOfFailure } from '#core/failure.ts';
import { decideWork, type Job, type JobRun } from '#core/job.ts';
import type { Meter } from '#core/meter.ts';
import { addTotals, NO_ITEMS, type Totals } from '#core/page.ts';
import type { Clock, Log, Queues, StateMachines, Table } from '#core/ports.ts';
import { nodeOf, ROOT, type TaskPath } from '#core/task-path.ts';
import { TRANSITIONS_OF_END, transitionsAfter } from '#core/template/leaving.ts';
import { answerOf, lastVisits } from '#core/template/outcome.ts';
import { readFence } from '../store/fences.ts';
import { holdMessages } from '../store/held.ts';
import { moveJob, readJob } from '../store/jobs.ts';
import { endStep } from '../store/progress.ts';
import { countVisits, listVisits, noteAnswer, noteExits, readVisit, type Visit } from '../store/visits.ts';
import type { CascadeOutcome } from './cascade.ts';
import { runId } from './progress-ledger.ts';
import { type WriteLastPorts, writeLast } from './write-last.ts';

export interface EndStepsPorts {
  readonly table: Table;
  readonly machines: StateMachines;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** The node of a visit is complete: its state machine goes on. */
async function completeStep(
  { table, machines, clock, log, meter }: EndStepsPorts,
  run: JobRun,
  path: TaskPath,
  totals: Totals,
): Promise<void> {
  const node = nodeOf(path);
  const visit = await readVisit(table, run, node);
  // Its node was split, so it was entered; its rows are gone with the job.
  if (visit === undefined) return;
  const isNested = visit.splits && ((await readFence(table, run, path))?.batches ?? 0) > 0;
  const said = answerOf(visit, totals);
  const { answer = said, token } = await noteAnswer(table, run, node, { totals, answer: said, isNested });
  await endStep(table, run, node, clock.now());
  const told = await machines.succeed(token, answer);
  // Whoever else has told it has counted, too.
  if (told === 'answered') {
    meter.count(run, { stateTransitions: transitionsAfter(visit.transitions, answer) });
  }
  log.info('step ended', { ...run, step: visit.step, node, outcome: answer.outcome, told });
}

/**
 * Those of jobs that run a template; what could not be done comes again with the messages that it is of. Answers the ids
 * of the runs.
 */
export async function endCompleteSteps(
  ports: EndStepsPorts,
  jobs: ReadonlyMap<string, Job>,
  { completeSteps: children }: Pick<CascadeOutcome, 'children'>,
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

/** What a report says of steps before it is ticked: codes that workers set; a failure that must not be ends the job. */
export async function noteReport(ports: EndStepsPorts, job: Job, report: ReportMessage): Promise<void> {
  for (const { path, codes } of report.exits ?? []) await noteExits(ports.table, job, nodeOf(path), codes);
  const lossy = (report.failures ?? []).map((failure) => nodeOf(pathOfFailure(failure)));
  for (const node of new Set(lossy)) {
    const visit = await readVisit(ports.table, job, node);
    // Where its flow goes on from there, all of its items are done first.
    if (visit?.onItemFailure !== 'failFast' || !visit.failsJob) continue;
    const message = `step '${visit.step}' failed: an item failed, and its onItemFailure is failFast`;
    await fail(ports, job, { code: 'step-failed', message });
  }
}

type FlowRecord = { readonly run: JobRun; readonly job: Job; readonly message: ResultsMessage };

/** A flow that is done seals the root; one that failed ends its job, while that is paused when it is resumed. */
export async function endFlow<R extends FlowRecord>(
  ports: EndStepsPorts & WriteLastPorts & { readonly queues: Queues },
  record: R,
  message: FlowMessage,
): Promise<R> {
  const { job, run } = record;
  if (message.outcome === 'done') return { ...record, message: await sealOfFlow(ports, job) };
  const current = await readJob(ports.table, job);
  const decision = decideWork(current, run.generation);
  if (current !== undefined && decision === 'run') await failFlow(ports, current, message);
  if (decision === 'hold') await holdMessages(ports.queues, run, 'results', [JSON.stringify(message)]);
  return record;
}

/** The flow is done: the root has as many children as there were visits, and no more. */
async function sealOfFlow({ table }: EndStepsPorts, job: Job): Promise<SealMessage> {
  const { partition, job: id, generation, plan } = job;
  const children = await countVisits(table, job);
  const { itemsPerTask } = plan;
  return {
    v: MESSAGE_VERSION,
    kind: 'seal',
    partition,
    job: id,
    generation,
    path: ROOT,
    children,
    itemsPerTask,
  };
}

/** Those of the job, each item once: of the visits that no other took items from. */
export async function flowTotals(table: Table, run: JobRun): Promise<Totals | undefined> {
  const visits = await listVisits(table, run);
  if (visits.some(({ totals }) => totals === undefined)) return undefined;
  return lastVisits(visits).reduce((sum, { totals }) => addTotals(sum, totals ?? NO_ITEMS), NO_ITEMS);
}

/** The flow ended at a step that failed or was visited too often. */
async function failFlow(
  ports: EndStepsPorts & WriteLastPorts,
  job: Job,
  { error }: FlowMessage,
): Promise<void> {
  const visits = await listVisits(ports.table, job);
  const { Error: code = '', Cause: cause = '' } = error ?? {};
  // A step that failed has had them counted.
  await writeLast(ports, job, code === 'max-visits' ? { stateTransitions: TRANSITIONS_OF_END.failed } : {});
  const visit = visits.findLast(({ step }) => step === cause);
  const totals = await flowTotals(ports.table, job);
  await fail(ports, job, { ...failureWords(code, cause, visit), ...(totals === undefined ? {} : { totals }) });
}

interface Words {
  readonly code: string;
  readonly message: string;
}

function failureWords(code: string, cause: string, visit: Visit | undefined): Words {
  switch (code) {
    case 'step-failed': {
      const { failed = 0, items = 0 } = visit?.answer ?? {};
      const message = `step '${cause}' failed: ${failed} of ${items} items failed, more than its onItemFailure allows; see GET …/failures, then retry them`;
      return { code, message };
    }
    case 'max-visits': {
      const message = `step '${cause}' would be visited more often than maxVisits of its edge allows; raise it, or look at why the loop is not left`;
      return { code, message };
    }
    default:
      return {
        code: 'step-failed',
        message: `the state machine of the job failed (${code}): ${cause || 'it gave no reason'}`,
      };
  }
}

async function fail(
  { table, clock, log }: EndStepsPorts,
  job: Job,
  { code, message, totals }: Words & { readonly totals?: Totals },
): Promise<void> {
  const now = clock.now();
  const failure = failureOf({ path: ROOT }, new PermanentFailure(code, message), { now, attempts: 1 });
  const { generation } = job;
  await moveJob(table, job, 'fail', {
    now,
    generation,
    failure,
    ...(totals === undefined ? {} : { totals }),
  });
  log.info('flow failed', { partition: job.partition, job: job.job, generation, code });
}
