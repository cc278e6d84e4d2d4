import { developmentKey } from '../development-key.ts';
import type { SampleResult, SampleStack } from '../serve-locally.ts';
import { signToken } from '../token.ts';
import { JobApi } from './job-api.ts';
import { jobSummary } from './job-report.ts';
import { dossiersOf, mergeSummary, reportMerge, runMergeJob } from './merge-job.ts';
import { BROKEN_DOCUMENT, collectDocuments, type SampleDocument } from './sample-documents.ts';
import { reportOutcome, runSampleJob } from './sample-job.ts';
import { uploadDocuments } from './sample-upload.ts';

const PARTITION = 'demo';

/**
 * Uploads documents, extracts their text with one job, merges the documents of each folder into a PDF with a template, and
 * prints reports of both.
 */
export async function runSampleJobs({ url, endpoint, bucket }: SampleStack): Promise<SampleResult> {
  const progress = process.stderr;
  // In the stack's bucket, the jobs of a partition may read everything below data/<partition>/.
  const prefix = `data/${PARTITION}/documents/`;
  const documents = [BROKEN_DOCUMENT, ...collectDocuments()];
  const sent = await uploadDocuments(documents, { endpoint, bucket, prefix });
  console.error(`${documents.length} documents in ${bucket}, ${sent} of them new`);

  const token = signToken({ partitions: [PARTITION], role: 'operator' }, developmentKey());
  const api = new JobApi({ base: url, token, partition: PARTITION });
  const now = Date.now();
  const outcome = await runSampleJob({ api, id: `extract-${now}`, prefix, progress });
  const expected = { documents: documents.length, prefix, broken: prefix + BROKEN_DOCUMENT.path };
  const extracted = reportOutcome(outcome, expected);
  const inConsole = (id: string) => `in the console: ${url}/console/p/${PARTITION}/jobs/${id}\n`;
  console.log(`${extracted.text}\n${inConsole(`extract-${now}`)}`);

  const dossiers = dossiersOf(documents);
  const source = ({ path }: SampleDocument) => `s3://${bucket}/${prefix}${path}`;
  const merging = await runMergeJob(dossiers, { api, id: `merge-${now}`, source, progress });
  const unreadable = outcome.items.filter((item) => item.outcome === 'failed');
  const merged = reportMerge(
    merging,
    dossiers,
    new Set(unreadable.map((item) => item.id.slice(prefix.length))),
  );
  console.log(`${merged.text}\n${inConsole(`merge-${now}`)}`);
  const summary = { ...jobSummary(outcome), template: mergeSummary(merging) };
  const jobs = [
    { id: `extract-${now}`, ...extracted },
    { id: `merge-${now}`, ...merged },
  ];
  const problems = jobs
    .filter(({ isRight }) => !isRight)
    .map(
      ({ id }) =>
        `The sample job ${id} did not do what it should: see the lines WRONG above, its failures at ${url}/console/p/${PARTITION}/jobs/${id}, and the logs of its functions in .jobtree/ministack/emulator.log`,
    );
  return { problems, summary: JSON.stringify(summary) };
}
