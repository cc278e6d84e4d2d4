import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '#core/job-status.ts';
import { LocalRefusal } from '../local-refusal.ts';
import type { FollowedJob, JobApi } from './job-api.ts';
import { type LineOutput, ProgressLine } from './progress-line.ts';

const POLL_INTERVAL_MS = 300;
// The emulator retries a failed batch after its visibility timeout. No progress for longer means that the job
// is stalled.
const SILENCE_LIMIT_MS = 5 * 60_000;

/** Shows the progress of a job until it is final. */
export async function followJob(api: JobApi, id: string, output: LineOutput): Promise<FollowedJob> {
  const progressLine = new ProgressLine(output, Date.now());
  let changedAt = Date.now();
  let previousState = '';
  for (;;) {
    const job = await api.read(id);
    const now = Date.now();
    progressLine.show(job, now);
    if (isFinal(job.status)) {
      progressLine.end();
      return job;
    }
    const state = JSON.stringify([job.status, job.percentageComplete, job.items]);
    if (state !== previousState) changedAt = now;
    else if (now - changedAt > SILENCE_LIMIT_MS) refuseSilence(job);
    previousState = state;
    await sleep(POLL_INTERVAL_MS);
  }
}

function refuseSilence({ id, status, percentageComplete }: FollowedJob): never {
  throw new LocalRefusal(
    `job ${id} has made no progress for ${SILENCE_LIMIT_MS / 60_000} minutes: it is ${status} at ${percentageComplete} %. The logs of the functions are in .jobtree/ministack/emulator.log`,
  );
}
