import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { LINKED_AREAS } from '../../functions/store/object-keys.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';
import { newApp, type Resource, type Synthesized, synthesize, target } from './synthesized.ts';

type Statement = {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, unknown>;
};

/** Number of functions of the service, without its workers. */
const OWN_FUNCTIONS = 7;

let synthesized: Synthesized;

beforeAll(() => {
  const named = {
    httpSecretNames: [{ name: 'team/partner', origins: ['https://a.example', 'https://b.example'] }],
    invokableFunctionNames: [{ name: 'resize' }, { name: 'classify', partitions: ['p1'] }],
  };
  synthesized = synthesize(named, newApp({ builtinCloudFormationValidation: true }));
});

const of = (type: string) => synthesized.ofType(type);
const byId = (type: string) => new Map(of(type));
const queueSources = () =>
  of('AWS::Lambda::EventSourceMapping').filter(([, { Properties }]) => !('StartingPosition' in Properties));

test("CloudFormation's own rules find nothing wrong", () => {
  const report = JSON.parse(readFileSync(join(synthesized.outdir, 'validation-report.json'), 'utf8'));

  expect(report.pluginReports).toEqual([]);
});

describe('queues', () => {
  const deadLetterTargets = () =>
    of('AWS::SQS::Queue').flatMap(([, { Properties }]) =>
      Properties['RedrivePolicy'] ? [target(Properties['RedrivePolicy'].deadLetterTargetArn)] : [],
    );

  test('each has a dead-letter queue, is one, or is read by operators and raises an alarm', () => {
    const watched = of('AWS::CloudWatch::Alarm').flatMap(([, { Properties }]) =>
      (Properties['Dimensions'] ?? []).map(({ Value }: { Value: unknown }) => target(Value)),
    );

    const ends = of('AWS::SQS::Queue')
      .filter(([, { Properties }]) => !Properties['RedrivePolicy'])
      .map(([id]) => id);

    expect(of('AWS::SQS::Queue').length).toBeGreaterThan(ends.length);
    expect(ends.filter((id) => !watched.includes(id))).toEqual([]);
    const others = ends.filter((id) => !deadLetterTargets().includes(id));
    expect(others.map((id) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'JobsQueuesUndispatchedQueue',
      'JobsQueuesUnroutableQueue',
    ]);
  });

  test('each dead-letter queue is read by read-dead-letters', () => {
    const read = queueSources()
      .filter(([, { Properties }]) => isFunction(Properties['FunctionName'], 'read-dead-letters'))
      .map(([, { Properties }]) => target(Properties['EventSourceArn']));

    expect(read.sort()).toEqual(deadLetterTargets().sort());
  });

  test('each refuses calls without TLS and encrypts its messages', () => {
    const guarded = of('AWS::SQS::QueuePolicy')
      .filter(([, { Properties }]) => isTlsOnly(Properties['PolicyDocument'].Statement, 'sqs:*'))
      .flatMap(([, { Properties }]) => Properties['Queues'].map(target));

    for (const [id, { Properties }] of of('AWS::SQS::Queue')) {
      expect(guarded).toContain(id);
      expect(Properties['SqsManagedSseEnabled']).toBe(true);
    }
  });

  test('hide a message for six timeouts of its function, and accept partial responses', () => {
    const queues = byId('AWS::SQS::Queue');
    const functions = byId('AWS::Lambda::Function');

    expect(queueSources().length).toBe(6 + 2 * shippedWorkers({ documents: true }).size);
    for (const [, { Properties }] of queueSources()) {
      const queue = queues.get(target(Properties['EventSourceArn']));
      const timeout = functions.get(target(Properties['FunctionName']))?.Properties['Timeout'];
      expect(queue?.Properties['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * timeout);
      expect(Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
      expect(Properties['FilterCriteria']).toBeUndefined();
    }
  });

  test('cause a limited number of runs at a time', () => {
    for (const [, { Properties }] of queueSources()) {
      expect(Properties['ScalingConfig'].MaximumConcurrency).toBeLessThanOrEqual(1000);
    }
  });
});

describe('rights', () => {
  test('no action is a wildcard, and no policy is managed by AWS', () => {
    for (const [id, { Properties }] of of('AWS::IAM::Role')) {
      expect(Properties['ManagedPolicyArns'] ?? []).toEqual([]);
      for (const action of statements(Properties).flatMap(({ Action }) => Action)) {
        expect(`${id} ${action}`).not.toContain('*');
      }
    }
    expect(of('AWS::IAM::Policy')).toEqual([]);
    // The policies of a role have a limited size. Only the API reads the depth of every queue.
    const [[, depths] = [], ...others] = of('AWS::IAM::ManagedPolicy');
    const [statement] = depths?.Properties['PolicyDocument'].Statement ?? [];
    expect(statement?.Action).toBe('sqs:GetQueueAttributes');
    expect(others).toEqual([]);
  });

  test('only actions without a resource type are allowed on all resources', () => {
    const onAll = of('AWS::IAM::Role').flatMap(([, { Properties }]) =>
      statements(Properties).filter(({ Resource }) => [Resource].flat().includes('*')),
    );

    const actions = onAll.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !action.startsWith('logs:'))).toEqual(['dynamodb:ListStreams']);
    expect(onAll.length).toBe(2);
  });

  test('each function has its own role', () => {
    const roles = of('AWS::Lambda::Function').map(([, { Properties }]) => target(Properties['Role']));

    expect(new Set(roles).size).toBe(OWN_FUNCTIONS + shippedWorkers({ documents: true }).size);
  });

  test('workers use the secrets and functions that are listed, each only its own', () => {
    const [http, invoke, tag] = ['http', 'invoke-lambda', 'tag'].map((name) => {
      const { Properties } = byId('AWS::Lambda::Function').get(synthesized.functions.get(name) ?? '') ?? {};
      const role = byId('AWS::IAM::Role').get(target(Properties?.['Role']));
      return { variables: Properties?.['Environment'].Variables, rights: JSON.stringify(role) };
    });

    expect(JSON.stringify(http?.variables['JOBTREE_SECRETS'])).toMatch(
      /secret:team\/partner.*https:\/\/a\.example.*https:\/\/b\.example/,
    );
    expect(http?.rights).toMatch(/secretsmanager:GetSecretValue.*secret:team\/partner-\?{6}/);
    expect(JSON.stringify(invoke?.variables['JOBTREE_FUNCTIONS'])).toContain(':function:resize');
    expect(invoke?.rights).toMatch(/lambda:InvokeFunction.*:function:resize/);
    expect([http?.rights, tag?.rights].join()).not.toContain('lambda:InvokeFunction');
    expect([invoke?.rights, tag?.rights].join()).not.toContain('secretsmanager');
  });

  test('a worker may read the status of a job and nothing else in the table', () => {
    for (const name of shippedWorkers({ documents: true }).keys()) {
      const onTable = rightsOf(name).filter(({ Action }) => String(Action).includes('dynamodb:'));

      expect(onTable).toEqual([
        {
          Effect: 'Allow',
          Action: 'dynamodb:GetItem',
          Resource: expect.anything(),
          Condition: {
            'ForAllValues:StringEquals': {
              'dynamodb:Attributes': ['pk', 'sk', 'status', 'runNumber', 'firstRunNumber', 'v'],
            },
            StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
          },
        },
      ]);
    }
  });

  test('the API may read the objects for which it signs links', () => {
    const reads = rightsOf('jobs-api').filter(({ Action }) => [Action].flat().includes('s3:GetObject'));
    const resources = JSON.stringify(reads.map(({ Resource }) => Resource));

    for (const area of LINKED_AREAS) expect(resources).toContain(`/${area}/*`);
  });

  test('the API receives only unroutable messages, and reads the depth of each queue', () => {
    const [[, depths] = []] = of('AWS::IAM::ManagedPolicy');
    const rights = [...rightsOf('jobs-api'), ...(depths?.Properties['PolicyDocument'].Statement ?? [])];
    const targetsOf = (action: string) =>
      rights
        .filter(({ Action }) => [Action].flat().includes(action))
        .flatMap(({ Resource }) => [Resource].flat().map(target));
    const queues = of('AWS::SQS::Queue').map(([id]) => id);

    expect(targetsOf('sqs:ReceiveMessage')).toEqual([expect.stringMatching(/^JobsQueuesUnroutableQueue/)]);
    expect(targetsOf('sqs:DeleteMessage')).toEqual(targetsOf('sqs:ReceiveMessage'));
    expect([...new Set(targetsOf('sqs:GetQueueAttributes'))].sort()).toEqual(queues.sort());
  });

  describe('each function sends only to the queues in this table', () => {
    const WORKERS = ['http', 'invoke-lambda', 'rehearse', 'tag', 'unzip', 'export-zip'];
    const allWorkers = [...WORKERS, 'extract-text', 'merge-pdf', 'to-pdf', 'to-tiff'];
    const ofWorkers = allWorkers.map((name) => `Worker${name.replaceAll('-', '')}`);

    test.each<[string, string[]]>([
      // The code of the app, and of dependencies that read files of strangers: never split, results or another worker.
      ...allWorkers.map((name): [string, string[]] => [
        name,
        [`Worker${name.replaceAll('-', '')}`, 'Reports'],
      ]),
      // An operator sends unroutable messages to the queues that they came from.
      ['jobs-api', ['Split', 'Results', 'Reports', ...ofWorkers]],
      ['sweep-jobs', []],
      ['serve-pages', []],
      ['dispatch-jobs', ['Split', 'Results', 'Undispatched', ...ofWorkers]],
      ['split-batch', ['Split', 'Results', 'Unroutable', ...ofWorkers]],
      ['track-results', ['Split', 'Results', 'Unroutable', ...ofWorkers]],
      ['read-dead-letters', ['Split', 'Results', 'Reports', 'Unroutable', ...ofWorkers]],
    ])('%s: %j', (name, queues) => {
      expect(sendsTo(name)).toEqual(queues.sort());
    });

    test('the table lists every function of the stack', () => {
      const others = [
        'jobs-api',
        'serve-pages',
        'sweep-jobs',
        'dispatch-jobs',
        'split-batch',
        'track-results',
      ];
      const named = [...allWorkers, ...others, 'read-dead-letters'];
      expect([...synthesized.functions.keys()].filter((name) => name !== '').sort()).toEqual(named.sort());
    });

    function sendsTo(name: string): string[] {
      const sends = rightsOf(name).filter(({ Action }) => [Action].flat().includes('sqs:SendMessage'));
      return sends
        .flatMap(({ Resource }) => [Resource].flat())
        .map((arn) => /^JobsQueues(.+)Queue[0-9A-F]{8}$/.exec(target(arn))?.[1] ?? JSON.stringify(arn))
        .sort();
    }
  });

  function rightsOf(functionName: string): Statement[] {
    const lambda = byId('AWS::Lambda::Function').get(synthesized.functions.get(functionName) ?? '');
    const role = byId('AWS::IAM::Role').get(target(lambda?.Properties['Role']));
    return statements(role?.Properties ?? {});
  }
});

describe('stored data', () => {
  test('is kept when the stack is deleted', () => {
    const [[, table] = []] = of('AWS::DynamoDB::GlobalTable');
    const [[, bucket] = []] = of('AWS::S3::Bucket');

    expect(table?.DeletionPolicy).toBe('Retain');
    expect(table?.Properties['Replicas'][0]).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(bucket?.DeletionPolicy).toBe('Retain');
  });

  test('is deleted with a local stack, without custom code', () => {
    const local = synthesize({ local: true });

    const [[, table] = []] = local.ofType('AWS::DynamoDB::GlobalTable');
    const [[, bucket] = []] = local.ofType('AWS::S3::Bucket');
    expect([table?.DeletionPolicy, bucket?.DeletionPolicy]).toEqual(['Delete', 'Delete']);
    expect(table?.Properties['Replicas'][0].DeletionProtectionEnabled).toBe(false);
    expect(local.template.findResources('Custom::S3AutoDeleteObjects')).toEqual({});
    expect(local.functions.size).toBe(OWN_FUNCTIONS + shippedWorkers({ documents: true }).size);
    // Each run is a process there.
    const limits = local.ofType('AWS::Lambda::EventSourceMapping').map(([, source]) => source.Properties);
    for (const { ScalingConfig } of limits)
      expect(ScalingConfig?.MaximumConcurrency ?? 1).toBeLessThanOrEqual(4);
  });

  test('is in a bucket that is private and accepts TLS only', () => {
    const [[, bucket] = []] = of('AWS::S3::Bucket');
    const [[, policy] = []] = of('AWS::S3::BucketPolicy');

    expect(Object.values(bucket?.Properties['PublicAccessBlockConfiguration'])).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(isTlsOnly(policy?.Properties['PolicyDocument'].Statement, 's3:*')).toBe(true);
    // S3 must not delete an object before its job is deleted.
    expect(bucket?.Properties['LifecycleConfiguration'].Rules.map(({ Id }: { Id: string }) => Id)).toEqual([
      'abort-uploads',
    ]);
  });
});

test('the stream wakes dispatch-jobs only for rows that have a follow-up', () => {
  const streams = of('AWS::Lambda::EventSourceMapping').filter(([, { Properties }]) =>
    isFunction(Properties['FunctionName'], 'dispatch-jobs'),
  );

  expect(streams.length).toBe(1);
  const [[, { Properties }] = ['', { Properties: {} } as Resource]] = streams;
  expect(JSON.parse(Properties['FilterCriteria'].Filters[0].Pattern)).toEqual({
    dynamodb: { NewImage: { followUp: { S: [{ exists: true }] } } },
  });
  expect(Properties).toMatchObject({
    BisectBatchOnFunctionError: true,
    StartingPosition: 'TRIM_HORIZON',
  });
  expect(Properties['DestinationConfig'].OnFailure).toBeDefined();
});

function statements(role: Resource['Properties']): Statement[] {
  return (role['Policies'] ?? []).flatMap(
    ({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) => PolicyDocument.Statement,
  );
}

function isTlsOnly(policy: Statement[], action: string): boolean {
  return policy.some(
    ({ Effect, Action, Condition }) =>
      Effect === 'Deny' &&
      Action === action &&
      JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
  );
}

function isFunction(reference: unknown, name: string): boolean {
  return target(reference) === synthesized.functions.get(name);
}
