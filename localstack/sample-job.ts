import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '#core/job-status.ts';
import type { FollowedJob, JobApi } from './job-api.ts';
import { countMistakes, type JobOutcome, jobReport } from './job-report.ts';
import { LocalRefusal } from './local-refusal.ts';
import { type LineOutput, ProgressLine } from './progress-line.ts';

export interface SampleJobOptions {
  readonly api: JobApi;
  readonly id: string;
  /** Where the documents lie in the stack's bucket. */
  readonly prefix: string;
  readonly progress: LineOutput;
}

const LOOK_AGAIN_MS = 300;
// The emulator retries a failed batch after its visibility timeout; longer silence means that nothing comes any more.
const SILENCE_LIMIT_MS = 5 * 60_000;

/** Creates the job that extracts the text of all documents below the prefix, and follows it to its end. */
export async function runSampleJob({ api, id, prefix, progress }: SampleJobOptions): Promise<JobOutcome> {
  const started = Date.now();
  await api.create(id, {
    name: 'Text of all documents in node_modules',
    batch: {
      splitter: 's3-prefix',
      definition: { prefix },
      worker: 'extract-text',
      parameters: {},
      itemsPerTask: 25,
    },
  });
  const job = await followJob(api, id, new ProgressLine(progress, started));
  const seconds = (Date.now() - started) / 1000;
  const [items, failures] = await Promise.all([api.items(id), api.failures(id)]);
  return { job, items, failures, seconds };
}

/** The report for people, followed by what is wrong with the counts, if anything is. */
export function reportOutcome(
  outcome: JobOutcome,
  expected: { documents: number; prefix: string; broken: string },
) {
  const { documents, prefix, broken } = expected;
  const mistakes = countMistakes(outcome, { documents, broken });
  const wrong = mistakes.map((mistake) => `WRONG ${mistake}`);
  return { text: [jobReport(outcome, prefix), ...wrong].join('\n'), isRight: mistakes.length === 0 };
}

async function followJob(api: JobApi, id: string, line: ProgressLine): Promise<FollowedJob> {
  let changedAt = Date.now();
  let last = '';
  for (;;) {
    const job = await api.read(id);
    const now = Date.now();
    line.show(job, now);
    if (isFinal(job.status)) {
      line.end();
      return job;
    }
    const state = JSON.stringify([job.status, job.percentageComplete, job.items]);
    if (state !== last) changedAt = now;
    else if (now - changedAt > SILENCE_LIMIT_MS) refuseSilence(job);
    last = state;
    await sleep(LOOK_AGAIN_MS);
  }
}

function refuseSilence({ id, status, percentageComplete }: FollowedJob): never {
  throw new LocalRefusal(
    `job ${id} has not moved for ${SILENCE_LIMIT_MS / 60_000} minutes: it is ${status} at ${percentageComplete} %. What the functions wrote is in .jobtree/ministack/emulator.log`,
  );
}
