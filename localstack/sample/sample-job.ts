import { followJob } from './follow-job.ts';
import type { JobApi } from './job-api.ts';
import { findMistakes, type JobOutcome, jobReport } from './job-report.ts';
import type { LineOutput } from './progress-line.ts';

export interface SampleJobOptions {
  readonly api: JobApi;
  readonly id: string;
  /** Prefix of the documents in the stack's bucket. */
  readonly prefix: string;
  readonly progress: LineOutput;
}

/** Creates the job that extracts the text of all documents below the prefix, and follows it to its end. */
export async function runSampleJob({ api, id, prefix, progress }: SampleJobOptions): Promise<JobOutcome> {
  const startTime = Date.now();
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
  const job = await followJob(api, id, progress);
  const seconds = (Date.now() - startTime) / 1000;
  const [items, failures] = await Promise.all([api.items(id), api.failures(id)]);
  return { job, items, failures, seconds };
}

/** Returns a report for users, followed by errors in the counts if there are any. */
export function reportOutcome(
  outcome: JobOutcome,
  expected: { documents: number; prefix: string; broken: string },
) {
  const { documents, prefix, broken } = expected;
  const mistakes = findMistakes(outcome, { documents, broken });
  const mistakeLines = mistakes.map((mistake) => `WRONG ${mistake}`);
  return { text: [jobReport(outcome, prefix), ...mistakeLines].join('\n'), isRight: mistakes.length === 0 };
}
