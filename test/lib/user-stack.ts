import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import * as z from 'zod';
import { defineSplitter, defineWorker } from '../../clients/worker/index.ts';
import { JobService } from '../../lib/job-service.ts';
import type { JobServiceProps } from '../../lib/job-service-props.ts';
import type { Worker } from '../../lib/worker.ts';
import { folder, newApp, Synthesized } from './synthesized.ts';

export const NO_PARAMETERS = { description: 'Does nothing.', parameters: z.strictObject({}) };

export const READ_SCAN = defineWorker({
  name: 'read-scan',
  description: 'Reads a scan.',
  parameters: z.strictObject({ dpi: z.int() }),
  run: () => undefined,
});

export const ROWS = defineSplitter({
  name: 'rows',
  description: 'Splits rows.',
  definition: z.strictObject({ table: z.string() }),
  split: () => [],
});

export function userFile(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

export function userStack(make: (stack: Stack) => JobServiceProps): {
  jobs: JobService;
  synthesized: Synthesized;
} {
  const app = newApp();
  const stack = new Stack(app, 'theirs');
  const jobs = new JobService(stack, 'Jobs', make(stack));
  app.synth();
  return { jobs, synthesized: new Synthesized(app.outdir, Template.fromStack(stack)) };
}

export function many(worker: () => Worker): Record<string, Worker> {
  return Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`w${index}`, worker()]));
}

export function theirFunction(stack: Stack, id = 'Legacy'): LambdaFunction {
  return new LambdaFunction(stack, id, {
    runtime: Runtime.PYTHON_3_13,
    handler: 'index.handler',
    code: Code.fromInline('def handler(event, context): return {"batchItemFailures": []}'),
    timeout: Duration.seconds(20),
    environment: { THEIRS: '1' },
  });
}
