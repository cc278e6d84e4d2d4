import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { checkDocumentPackages } from '../../lib/document-packages.ts';
import { JobService } from '../../lib/job-service.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';
import { Splitter } from '../../lib/splitter.ts';
import { Worker } from '../../lib/worker.ts';
import { newApp, type Synthesized } from './synthesized.ts';
import { READ_SCAN, ROWS, theirFunction, userFile, userStack } from './user-stack.ts';

describe("in a user's own app", () => {
  let jobs: JobService;
  let synthesized: Synthesized;

  beforeAll(() => {
    const ocr = userFile('ocr.ts', "export const handler = async (): Promise<string> => 'user worker';");
    const rows = userFile('rows.ts', "export const rowsOf = { marker: 'user splitter', split: () => [] };");
    const scan = userFile(
      'scan.ts',
      `import { defineWorker, PermanentFailure } from 'jobtree/worker';
       const run = () => { throw new PermanentFailure('defined worker', ''); };
       export const readScan = defineWorker({ name: 'read-scan', parameters: {} as never, run });`,
    );
    ({ jobs, synthesized } = userStack((stack) => ({
      workers: {
        ocr: Worker.fromEntry(ocr, {
          description: 'Reads scans.',
          parameters: z.strictObject({ language: z.string().default('en') }),
          timeout: Duration.minutes(3),
          memorySize: 2048,
          batchSize: 2,
          maxConcurrency: 7,
        }),
        scan: Worker.fromEntry(scan, { worker: READ_SCAN }),
        legacy: Worker.fromFunction(theirFunction(stack), {
          description: 'Was there before.',
          parameters: { type: 'object', properties: { depth: { type: 'integer' } } },
        }),
      },
      splitters: { rows: Splitter.fromEntry(rows, { splitter: ROWS, exportName: 'rowsOf' }) },
      readBuckets: [new Bucket(stack, 'Scans')],
      maxItems: 500,
    })));
  });

  test('a worker has a queue, an event source and a bundle', () => {
    expect(synthesized.file('ocr', 'index.mjs').toString()).toContain('user worker');
    synthesized.template.hasResourceProperties('AWS::Lambda::Function', {
      Tags: [{ Key: 'jobtree:function', Value: 'ocr' }],
      MemorySize: 2048,
      Timeout: 180,
    });
    synthesized.template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 2,
      ScalingConfig: { MaximumConcurrency: 7 },
    });
    synthesized.template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 18 * 60 });
  });

  test('a worker defined in a file runs under the name that the app chose, with its own schema', () => {
    const code = synthesized.file('scan', 'index.mjs').toString();
    const { workers } = JSON.parse(synthesized.file('jobs-api', 'registry.json').toString());

    expect(code).toContain('defined worker');
    expect(code).toMatch(/name:"scan"/);
    expect(workers.find(({ name }: { name: string }) => name === 'scan')).toMatchObject({
      description: 'Reads a scan.',
      parameters: { properties: { dpi: { type: 'integer' } } },
    });
  });

  test('the API knows how many items fill a chunk of the workers that declare their duration', () => {
    const { workers } = JSON.parse(synthesized.file('jobs-api', 'registry.json').toString());
    const itemsOf = Object.fromEntries(
      workers.map((each: { name: string; itemsPerTask?: number }) => [each.name, each.itemsPerTask]),
    );

    expect(itemsOf).toMatchObject({ unzip: 2, 'export-zip': 1 });
    expect(itemsOf['rehearse']).toBeUndefined();
  });

  test('an existing function becomes a worker with its variables and permissions', () => {
    synthesized.template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'python3.13',
      Environment: {
        Variables: {
          THEIRS: '1',
          JOBTREE_TABLE: Match.anyValue(),
          JOBTREE_WORKER_QUEUES: { 'Fn::Join': ['', Match.arrayWith(['{"legacy":"'])] },
        },
      },
    });
    synthesized.template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: 'sqs:SendMessage', Effect: 'Allow' })]),
      },
    });
  });

  test('a splitter is bundled with the included ones', () => {
    expect(synthesized.file('split-batch', 'index.mjs').toString()).toContain('user splitter');
  });

  test('the API knows the schemas of both', () => {
    const { workers, splitters } = JSON.parse(synthesized.file('jobs-api', 'registry.json').toString());
    const names = (list: { name: string }[]) => list.map(({ name }) => name);

    expect(names(workers)).toEqual([...shippedWorkers().keys(), 'ocr', 'scan', 'legacy']);
    expect(names(splitters)).toContain('rows');
    const ocr = workers.find(({ name }: { name: string }) => name === 'ocr');
    expect(ocr.description).toBe('Reads scans.');
    expect(ocr.parameters.required).toBeUndefined();
    const legacy = workers.find(({ name }: { name: string }) => name === 'legacy');
    expect(legacy.parameters).toEqual({ type: 'object', properties: { depth: { type: 'integer' } } });
  });

  test('buckets can be read, limits apply, and more permissions can be granted', () => {
    jobs.workers
      .get('ocr')
      ?.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] }));

    synthesized.template.hasResourceProperties('AWS::Lambda::Function', {
      Tags: [{ Key: 'jobtree:function', Value: 'split-batch' }],
      Environment: { Variables: { JOBTREE_MAX_ITEMS: '500' } },
    });
    expect(JSON.stringify(synthesized.template.findResources('AWS::IAM::Role'))).toContain('Scans');
  });
});

test('without an issuer, an annotation warns that the API refuses every request', () => {
  const app = newApp();
  const stack = new Stack(app, 'closed');
  new JobService(stack, 'Jobs');

  Annotations.fromStack(stack).hasInfo(
    '/closed/Jobs',
    Match.stringLikeRegexp('this API refuses every request'),
  );
});

describe('document workers', () => {
  const namesIn = (synthesized: Synthesized, list: 'workers' | 'templates' | 'jobTypes') =>
    JSON.parse(synthesized.file('jobs-api', 'registry.json').toString())[list].map(
      ({ name }: { name: string }) => name,
    );

  test('are not deployed by default, nor are the templates that need them', () => {
    const { synthesized } = userStack(() => ({}));

    expect(namesIn(synthesized, 'workers')).toEqual([
      'export-zip',
      'http',
      'invoke-lambda',
      'rehearse',
      'tag',
      'unzip',
    ]);
    expect(namesIn(synthesized, 'templates')).toEqual(['export-job', 'unpack']);
    expect(namesIn(synthesized, 'jobTypes')).toEqual([]);
    expect(synthesized.functions.has('to-tiff')).toBe(false);
  });

  test('come with `documents`', () => {
    const { synthesized } = userStack(() => ({ documents: true }));

    expect(namesIn(synthesized, 'workers')).toEqual(
      expect.arrayContaining(['extract-text', 'to-pdf', 'merge-pdf', 'to-tiff']),
    );
    expect(namesIn(synthesized, 'templates')).toHaveLength(6);
    expect(namesIn(synthesized, 'jobTypes')).toEqual(['extract-folder']);
    expect(synthesized.file('to-tiff', 'pdfium.wasm').byteLength).toBeGreaterThan(1_000_000);
  });

  test('need packages, which the error lists with the command that installs them', () => {
    const without = (name: string) => () => checkDocumentPackages((file) => !file.startsWith(name));

    expect(without('@hyzyla')).toThrow(
      'documents: true needs @hyzyla/pdfium, which jobtree does not install; run npm install dejavu-fonts-ttf@2.37.3 @imagemagick/magick-wasm@0.0.43 @hyzyla/pdfium@2.1.13',
    );
    expect(without('nothing')).not.toThrow();
  });
});
