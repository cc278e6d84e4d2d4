import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defineSplitter, defineWorker } from '../../clients/worker/index.ts';
import { checkDocumentPackages } from '../../lib/document-packages.ts';
import { JobService } from '../../lib/job-service.ts';
import type { JobServiceProps } from '../../lib/job-service-props.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';
import { Splitter } from '../../lib/splitter.ts';
import { Worker } from '../../lib/worker.ts';
import { folder, newApp, type Resource, Synthesized, target } from './synthesized.ts';

const NO_PARAMETERS = { description: 'Does nothing.', parameters: z.strictObject({}) };

const READ_SCAN = defineWorker({
  name: 'read-scan',
  description: 'Reads a scan.',
  parameters: z.strictObject({ dpi: z.int() }),
  run: () => undefined,
});

const ROWS = defineSplitter({
  name: 'rows',
  description: 'Splits rows.',
  definition: z.strictObject({ table: z.string() }),
  split: () => [],
});

function userFile(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

function userStack(make: (stack: Stack) => JobServiceProps): { jobs: JobService; synthesized: Synthesized } {
  const app = newApp();
  const stack = new Stack(app, 'theirs');
  const jobs = new JobService(stack, 'Jobs', make(stack));
  app.synth();
  return { jobs, synthesized: new Synthesized(app.outdir, Template.fromStack(stack)) };
}

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

describe('what jobs may use by name', () => {
  let synthesized: Synthesized;
  const propertiesOf = (name: string): Resource['Properties'] =>
    new Map(synthesized.ofType('AWS::Lambda::Function')).get(synthesized.functions.get(name) ?? '')
      ?.Properties ?? {};
  const variablesOf = (name: string) => propertiesOf(name)['Environment'].Variables;
  const rightsOf = (name: string) =>
    JSON.stringify(
      new Map(synthesized.ofType('AWS::IAM::Role')).get(target(propertiesOf(name)['Role']))?.Properties,
    );

  beforeAll(() => {
    ({ synthesized } = userStack((stack) => ({
      httpSecrets: {
        partner: {
          secret: Secret.fromSecretNameV2(stack, 'Partner', 'partner-key'),
          origins: ['https://api.example.com'],
        },
        crm: {
          secret: Secret.fromSecretNameV2(stack, 'Crm', 'crm-key'),
          origins: ['https://crm.example.com'],
          partitions: ['a', 'b'],
        },
      },
      invokableFunctions: {
        legacy: theirFunction(stack),
        ocr: { function: theirFunction(stack, 'Ocr'), partitions: ['a'] },
      },
      webPorts: [8443],
    })));
  });

  test('secrets are read by the worker http only, and sent to their origins only', () => {
    const { JOBTREE_SECRETS: secrets, JOBTREE_WEB: web } = variablesOf('http');

    expect(JSON.stringify(secrets)).toContain('https://api.example.com');
    expect(web).toBe('{"ports":[8443],"isLocal":false}');
    expect(variablesOf('tag')['JOBTREE_SECRETS']).toBeUndefined();
    expect(rightsOf('http')).toContain('"secretsmanager:GetSecretValue"');
    expect(rightsOf('http')).toContain('partner-key-??????');
    for (const name of ['tag', 'invoke-lambda', 'split-batch'])
      expect(rightsOf(name)).not.toContain('secretsmanager');
  });

  test('functions are invoked by the worker invoke-lambda only', () => {
    expect(rightsOf('invoke-lambda')).toContain('"lambda:InvokeFunction"');
    expect(rightsOf('invoke-lambda')).toContain('Legacy');
    expect(rightsOf('http')).not.toContain('lambda:InvokeFunction');
  });

  test('limits to partitions apply in the worker and in the API that creates jobs', () => {
    const worked = JSON.stringify([
      variablesOf('http')['JOBTREE_SECRETS'],
      variablesOf('invoke-lambda')['JOBTREE_FUNCTIONS'],
    ]).replaceAll('\\', '');
    const registry = JSON.parse(synthesized.file('jobs-api', 'registry.json').toString());

    expect(worked).toContain('"origins":["https://crm.example.com"],"partitions":["a","b"]}');
    expect(worked).toContain('"origins":["https://api.example.com"]}');
    expect(worked).toMatch(/"ocr":{"arn":.*"partitions":\["a"\]}/);
    expect(rightsOf('invoke-lambda')).toContain('Ocr');
    // Contains neither ARNs nor origins.
    expect(registry.secrets).toEqual({ partner: {}, crm: { partitions: ['a', 'b'] } });
    expect(registry.functions).toEqual({ legacy: {}, ocr: { partitions: ['a'] } });
  });

  test.each([
    [[], "secret 'p' has no partitions, so no job could use it"],
    [['a', '*'], "partition '*' of secret 'p': the partition id contains a character that is not allowed"],
  ])('partitions %j are refused', (partitions, reason) => {
    const make = () =>
      userStack((stack) => ({
        httpSecrets: {
          p: {
            secret: Secret.fromSecretNameV2(stack, 'P', 'p'),
            origins: ['https://api.example.com'],
            partitions,
          },
        },
      }));

    expect(make).toThrow(reason);
  });

  test('an origin with a path is refused, because the path would be ignored', () => {
    const make = () =>
      userStack((stack) => ({
        httpSecrets: {
          p: {
            secret: Secret.fromSecretNameV2(stack, 'P', 'p'),
            origins: ['https://api.example.com/v1'],
          },
        },
      }));

    expect(make).toThrow("origin 'https://api.example.com/v1' of secret 'p' is not allowed; use the form");
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

describe('an invalid property is refused with a message', () => {
  const worker = () => Worker.fromEntry(userFile('w.ts', 'export const handler = 1;'), NO_PARAMETERS);
  const splitter = Splitter.fromEntry('none.ts', { splitter: ROWS });
  const entry = (name: string) => userFile(name, 'export const other = 1;');

  test.for([
    [
      'a name with blanks',
      () => ({ workers: { 'my ocr': worker() } }),
      "worker 'my ocr' has a name that is not allowed",
    ],
    [
      'a name that is taken',
      () => ({ workers: { rehearse: worker() } }),
      "worker 'rehearse' has the name of one included in jobtree",
    ],
    [
      'a splitter that is taken',
      () => ({ splitters: { lines: splitter } }),
      "splitter 'lines' has the name of one included in jobtree",
    ],
    [
      'a way into private networks',
      () => ({ webIsLocal: true }),
      'webIsLocal would open private networks to everyone who can create jobs',
    ],
    ['a port that is none', () => ({ webPorts: [8443, 0] }), '0 in webPorts is not a port'],
    ['more items than can be', () => ({ maxItems: 1e9 }), 'maxItems is 1000000000'],
    [
      'a template that cannot run',
      () => ({ templates: { mine: { steps: [{ name: 'a', worker: 'no' }] } } }),
      "template 'mine' is not valid: /steps/0/worker: worker 'no' does not exist",
    ],
    [
      'a template with another name within',
      () => ({ templates: { mine: { name: 'yours', steps: [{ name: 'a', worker: 'tag' }] } } }),
      "/name: is 'yours', but the template is registered as 'mine'",
    ],
    [
      'a template that is taken',
      () => ({ templates: { unpack: { steps: [{ name: 'a', worker: 'tag' }] } } }),
      "template 'unpack' is included in jobtree",
    ],
    [
      'a worker that its file does not export',
      () => ({ workers: { scan: Worker.fromEntry(entry('w1.ts'), { worker: READ_SCAN }) } }),
      "w1.ts has no export 'readScan'; export the definition under this name, or pass its name as `exportName`",
    ],
    [
      'a splitter that its file does not export',
      () => ({
        splitters: { rows: Splitter.fromEntry(entry('s1.ts'), { splitter: ROWS, exportName: 'all' }) },
      }),
      "s1.ts has no export 'all'",
    ],
    [
      'a worker without a description',
      () => ({
        workers: { s: Worker.fromEntry('s.ts', { worker: { name: 's', parameters: z.strictObject({}) } }) },
      }),
      "worker 's' of s.ts has no description; pass one to defineWorker or to Worker.fromEntry",
    ],
    [
      'a worker with the name of one of documents, which may come later',
      () => ({ workers: { 'to-pdf': worker() } }),
      "worker 'to-pdf' has the name of one included in jobtree",
    ],
    [
      'a name that no file can export',
      () => ({ workers: { s: Worker.fromEntry('s.ts', { worker: READ_SCAN, exportName: 'a b' }) } }),
      "'a b' is not a name that s.ts can export",
    ],
    ['too many workers', () => ({ workers: many(worker) }), 'workers; at most 30 are allowed'],
  ] satisfies [string, () => JobServiceProps, string][])('%s', ([, props, reason]) => {
    expect(() => new JobService(new Stack(newApp(), 's'), 'Jobs', props())).toThrow(reason);
  });
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

function many(worker: () => Worker): Record<string, Worker> {
  return Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`w${index}`, worker()]));
}

function theirFunction(stack: Stack, id = 'Legacy'): LambdaFunction {
  return new LambdaFunction(stack, id, {
    runtime: Runtime.PYTHON_3_13,
    handler: 'index.handler',
    code: Code.fromInline('def handler(event, context): return {"batchItemFailures": []}'),
    timeout: Duration.seconds(20),
    environment: { THEIRS: '1' },
  });
}
