import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BucketName, parseBucketName, parseObjectKey, parseObjectPrefix } from '#core/object-address.ts';
import { s3Objects } from '../../functions/aws/objects.ts';
import { sqsQueueDesk } from '../../functions/aws/queue-desk.ts';
import { queueNameOfUrl } from '../../functions/aws/queue-url.ts';
import { sqsQueues } from '../../functions/aws/queues.ts';
import { readerSessions } from '../../functions/aws/reader-sessions.ts';
import { presignGet, presignPut } from '../../functions/aws/sdk/presign.ts';
import { dynamoTable } from '../../functions/aws/table.ts';
import { type OwnEmulator, startEmulator } from '../../localstack/emulator/ministack.ts';
import { localClient } from '../../localstack/local-aws.ts';
import { clients, signedAt } from '../support/aws-services.ts';
import { MemoryTable } from '../support/memory/table.ts';
import { describeAgreement } from './agreement.ts';
import { createTable } from './create-table.ts';
import { describeMonitor } from './monitor.ts';
import { describeObjects } from './objects.ts';
import { describeQueueDesk } from './queue-desk.ts';
import { describeQueues } from './queues.ts';
import { describeTable } from './table.ts';

const START_MILLIS = 120_000;
const stateDir = mkdtempSync(join(tmpdir(), 'jobtree-conformance-'));

let emulator: OwnEmulator | undefined;
let dynamo: DynamoDBClient;
let sqs: SQSClient;
let s3: S3Client;

beforeAll(async () => {
  emulator = await startEmulator({ name: 'conformance', port: 0, stateDir });
  const settings = localClient(emulator.endpoint);
  dynamo = new DynamoDBClient(settings);
  sqs = new SQSClient(settings);
  s3 = new S3Client({ ...settings, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' });
}, START_MILLIS);

afterAll(async () => {
  for (const client of [dynamo, sqs, s3]) client?.destroy();
  await emulator?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

const endpoint = () => emulator?.endpoint ?? '';

for (const [name, servicesAt] of Object.entries(clients)) {
  describeTable(
    `MiniStack, ${name}`,
    async () => dynamoTable(servicesAt(endpoint()).dynamo, await createTable(dynamo)),
    {
      'an attribute that is named twice is refused':
        'MiniStack applies one after the other; DynamoDB answers "Two document paths overlap"',
    },
  );
}

describeMonitor(endpoint);

describeAgreement('memory and MiniStack', async () => [
  new MemoryTable(),
  dynamoTable(signedAt(endpoint()).dynamo, await createTable(dynamo)),
]);

for (const [name, servicesAt] of Object.entries(clients)) {
  describeQueues(`MiniStack, ${name}`, async () => {
    const [split, results, reports, unroutable, ocr] = await Promise.all(
      ['split', 'results', 'reports', 'unroutable', 'ocr'].map((queue) => createQueue(queue)),
    );
    const urls = { split, results, reports, unroutable, 'worker:ocr': ocr } as Record<string, string>;
    return {
      queues: sqsQueues(servicesAt(endpoint()).sqs, {
        split: urls['split'] ?? '',
        results: urls['results'] ?? '',
        reports: urls['reports'] ?? '',
        unroutable: urls['unroutable'] ?? '',
        workers: { ocr: urls['worker:ocr'] ?? '' },
      }),
      receive: async (queue) => receiveAll(urls[queue] ?? ''),
      elapse: async (seconds) => {
        await sleep(seconds * 1000);
      },
    };
  });

  describeQueueDesk(`MiniStack, ${name}`, async () => {
    const [dead, unroutable] = await Promise.all(['dead', 'unroutable'].map((queue) => createQueue(queue)));
    const split = await createQueue('split', {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${queueNameOfUrl(dead ?? '')}`,
        maxReceiveCount: 5,
      }),
    });
    const urls = new Map([['split', split] as const, ['unroutable', unroutable ?? ''] as const]);
    const { sqs } = servicesAt(endpoint());
    return {
      desk: sqsQueueDesk(sqs, { urls, unroutable: unroutable ?? '' }),
      queues: sqsQueues(sqs, { split, unroutable: unroutable ?? '' }),
    };
  });

  describeObjects(`MiniStack, ${name}`, async () => {
    const [bucket, otherBucket] = await Promise.all([createBucket(), createBucket()]);
    const calls = servicesAt(endpoint()).s3;
    const others = s3Objects(calls, otherBucket);
    return {
      objects: s3Objects(calls, bucket),
      otherBucket,
      fill: (key, body) => others.put(parseObjectKey(key), body),
    };
  });

  /** MiniStack issues sessions but ignores their policies. test/aws/reader-sessions.test.ts enforces them. */
  test(`sessions of a partition: MiniStack, ${name}`, async () => {
    const bucket = await createBucket();
    const services = servicesAt(endpoint());
    const objects = s3Objects(services.s3, bucket);
    const role = 'arn:aws:iam::000000000000:role/reader';
    const session = readerSessions({ services, role, bucket, objects })('p');
    const key = parseObjectKey('uploads/p/x');
    await objects.put(key, 'of p');

    expect(new TextDecoder().decode(await session.get({ key }))).toBe('of p');
    expect((await session.list(parseObjectPrefix('uploads/p/'))).objects).toHaveLength(1);
    expect(await session.describe({ key: parseObjectKey('uploads/p/none') })).toBeUndefined();
  });
}

describe('signed URLs: MiniStack', () => {
  const k = parseObjectKey('k');

  test('an object uploaded with one URL is downloaded with another, as an attachment', async () => {
    const bucket = await createBucket();
    const key = parseObjectKey('uploads/p/größe "1".txt');

    const put = await presignPut(s3, { bucket, key, contentType: 'text/plain', sizeBytes: 5 });
    const uploaded = await fetch(put, {
      method: 'PUT',
      body: 'hello',
      headers: { 'content-type': 'text/plain' },
    });
    const downloaded = await fetch(await presignGet(s3, { bucket, key }));

    expect(uploaded.status).toBe(200);
    expect(downloaded.headers.get('content-disposition')).toBe(
      'attachment; filename="gr__e__1_.txt"; filename*=UTF-8\'\'gr%C3%B6%C3%9Fe%20%221%22.txt',
    );
    expect(await downloaded.text()).toBe('hello');
  });

  test.each([
    ['more bytes', 'hello!', 'text/plain'],
    ['fewer bytes', 'hell', 'text/plain'],
    ['no bytes', '', 'text/plain'],
    ['another type', 'hello', 'text/html'],
  ])('an upload of %s than was signed is refused, and no object is stored', async (_, body, type) => {
    const bucket = await createBucket();
    const put = await presignPut(s3, { bucket, key: k, contentType: 'text/plain', sizeBytes: 5 });

    const uploaded = await fetch(put, { method: 'PUT', body, headers: { 'content-type': type } });

    expect([uploaded.status, await uploaded.text()]).toEqual([
      403,
      expect.stringContaining('SignatureDoesNotMatch'),
    ]);
    expect(await s3Objects(signedAt(endpoint()).s3, bucket).describe({ key: k })).toBeUndefined();
  });

  test('a chunked upload without a size is refused', async () => {
    const bucket = await createBucket();
    const put = await presignPut(s3, { bucket, key: k, contentType: 'text/plain', sizeBytes: 5 });
    const body = new Blob(['hello']).stream();

    const uploaded = await fetch(put, {
      method: 'PUT',
      body,
      duplex: 'half',
      headers: { 'content-type': 'text/plain' },
    } as RequestInit);

    expect(uploaded.status).toBe(403);
    expect(await s3Objects(signedAt(endpoint()).s3, bucket).describe({ key: k })).toBeUndefined();
  });
});

async function createQueue(name: string, Attributes: Record<string, string> = {}): Promise<string> {
  const QueueName = `${name}-${randomUUID()}`;
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl;
}

async function receiveAll(QueueUrl: string): Promise<string[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages)
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ Body = '' }) => Body);
}

async function createBucket(): Promise<BucketName> {
  const Bucket = parseBucketName(`bucket-${randomUUID()}`);
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}
