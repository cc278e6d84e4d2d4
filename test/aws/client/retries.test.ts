import { describe, expect, test, vi } from 'vitest';
import { RetryBudget, retryDelay, retryKind } from '../../../functions/aws/client/retry-rules.ts';
import { clients, signedAt } from '../../support/aws-services.ts';
import { type ScriptedResponse, scriptedService } from './scripted-service.ts';

const get = { TableName: 'table', Key: { pk: { S: 'p' }, sk: { S: 's' } } };
const failure = (status: number, code: string, more: ScriptedResponse = {}): ScriptedResponse => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: 'no' }),
  ...more,
});
const page: ScriptedResponse = { status: 503, body: '<html>Service Unavailable</html>' };
const found: ScriptedResponse = { body: '{"Item":{"pk":{"S":"p"}}}' };

/** Delays are random up to a second, and zero here. */
function withoutDelays(): void {
  vi.spyOn(Math, 'random').mockReturnValue(0);
}

describe.each(Object.entries(clients))('%s', (_, servicesAt) => {
  test.each([
    ['throttling', failure(400, 'ThrottlingException')],
    ['a busy partition', failure(400, 'ProvisionedThroughputExceededException')],
    ['status 429', failure(429, 'Anything')],
    ['an error of the service', failure(500, 'InternalServerError')],
    ['the page of a proxy', page],
    ['a response that is cut off', { ...found, cutAfter: 10 }],
    ['a response that is cut off before its body', { ...found, cutAfter: 0 }],
  ])('retries %s', async (_name, first) => {
    withoutDelays();
    const service = await scriptedService(first, first, first, found);

    const output = await servicesAt(service.url).dynamo('GetItem', get);

    expect(output.Item).toEqual({ pk: { S: 'p' } });
    expect(service.requests).toHaveLength(4);
  });

  test.each([
    ['a refusal', failure(400, 'ConditionalCheckFailedException'), 'ConditionalCheckFailedException'],
    ['a request that is not valid', failure(400, 'ValidationException'), 'ValidationException'],
    ['a missing permission', failure(400, 'AccessDeniedException'), 'AccessDeniedException'],
  ])('does not retry %s', async (_name, response, name) => {
    const service = await scriptedService(response);

    await expect(servicesAt(service.url).dynamo('GetItem', get)).rejects.toMatchObject({
      name,
      message: 'no',
      $metadata: { httpStatusCode: 400 },
    });
    expect(service.requests).toHaveLength(1);
  });

  test('gives up after four attempts, with the last error', async () => {
    withoutDelays();
    const service = await scriptedService(failure(400, 'ThrottlingException'));

    await expect(servicesAt(service.url).dynamo('GetItem', get)).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    expect(service.requests).toHaveLength(4);
  });

  test('waits as long as the response requests', async () => {
    withoutDelays();
    const busy = failure(503, 'SlowDown', { headers: { 'retry-after': '0.3' } });
    const service = await scriptedService(busy, found);
    const start = performance.now();

    await servicesAt(service.url).dynamo('GetItem', get);

    expect(performance.now() - start).toBeGreaterThanOrEqual(295);
  });

  test('a repeated transaction has the same token, so that it is not written twice', async () => {
    withoutDelays();
    const service = await scriptedService(failure(500, 'InternalServerError'), found);

    await servicesAt(service.url).dynamo('TransactWriteItems', {
      TransactItems: [{ Delete: get }],
      ClientRequestToken: 'once',
    });

    expect(service.requests.map(({ body }) => JSON.parse(body).ClientRequestToken)).toEqual(['once', 'once']);
  });

  test('retries stop when the budget is used up', async () => {
    withoutDelays();
    const service = await scriptedService(failure(500, 'InternalServerError'));
    const { dynamo } = servicesAt(service.url);

    for (let n = 0; n < 12; n += 1) await expect(dynamo('GetItem', get)).rejects.toThrow();
    const before = service.requests.length;
    await expect(dynamo('GetItem', get)).rejects.toThrow();

    // 500 tokens are 35 retries at 14 tokens each.
    expect(before).toBe(12 + 35);
    expect(service.requests.length).toBe(before + 1);
  });
});

test('a response with another checksum is retried', async () => {
  withoutDelays();
  const service = await scriptedService({ ...found, headers: { 'x-amz-crc32': '1' } }, found);

  await signedAt(service.url).dynamo('GetItem', get);

  expect(service.requests).toHaveLength(2);
});

test('a response that is not JSON is retried, then an error', async () => {
  withoutDelays();
  const service = await scriptedService({ body: '{"Item":' });

  await expect(signedAt(service.url).dynamo('GetItem', get)).rejects.toMatchObject({
    name: 'BrokenResponse',
  });
  expect(service.requests).toHaveLength(4);
});

describe('the delay', () => {
  test('doubles with each retry and is random', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);

    expect([0, 1, 2].map((retries) => retryDelay('transient', { retries }))).toEqual([25, 50, 100]);
    expect([0, 1, 2].map((retries) => retryDelay('throttling', { retries }))).toEqual([500, 1000, 2000]);
    expect(retryDelay('throttling', { retries: 30 })).toBe(10_000);
  });

  test('is extended by a response, by five seconds at most', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const delayFor = (headers: Record<string, string>) => retryDelay('transient', { retries: 0, headers });

    expect(delayFor({ 'retry-after': '2' })).toBe(2000);
    expect(delayFor({ 'retry-after': '3600' })).toBe(5000);
    expect(delayFor({ 'retry-after': new Date(Date.now() - 9000).toUTCString() })).toBe(0);
    expect(delayFor({ 'retry-after': 'soon' })).toBe(0);
    expect(delayFor({ 'x-amz-retry-after': '700' })).toBe(700);
  });
});

test('a success gives the cost of its last retry back to the budget', () => {
  const budget = new RetryBudget();
  const costs = Array.from({ length: 36 }, () => budget.spend('transient'));

  expect(costs.filter((cost) => cost === 14)).toHaveLength(35);
  expect(costs.at(-1)).toBeUndefined();
  budget.refill(14);
  expect(budget.spend('transient')).toBe(14);
  expect(budget.spend('throttling')).toBe(5);
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])(
  'the network error %s is retried',
  (code) => {
    expect(retryKind(Object.assign(new Error('network'), { code }))).toBe('transient');
  },
);
