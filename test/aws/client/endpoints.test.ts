import { describe, expect, test } from 'vitest';
import { endpointOf, hasUsualEndpoints } from '../../../functions/aws/client/endpoints.ts';
import type { HttpResponse } from '../../../functions/aws/client/exchange.ts';
import { s3Calls } from '../../../functions/aws/client/s3-calls.ts';
import type { ServiceRequest, SignedClient } from '../../../functions/aws/client/signed-client.ts';
import { signedAt } from '../../support/aws-services.ts';
import { scriptedService } from './scripted-service.ts';

const href = (...args: Parameters<typeof endpointOf>) => endpointOf(...args).url.href;

test.each([
  ['dynamodb', 'eu-central-1', 'https://dynamodb.eu-central-1.amazonaws.com/'],
  ['sqs', 'us-east-1', 'https://sqs.us-east-1.amazonaws.com/'],
  ['states', 'us-gov-west-1', 'https://states.us-gov-west-1.amazonaws.com/'],
  ['s3', 'cn-north-1', 'https://s3.cn-north-1.amazonaws.com.cn/'],
] as const)('%s in %s is at %s', (service, region, url) => {
  expect(href(service, region, {})).toBe(url);
  expect(hasUsualEndpoints(region, {})).toBe(true);
});

test('a variable for all services, or for one, sets the endpoint', async () => {
  const [all, queues] = await Promise.all([scriptedService({}), scriptedService({})]);
  const services = signedAt(all.url, { AWS_ENDPOINT_URL_SQS: queues.url });

  await services.dynamo('Query', { TableName: 'table' });
  await services.sqs('GetQueueAttributes', { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/1/q' });

  expect(all.requests.map(({ headers }) => headers['x-amz-target'])).toEqual(['DynamoDB_20120810.Query']);
  expect(queues.requests.map(({ headers }) => headers['x-amz-target'])).toEqual([
    'AmazonSQS.GetQueueAttributes',
  ]);
});

test('the variables have the names that the SDK uses', () => {
  const variables = {
    AWS_ENDPOINT_URL_DYNAMODB: 'http://d',
    AWS_ENDPOINT_URL_S3: 'http://s',
    AWS_ENDPOINT_URL_SFN: 'http://f',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://m',
    AWS_ENDPOINT_URL_STS: 'http://t',
  };

  expect(href('dynamodb', 'us-east-1', variables)).toBe('http://d/');
  expect(href('s3', 'us-east-1', variables)).toBe('http://s/');
  expect(href('states', 'us-east-1', variables)).toBe('http://f/');
  expect(href('secretsmanager', 'us-east-1', variables)).toBe('http://m/');
  expect(href('sts', 'us-east-1', variables)).toBe('http://t/');
  const ignoring = { ...variables, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
  expect(href('sts', 'us-east-1', ignoring)).toBe('https://sts.us-east-1.amazonaws.com/');
});

describe('the address of an object', () => {
  /** Returns what is requested. */
  async function requested(bucket: string, key: string, endpoint?: string): Promise<string> {
    const sent: ServiceRequest[] = [];
    const client: SignedClient = async (request, read) => {
      sent.push(request);
      return read({ status: 200, headers: {}, body: Buffer.alloc(0) } satisfies HttpResponse);
    };
    const at = endpointOf('s3', 'eu-west-1', endpoint === undefined ? {} : { AWS_ENDPOINT_URL: endpoint });
    await s3Calls(client, at, () => Promise.reject(new Error('not used'))).head({ bucket, key });
    return `${sent[0]?.endpoint?.origin}${sent[0]?.path}`;
  }

  test('has the bucket in its host name', async () => {
    expect(await requested('own', 'a/b')).toBe('https://own.s3.eu-west-1.amazonaws.com/a/b');
  });

  test('has the bucket in its path if a certificate could not cover the host name', async () => {
    expect(await requested('my.own', 'a')).toBe('https://s3.eu-west-1.amazonaws.com/my.own/a');
  });

  test('has the bucket in its path on an emulator, below the path of the emulator', async () => {
    expect(await requested('own', 'a', 'http://127.0.0.1:4566')).toBe('http://127.0.0.1:4566/own/a');
    expect(await requested('own', 'a', 'http://127.0.0.1/aws/')).toBe('http://127.0.0.1/aws/own/a');
  });

  test('keeps every character of the key', async () => {
    expect(await requested('b', "//a/../ü +%&=?#'()*!~")).toBe(
      'https://b.s3.eu-west-1.amazonaws.com///a/../%C3%BC%20%2B%25%26%3D%3F%23%27%28%29%2A%21~',
    );
  });
});
