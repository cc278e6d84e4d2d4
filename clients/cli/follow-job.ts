/** Follows a job to its end, as `watch` and --watch do. */
import { type Job, type JobHandle, WaitTimeoutError } from '../client/index.ts';
import type { Context } from './context.ts';
import { Interrupted } from './errors.ts';
import { EXIT, type ExitCode, exitCodeOfJob } from './exit-codes.ts';
import { jobFields } from './job-fields.ts';
import { JobProgress } from './output/progress.ts';
import { parseDuration } from './output/times.ts';

const MIN_INTERVAL_MILLIS = 300;

/** Shows the progress of a job until it is final. Returns the exit code for its final state. */
export async function followJob(
  { output, signal }: Context,
  handle: JobHandle,
  timeout: string | undefined,
): Promise<ExitCode> {
  const progress = new JobProgress(output);
  const millis = timeout === undefined ? undefined : parseDuration(timeout, '--timeout');
  const timeUp = millis === undefined ? undefined : AbortSignal.timeout(millis);
  let job: Job | undefined;
  try {
    const both = timeUp === undefined ? signal : AbortSignal.any([signal, timeUp]);
    for await (const state of handle.watch({ signal: both, minInterval: MIN_INTERVAL_MILLIS })) {
      job = state;
      progress.show(state);
      if (output.format === 'ndjson') await output.json(state);
    }
  } catch (error) {
    progress.end();
    if (signal.aborted) {
      output.stderr.write(`Stopped watching. ${continues(handle, job)}\n`);
      throw new Interrupted();
    }
    if (timeUp?.aborted || error instanceof WaitTimeoutError) {
      output.stderr.write(`error: the job is not final after ${timeout}. ${continues(handle, job)}\n`);
      return EXIT.timeout;
    }
    throw error;
  }
  progress.end();
  if (job === undefined) return EXIT.failed;
  const final = job;
  // With --ndjson, each state is a line already.
  if (output.format !== 'ndjson') await output.value(final, () => jobFields(final, output));
  if (final.items.failed > 0) output.note(`See the reasons: jobtree failures ${handle.id} --group`);
  return exitCodeOfJob(final);
}

function continues({ id }: JobHandle, job: Job | undefined): string {
  const state = job === undefined ? '' : ` at ${job.percentageComplete.toFixed(2)} %`;
  return `The job continues${state}. Watch it again with: jobtree watch ${id}`;
}
