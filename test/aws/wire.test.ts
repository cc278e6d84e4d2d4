import { Readable } from 'node:stream';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { parseBucketName } from '#core/object-address.ts';
import { ObjectForbidden } from '#core/ports.ts';
import { s3Objects } from '../../functions/aws/objects.ts';
import { sqsQueues } from '../../functions/aws/queues.ts';
import { dynamoTable } from '../../functions/aws/table.ts';
import { messageGroup } from '../../functions/store/message-group.ts';
import { textObjects } from '../support/text-objects.ts';

interface Answer {
  readonly status: number;
  readonly body?: string;
}

/**
 * Simulates responses that emulators never give, on the wire, below the real SDK. Each is given once, the
 * last one repeatedly.
 */
function wire(...answers: readonly [Answer, ...Answer[]]) {
  const bodies: string[] = [];
  const settings = {
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:9',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: {
      async handle(request: { body?: unknown }) {
        const { status, body = '' } = answers[Math.min(bodies.length, answers.length - 1)] ?? answers[0];
        bodies.push(typeof request.body === 'string' ? request.body : '');
        return { response: { statusCode: status, headers: {}, body: Readable.from([Buffer.from(body)]) } };
      },
    },
  };
  return { settings, bodies, calls: () => bodies.length };
}

const refusal = (type: string, more: object = {}): Answer => ({
  status: 400,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: type, ...more }),
});
const canceled = (...Codes: string[]) =>
  refusal('TransactionCanceledException', { CancellationReasons: Codes.map((Code) => ({ Code })) });
const written: Answer = { status: 200, body: '{}' };

const key = { pk: 'P#p', sk: 'JOB' };
const put = { kind: 'put', row: { ...key, text: 'x'.repeat(1500) } } as const;
const check = {
  kind: 'check',
  key: { ...key, sk: 'OTHER' },
  when: [{ attribute: 'pk', is: 'present' }],
} as const;

describe('a table', () => {
  const tableOn = (settings: ReturnType<typeof wire>['settings']) =>
    dynamoTable(new DynamoDBClient(settings), 'table');

  test('retries a write that conflicted with a transaction on the same row', async () => {
    const { settings, calls } = wire(refusal('TransactionConflictException'), written);

    const answer = await tableOn(settings).write(put);

    expect(answer).toEqual({ kind: 'written', units: 2 });
    expect(calls()).toBe(2);
  });

  test('retries a transaction that conflicted with another, even if a condition failed too', async () => {
    const { settings, calls } = wire(
      canceled('TransactionConflict', 'None'),
      canceled('TransactionConflict', 'ConditionalCheckFailed'),
      canceled('ThrottlingError', 'None'),
      written,
    );

    const answer = await tableOn(settings).transact([put, check]);

    expect(answer).toEqual({ kind: 'written', units: 6 });
    expect(calls()).toBe(4);
  });

  test('gives up after five conflicts and throws', async () => {
    const { settings, calls } = wire(canceled('TransactionConflict', 'None'));

    await expect(tableOn(settings).transact([put, check])).rejects.toThrow('TransactionCanceledException');
    expect(calls()).toBe(5);
  });

  test('does not retry a refusal', async () => {
    const { settings, calls } = wire(canceled('None', 'ConditionalCheckFailed'));

    const answer = await tableOn(settings).transact([put, check]);

    expect(answer).toEqual({ kind: 'refused', refused: [undefined, 'missing'], units: 6 });
    expect(calls()).toBe(1);
  });

  test('throws errors that are neither a refusal nor a conflict', async () => {
    const { settings } = wire(canceled('ValidationError', 'ConditionalCheckFailed'));

    await expect(tableOn(settings).transact([put, check])).rejects.toThrow('TransactionCanceledException');
  });

  test('uses the units that DynamoDB returns', async () => {
    const body = JSON.stringify({ ConsumedCapacity: { TableName: 'table', CapacityUnits: 7 } });
    const { settings } = wire({ status: 200, body });

    expect((await tableOn(settings).write(put)).units).toBe(7);
    expect((await tableOn(settings).get(key)).units).toBe(7);
  });
});

describe('objects', () => {
  const objectsOn = (settings: ReturnType<typeof wire>['settings']) =>
    textObjects(
      s3Objects(
        new S3Client({ ...settings, forcePathStyle: true, maxAttempts: 1 }),
        parseBucketName('bucket'),
      ),
    );
  const failure = (status: number, code: string): Answer => ({
    status,
    body: `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  });

  test('putIfAbsent is retried while another write is in progress', async () => {
    const { settings, calls } = wire(failure(409, 'ConditionalRequestConflict'), { status: 200 });

    expect(await objectsOn(settings).putIfAbsent('key', 'x')).toBe('written');
    expect(calls()).toBe(2);
  });

  test('putIfAbsent reports that the other writer was first', async () => {
    const { settings } = wire(failure(409, 'ConditionalRequestConflict'), failure(412, 'PreconditionFailed'));

    expect(await objectsOn(settings).putIfAbsent('key', 'x')).toBe('exists');
  });

  test('an empty range is never requested, because S3 would return the whole object', async () => {
    const { settings } = wire({ status: 200, body: 'whole object' });

    expect(await objectsOn(settings).get({ key: 'key' }, { from: 4, to: 4 })).toEqual(new Uint8Array());
  });

  test('after a page that ends with a folder, the next one starts after all keys of that folder', async () => {
    const page = '<Contents><Key>a</Key></Contents><CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>';
    const body = `<ListBucketResult><IsTruncated>true</IsTruncated>${page}</ListBucketResult>`;
    const { settings } = wire({ status: 200, body });

    expect(await objectsOn(settings).list('', { delimiter: '/' })).toMatchObject({ next: 'b/\u{10FFFF}' });
  });

  test('keys are deleted a thousand at a time, which is the limit of S3', async () => {
    const { settings, bodies } = wire({ status: 200, body: '<DeleteResult></DeleteResult>' });

    await objectsOn(settings).delete(Array.from({ length: 2001 }, (_, i) => `${i}`));

    expect(bodies.map((body) => body.split('<Key>').length - 1)).toEqual([1000, 1000, 1]);
  });

  test('a missing permission is an error, not an absent object', async () => {
    const { settings } = wire(failure(403, 'AccessDenied'));

    await expect(objectsOn(settings).get({ key: 'key' })).rejects.toThrow(ObjectForbidden);
    await expect(objectsOn(settings).putIfAbsent('key', 'x')).rejects.toThrow('AccessDenied');
  });

  test('an object that could not be deleted is an error, even if the call succeeded', async () => {
    const error = '<Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error>';
    const { settings } = wire({ status: 200, body: `<DeleteResult>${error}</DeleteResult>` });

    await expect(objectsOn(settings).delete(['a', 'b'])).rejects.toThrow(
      "1 objects were not deleted; the first is 'b': AccessDenied",
    );
  });
});

describe('queues', () => {
  test('entries that failed for any reason are reported by position', async () => {
    const entry = (Id: string) => ({ Id, Code: 'InternalError', SenderFault: false });
    const body = JSON.stringify({ Successful: [], Failed: [entry('2'), entry('0')] });
    const { settings } = wire({ status: 200, body });
    const client = new SQSClient({ ...settings, md5: false });
    const message = { body: '{}', group: 'p' };

    const answer = await sqsQueues(client, { split: 'http://127.0.0.1:9/1/split' }).send('split', [
      message,
      message,
      message,
    ]);

    expect(answer).toEqual({ failed: [0, 2] });
  });

  test('a group that SQS accepts is sent unchanged, any other as its hash', () => {
    expect(messageGroup('tenant-1/a')).toBe('tenant-1/a');
    const hashed = ['', 'a b', 'größe', 'x'.repeat(129), '\n'].map(messageGroup);
    expect(hashed.every((id) => /^[0-9a-f]{64}$/.test(id))).toBe(true);
    expect(new Set(hashed).size).toBe(5);
  });
});
