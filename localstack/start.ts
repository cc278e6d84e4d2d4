import { parseCommandLine } from './command-line.ts';
import { deployStack } from './deployment.ts';
import { developmentKey } from './development-key.ts';
import { type Emulator, restBase } from './emulator/emulator.ts';
import { ministackTarget } from './emulator/ministack.ts';
import { runMain } from './local-refusal.ts';
import { JobApi } from './sample/job-api.ts';
import { jobSummary } from './sample/job-report.ts';
import { dossiersOf, mergeSummary, reportMerge, runMergeJob } from './sample/merge-job.ts';
import { BROKEN_DOCUMENT, collectDocuments, type SampleDocument } from './sample/sample-documents.ts';
import { reportOutcome, runSampleJob } from './sample/sample-job.ts';
import { uploadDocuments } from './sample/sample-upload.ts';
import { signToken } from './token.ts';

// `npm start`: starts an emulator, runs jobs over real documents, and keeps the stack running for
// experiments. The steps are:
// 1. Start the emulator.
// 2. Deploy the stack.
// 3. Upload sample documents to its bucket.
// 4. Run a job that extracts their text.
// 5. Run a template job that merges the documents of each folder into one PDF.
// 6. Print reports of both jobs.
// 7. Keep running, or end with --once.

const PARTITION = 'demo';
// In the stack's bucket, the jobs of a partition may read everything below data/<partition>/.
const PREFIX = `data/${PARTITION}/documents/`;
const LONG_MS = 2 ** 30;

const target = ministackTarget();
const OPTIONS = { once: { type: 'boolean', default: false } } as const;

interface End {
  readonly code: number;
  /** Printed after everything has ended, so that scripts find it in the last line. */
  readonly lastLine?: string;
}

await runMain(async () => {
  const { once } = parseCommandLine({ options: OPTIONS }, 'npm start [-- --once]').values;
  const wasRunning = (await target.find()) !== undefined;
  let end: End = { code: 0 };
  try {
    end = await Promise.race([runUntilEnd(once), firstSignal()]);
  } finally {
    if (!wasRunning) console.error(await target.down());
  }
  if (end.lastLine !== undefined) console.log(end.lastLine);
  return end.code;
});
// Requests that a job still waits for must not keep the process alive after Ctrl-C.
process.exit();

async function runUntilEnd(once: boolean): Promise<End> {
  const end = await runOnEmulator(await target.up(), once);
  if (!once) await new Promise(() => setInterval(() => undefined, LONG_MS));
  return end;
}

// Ctrl-C is the normal way to end, so the exit code is 0. A second Ctrl-C has no effect; ending takes a
// second at most.
function firstSignal(): Promise<End> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve({ code: 0 }));
  });
}

async function runOnEmulator(emulator: Emulator, once: boolean): Promise<End> {
  const { ApiId = '', BucketName = '' } = await deployStack(emulator);
  const documents = [BROKEN_DOCUMENT, ...collectDocuments()];
  const uploadCount = await uploadDocuments(documents, {
    endpoint: emulator.endpoint,
    bucket: BucketName,
    prefix: PREFIX,
  });
  console.error(`${documents.length} documents in ${BucketName}, ${uploadCount} of them new`);

  const base = restBase(emulator, ApiId);
  const token = signToken({ partitions: [PARTITION], role: 'operator' }, developmentKey());
  const api = new JobApi({ base, token, partition: PARTITION });
  const now = Date.now();
  const id = `extract-${now}`;
  const progress = process.stderr;
  const outcome = await runSampleJob({ api, id, prefix: PREFIX, progress });

  const expected = { documents: documents.length, prefix: PREFIX, broken: PREFIX + BROKEN_DOCUMENT.path };
  const extractReport = reportOutcome(outcome, expected);
  console.log(extractReport.text);

  const dossiers = dossiersOf(documents);
  const source = ({ path }: SampleDocument) => `s3://${BucketName}/${PREFIX}${path}`;
  const mergeOutcome = await runMergeJob(dossiers, { api, id: `merge-${now}`, source, progress });
  const mergeReport = reportMerge(mergeOutcome, dossiers);
  console.log(mergeReport.text);
  if (once) {
    const summary = { ...jobSummary(outcome), template: mergeSummary(mergeOutcome) };
    return { code: extractReport.isRight && mergeReport.isRight ? 0 : 1, lastLine: JSON.stringify(summary) };
  }
  console.log(nextStep(base, token, api.jobUrl(id)));
  return { code: 0 };
}

function nextStep(base: string, token: string, jobUrl: string): string {
  return [
    `The API is at ${base}. Press Ctrl-C to end it. To read the job:`,
    `  curl -H 'Authorization: Bearer ${token}' '${jobUrl}'`,
  ].join('\n');
}
