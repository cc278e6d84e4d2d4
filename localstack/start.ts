import { parseArgs } from 'node:util';
import { deployStack } from './deployment.ts';
import { developmentKey } from './development-key.ts';
import { type Emulator, restBase } from './emulator.ts';
import { JobApi } from './job-api.ts';
import { jobSummary } from './job-report.ts';
import { runMain } from './local-refusal.ts';
import { ministackTarget } from './ministack.ts';
import { BROKEN_DOCUMENT, collectDocuments } from './sample-documents.ts';
import { reportOutcome, runSampleJob } from './sample-job.ts';
import { uploadDocuments } from './sample-upload.ts';
import { signToken } from './token.ts';

// The main job: everything from nothing to a finished job over real documents, then the stack stays up to play with.
// 1 emulator  2 stack  3 documents into its bucket  4 job over REST  5 report  6 stay up, or end with --once

const PARTITION = 'demo';
// Of the stack's bucket, a partition's jobs may read what lies below data/<partition>/.
const PREFIX = `data/${PARTITION}/documents/`;
const LONG_MS = 2 ** 30;

const target = ministackTarget();
const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

interface End {
  readonly code: number;
  /** Told after everything has ended: whoever reads the output finds it last. */
  readonly lastLine?: string;
}

await runMain(async () => {
  const wasRunning = (await target.find()) !== undefined;
  let end: End = { code: 0 };
  try {
    end = await Promise.race([work(), firstSignal()]);
  } finally {
    if (!wasRunning) console.error(await target.down());
  }
  if (end.lastLine !== undefined) console.log(end.lastLine);
  return end.code;
});
// After Ctrl-C, what the job still waits for must not keep the process.
process.exit();

async function work(): Promise<End> {
  const end = await runOnEmulator(await target.up());
  if (!values.once) await new Promise(() => setInterval(() => undefined, LONG_MS));
  return end;
}

// Ctrl-C is how the stay ends, so it is no failure. A second one changes nothing: ending takes a second at most.
function firstSignal(): Promise<End> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve({ code: 0 }));
  });
}

async function runOnEmulator(emulator: Emulator): Promise<End> {
  const { ApiId = '', BucketName = '' } = await deployStack(emulator);
  const documents = [BROKEN_DOCUMENT, ...collectDocuments()];
  const sent = await uploadDocuments(documents, {
    endpoint: emulator.endpoint,
    bucket: BucketName,
    prefix: PREFIX,
  });
  console.error(`${documents.length} documents in ${BucketName}, ${sent} of them new`);

  const base = restBase(emulator, ApiId);
  const token = signToken({ partitions: [PARTITION], role: 'operator' }, developmentKey());
  const api = new JobApi({ base, token, partition: PARTITION });
  const id = `extract-${Date.now()}`;
  const outcome = await runSampleJob({ api, id, prefix: PREFIX, progress: process.stderr });

  const expected = { documents: documents.length, prefix: PREFIX, broken: PREFIX + BROKEN_DOCUMENT.path };
  const { text, isRight } = reportOutcome(outcome, expected);
  console.log(text);
  if (values.once) return { code: isRight ? 0 : 1, lastLine: JSON.stringify(jobSummary(outcome)) };
  console.log(howToGoOn(base, token, api.jobUrl(id)));
  return { code: 0 };
}

function howToGoOn(base: string, token: string, jobUrl: string): string {
  return [
    `The API is at ${base}; Ctrl-C ends it. To go on:`,
    `  curl -H 'Authorization: Bearer ${token}' '${jobUrl}'`,
  ].join('\n');
}
