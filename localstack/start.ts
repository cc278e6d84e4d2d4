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

await runMain(async () => {
  const wasRunning = (await target.find()) !== undefined;
  try {
    return await Promise.race([work(), firstSignal()]);
  } finally {
    if (!wasRunning) console.error(await target.down());
  }
});
// After Ctrl-C, what the job still waits for must not keep the process.
process.exit();

async function work(): Promise<number> {
  const isRight = await runOnEmulator(await target.up());
  if (!values.once) await new Promise(() => setInterval(() => undefined, LONG_MS));
  return isRight ? 0 : 1;
}

// Ctrl-C is how the stay ends, so it is no failure. A second one changes nothing: ending takes a second at most.
function firstSignal(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(0));
  });
}

async function runOnEmulator(emulator: Emulator): Promise<boolean> {
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
  console.log(values.once ? JSON.stringify(jobSummary(outcome)) : howToGoOn(base, token, api.jobUrl(id)));
  return isRight;
}

function howToGoOn(base: string, token: string, jobUrl: string): string {
  return [
    `The API is at ${base}; Ctrl-C ends it. To go on:`,
    `  curl -H 'Authorization: Bearer ${token}' '${jobUrl}'`,
  ].join('\n');
}
