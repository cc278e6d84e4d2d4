import { decideWork, type Job, type JobRun, runId } from '#core/job.ts';
import { endOfJob, type JobEnd } from '#core/job-end.ts';
import type { Log } from '#core/ports.ts';
import { TRANSITIONS_OF_END } from '#core/template/step-exits.ts';
import { endJob, markDone, readStatus } from '../store/jobs.ts';
import type { CascadeResult } from './cascade.ts';
import { flowTotals } from './end-steps.ts';
import { type WriteLastPorts, writeLast } from './write-last.ts';

export type EndJobsPorts = WriteLastPorts & { readonly log: Log };

/** Billed operations of ending a job, counted before they happen: a read and a transaction on two rows. */
const END_OPERATIONS = { readUnits: 1, writeUnits: 4 };
/** Written in the same transaction, if the job has a failure of its own. */
const FAILURE_UNITS = 2;

/** Ends each job whose root is complete. If a write fails, the messages that completed the root are redelivered. */
export async function endCompleteJobs(
  ports: EndJobsPorts,
  jobs: ReadonlyMap<string, Job>,
  { completeJobs: complete }: Pick<CascadeResult, 'completeJobs'>,
  failed: Set<string>,
): Promise<void> {
  for (const { run, totals, sources } of complete) {
    const job = jobs.get(runId(run));
    if (job === undefined) continue;
    try {
      await endCompleteJob(ports, job, run, totals);
    } catch (error) {
      ports.log.warn('job could not be ended', { ...run, error: String(error) });
      for (const id of sources) failed.add(id);
    }
  }
}

type Totals = CascadeResult['completeJobs'][number]['totals'];

async function endCompleteJob(ports: EndJobsPorts, job: Job, run: JobRun, rootTotals: Totals): Promise<void> {
  // The root of a flow counts an item once for each visit of each step.
  const totals = job.flow === undefined ? rootTotals : ((await flowTotals(ports.table, run)) ?? rootTotals);
  const end = endOfJob(job.plan.onItemFailure, totals, ports.clock.now());
  const transitions = job.flow === undefined ? {} : { stateTransitions: TRANSITIONS_OF_END.done };
  const writeUnits = END_OPERATIONS.writeUnits + (end.failure === undefined ? 0 : FAILURE_UNITS);
  await writeLast(ports, run, { ...END_OPERATIONS, writeUnits, ...transitions });
  await endOrMark(ports, run, end);
}

/**
 * Ends the job. If it is paused, marks it so that it ends when it is resumed. The status may change between the two
 * attempts, so they are repeated until one succeeds or the job is final.
 */
async function endOrMark({ table, log }: EndJobsPorts, run: JobRun, end: JobEnd): Promise<void> {
  for (;;) {
    if ((await endJob(table, run, end)) === 'ended') {
      log.info('job ended', { ...run, status: end.status, ...end.totals });
      return;
    }
    if ((await markDone(table, run, end.totals)) === 'marked') return;
    const current = await readStatus(table, run, { strong: true });
    if (decideWork(current, run.runNumber) === 'discard') return;
  }
}
