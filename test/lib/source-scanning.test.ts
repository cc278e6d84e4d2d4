import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { beforeAll, describe, expect, test } from 'vitest';
import { JobService } from '../../lib/job-service.ts';
import type { JobServiceProps } from '../../lib/job-service-props.ts';
import type { SourceProps } from '../../lib/source-scanning.ts';
import { newApp, Synthesized, synthesize, target } from './synthesized.ts';

let synthesized: Synthesized;
let scanner: string;

beforeAll(() => {
  const app = newApp();
  const stack = new Stack(app, 'theirs');
  const theirs = Bucket.fromBucketName(stack, 'Theirs', 'their-requests');
  const sources = [
    { partition: 'p 1', jobsPerMinute: 5 },
    { partition: 'p2', bucket: theirs, prefix: 'in/' },
  ];
  new JobService(stack, 'Jobs', { readBuckets: [theirs], sources });
  app.synth();
  synthesized = new Synthesized(app.outdir, Template.fromStack(stack));
  scanner = synthesized.functions.get('scan-sources') ?? 'none';
});

const propertiesOf = (type: string) => synthesized.ofType(type).map(([, { Properties }]) => Properties);

test('without sources there is no scanner', () => {
  expect([...synthesize().functions.keys()]).not.toContain('scan-sources');
});

test('one function is called each minute for all sources, without retries', () => {
  const rules = propertiesOf('AWS::Events::Rule').filter(({ Targets }) => target(Targets[0].Arn) === scanner);
  const [, lambda] = synthesized.ofType('AWS::Lambda::Function').find(([id]) => id === scanner) ?? [];

  expect(rules).toMatchObject([
    { ScheduleExpression: 'rate(1 minute)', Targets: [{ RetryPolicy: { MaximumRetryAttempts: 0 } }] },
  ]);
  expect(lambda?.Properties['Timeout']).toBe(60);
  expect(JSON.parse(lambda?.Properties['Environment'].Variables.JOBTREE_SOURCES)).toEqual([
    { partition: 'p 1', prefix: 'inbox/p%201/', high: 100, low: 50, jobsPerScan: 5, maxItems: 10_000 },
    {
      partition: 'p2',
      bucket: 'their-requests',
      prefix: 'in/',
      high: 100,
      low: 50,
      jobsPerScan: 20,
      maxItems: 10_000,
    },
  ]);
});

test('it may write requests and the locations of its sources, and nothing else in any bucket', () => {
  const lambda = new Map(synthesized.ofType('AWS::Lambda::Function')).get(scanner);
  const role = new Map(synthesized.ofType('AWS::IAM::Role')).get(target(lambda?.Properties['Role']));
  const rights: { Action: string | string[]; Resource: unknown }[] =
    role?.Properties['Policies'][0].PolicyDocument.Statement;

  const onObjects = rights
    .filter(({ Action }) => [Action].flat().some((action) => /^s3:.*Object$/.test(action)))
    .map(({ Action, Resource }) => [
      [Action].flat().join(),
      JSON.stringify(Resource).replace(/.*?(\/[^"]*)".*/, '$1'),
    ]);

  const all = 's3:GetObject,s3:PutObject,s3:DeleteObject';
  expect(onObjects).toEqual([
    ['s3:PutObject', '/requests/*'],
    [all, '/inbox/p%201/*'],
    [all, '/in/*'],
  ]);
});

describe('a source is refused at synth', () => {
  test.each<[string, SourceProps, RegExp]>([
    ['a partition that is none', { partition: 'a.b' }, /character that is not allowed/],
    [
      'a prefix in the bucket of the service',
      { partition: 'p', prefix: 'x/' },
      /requires a bucket of your own/,
    ],
    ['marks the wrong way round', { partition: 'p', high: 5, low: 5 }, /low below high/],
    ['no jobs at all', { partition: 'p', jobsPerMinute: 0 }, /all must be whole numbers/],
  ])('%s', (_what, source, words) => {
    const make = (props: JobServiceProps) => new JobService(new Stack(newApp(), 'theirs'), 'Jobs', props);

    expect(() => make({ sources: [source] })).toThrow(words);
  });

  test('a bucket that jobs cannot read, and a location of two partitions', () => {
    const stack = new Stack(newApp(), 'theirs');
    const bucket = new Bucket(stack, 'Bucket');
    const source = { partition: 'p', bucket, prefix: 'in/' };

    expect(() => new JobService(stack, 'One', { sources: [source] })).toThrow(/not in readBuckets/);
    expect(
      () =>
        new JobService(stack, 'Two', {
          readBuckets: [bucket],
          sources: [source, { ...source, partition: 'q' }],
        }),
    ).toThrow(/a location can belong to one partition only/);
    expect(
      () =>
        new JobService(stack, 'Three', {
          readBuckets: [bucket],
          sources: [{ ...source, prefix: 'in/../out/' }],
        }),
    ).toThrow(/no segment of a key may be/);
  });
});
