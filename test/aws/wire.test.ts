import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseBucketName } from '#core/object-address.ts';
import { ObjectForbidden } from '#core/ports.ts';
import { s3Objects } from '../../functions/aws/objects.ts';
import { sqsQueues } from '../../functions/aws/queues.ts';
import { dynamoTable } from '../../functions/aws/table.ts';
import { messageGroup } from '../../functions/store/message-group.ts';
import { clients } from '../support/aws-services.ts';
import { textObjects } from '../support/text-objects.ts';
import { type ScriptedResponse, scriptedService } from './client/scripted-service.ts';

/** Responses that emulators never give. */
const refusal = (type: string, more: object = {}): ScriptedResponse => ({
  status: 400,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: type, ...more }),
});
const canceled = (...Codes: string[]) =>
  refusal('TransactionCanceledException', { CancellationReasons: Codes.map((Code) => ({ Code })) });
const written: ScriptedResponse = { status: 200, body: '{}' };

const key = { pk: 'P#p', sk: 'JOB' };
const put = { kind: 'put', row: { ...key, text: 'x'.repeat(1500) } } as const;
const check = {
  kind: 'check',
  key: { ...key, sk: 'OTHER' },
  when: [{ attribute: 'pk', is: 'present' }],
} as const;

// Delays are random, and zero here.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(Object.entries(clients))('a table, with %s', (_, servicesAt) => {
  const tableOn = (url: string) => dynamoTable(servicesAt(url).dynamo, 'table');

  test('retries a write that conflicted with a transaction on the same row', async () => {
    const service = await scriptedService(refusal('TransactionConflictException'), written);

    const answer = await tableOn(service.url).write(put);

    expect(answer).toEqual({ kind: 'written', units: 2 });
    expect(service.requests).toHaveLength(2);
  });

  test('retries a transaction that conflicted with another, even if a condition failed too', async () => {
    const service = await scriptedService(
      canceled('TransactionConflict', 'None'),
      canceled('TransactionConflict', 'ConditionalCheckFailed'),
      canceled('ThrottlingError', 'None'),
      written,
    );

    const answer = await tableOn(service.url).transact([put, check]);

    expect(answer).toEqual({ kind: 'written', units: 6 });
    expect(service.requests).toHaveLength(4);
  });

  test('gives up after five conflicts and throws', async () => {
    const service = await scriptedService(canceled('TransactionConflict', 'None'));

    await expect(tableOn(service.url).transact([put, check])).rejects.toThrow('TransactionCanceledException');
    expect(service.requests).toHaveLength(5);
  });

  test('does not retry a refusal', async () => {
    const service = await scriptedService(canceled('None', 'ConditionalCheckFailed'));

    const answer = await tableOn(service.url).transact([put, check]);

    expect(answer).toEqual({ kind: 'refused', refused: [undefined, 'missing'], units: 6 });
    expect(service.requests).toHaveLength(1);
  });

  test('throws errors that are neither a refusal nor a conflict', async () => {
    const service = await scriptedService(canceled('ValidationError', 'ConditionalCheckFailed'));

    await expect(tableOn(service.url).transact([put, check])).rejects.toThrow('TransactionCanceledException');
  });

  test('uses the units that DynamoDB returns', async () => {
    const body = JSON.stringify({ ConsumedCapacity: { TableName: 'table', CapacityUnits: 7 } });
    const service = await scriptedService({ status: 200, body });

    expect((await tableOn(service.url).write(put)).units).toBe(7);
    expect((await tableOn(service.url).get(key)).units).toBe(7);
  });
});

describe.each(Object.entries(clients))('objects, with %s', (_, servicesAt) => {
  const objectsOn = (url: string) => textObjects(s3Objects(servicesAt(url).s3, parseBucketName('bucket')));
  const failure = (status: number, code: string): ScriptedResponse => ({
    status,
    body: `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  });

  test('putIfAbsent is retried while another write is in progress', async () => {
    const service = await scriptedService(failure(409, 'ConditionalRequestConflict'), { status: 200 });

    expect(await objectsOn(service.url).putIfAbsent('key', 'x')).toBe('written');
    expect(service.requests).toHaveLength(2);
  });

  test('putIfAbsent reports that the other writer was first', async () => {
    const service = await scriptedService(
      failure(409, 'ConditionalRequestConflict'),
      failure(412, 'PreconditionFailed'),
    );

    expect(await objectsOn(service.url).putIfAbsent('key', 'x')).toBe('exists');
  });

  test('an empty range is never requested, because S3 would return the whole object', async () => {
    const service = await scriptedService({ status: 200, body: 'whole object' });

    expect(await objectsOn(service.url).get({ key: 'key' }, { from: 4, to: 4 })).toEqual(new Uint8Array());
  });

  test('after a page that ends with a folder, the next one starts after all keys of that folder', async () => {
    const page = '<Contents><Key>a</Key></Contents><CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>';
    const body = `<ListBucketResult><IsTruncated>true</IsTruncated>${page}</ListBucketResult>`;
    const service = await scriptedService({ status: 200, body });

    expect(await objectsOn(service.url).list('', { delimiter: '/' })).toMatchObject({ next: 'b/\u{10FFFF}' });
  });

  test('keys are deleted a thousand at a time, which is the limit of S3', async () => {
    const service = await scriptedService({ status: 200, body: '<DeleteResult></DeleteResult>' });

    await objectsOn(service.url).delete(Array.from({ length: 2001 }, (_, i) => `${i}`));

    expect(service.requests.map(({ body }) => body.split('<Key>').length - 1)).toEqual([1000, 1000, 1]);
  });

  test('a missing permission is an error, not an absent object', async () => {
    const service = await scriptedService(failure(403, 'AccessDenied'));

    await expect(objectsOn(service.url).get({ key: 'key' })).rejects.toThrow(ObjectForbidden);
    await expect(objectsOn(service.url).putIfAbsent('key', 'x')).rejects.toThrow('AccessDenied');
  });

  test('an object that could not be deleted is an error, even if the call succeeded', async () => {
    const error = '<Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error>';
    const service = await scriptedService({ status: 200, body: `<DeleteResult>${error}</DeleteResult>` });

    await expect(objectsOn(service.url).delete(['a', 'b'])).rejects.toThrow(
      "1 objects were not deleted; the first is 'b': AccessDenied",
    );
  });
});

describe.each(Object.entries(clients))('queues, with %s', (_, servicesAt) => {
  test('entries that failed for any reason are reported by position', async () => {
    const entry = (Id: string) => ({ Id, Code: 'InternalError', SenderFault: false });
    const body = JSON.stringify({ Successful: [], Failed: [entry('2'), entry('0')] });
    const service = await scriptedService({ status: 200, body });
    const message = { body: '{}', group: 'p' };

    const answer = await sqsQueues(servicesAt(service.url).sqs, { split: `${service.url}/1/split` }).send(
      'split',
      [message, message, message],
    );

    expect(answer).toEqual({ failed: [0, 2] });
  });
});

test('a group that SQS accepts is sent unchanged, any other as its hash', () => {
  expect(messageGroup('tenant-1/a')).toBe('tenant-1/a');
  const hashed = ['', 'a b', 'größe', 'x'.repeat(129), '\n'].map(messageGroup);
  expect(hashed.every((id) => /^[0-9a-f]{64}$/.test(id))).toBe(true);
  expect(new Set(hashed).size).toBe(5);
});
