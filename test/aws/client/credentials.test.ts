import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { cachedCredentials, environmentCredentials } from '../../../functions/aws/client/credentials.ts';
import { signedServices } from '../../../functions/aws/client/signed-services.ts';
import { signedAt } from '../../support/aws-services.ts';
import { webServer } from '../../support/web-server.ts';
import { scriptedService } from './scripted-service.ts';

const get = { TableName: 'table', Key: { pk: { S: 'p' }, sk: { S: 's' } } };
const MINUTE = 60_000;
const notUsed = () => Promise.reject(new Error('not used'));

afterEach(() => {
  vi.restoreAllMocks();
});

/** The endpoint of a container: each response has the next key, valid for this time. */
async function containerEndpoint(validMillis: number) {
  let count = 0;
  const server = await webServer((_request, response) => {
    count += 1;
    const body = {
      AccessKeyId: `key-${count}`,
      SecretAccessKey: 'secret',
      Token: `token-${count}`,
      Expiration: new Date(Date.now() + validMillis).toISOString(),
    };
    response.end(JSON.stringify(body));
  });
  onTestFinished(() => server.close());
  return server;
}

test('variables are read for each request, with the token of the session', async () => {
  const variables = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };
  const source = environmentCredentials(variables);

  expect(await source?.get()).toEqual({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' });
  variables.AWS_ACCESS_KEY_ID = 'b';
  expect(await source?.get()).toMatchObject({ accessKeyId: 'b' });
});

test('there are none without variables', () => {
  expect(environmentCredentials({ AWS_ACCESS_KEY_ID: 'a' })).toBeUndefined();
});

describe('an expired token', () => {
  test.each(['ExpiredToken', 'ExpiredTokenException'])('%s is replaced, once', async (code) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const container = await containerEndpoint(60 * MINUTE);
    const expired = { status: 400, body: JSON.stringify({ __type: code, message: 'expired' }) };
    const service = await scriptedService(expired, {}, expired, expired);
    const services = signedServices(
      {
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: service.url,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/v2/credentials`,
      },
      notUsed,
    );

    await services?.dynamo('GetItem', get);
    await expect(services?.dynamo('GetItem', get)).rejects.toMatchObject({ name: code });

    expect(service.requests.map(({ headers }) => headers['x-amz-security-token'])).toEqual([
      'token-1',
      'token-2',
      'token-2',
      'token-3',
    ]);
  });

  test('of S3, whose errors are XML, is replaced too', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const body = '<Error><Code>ExpiredToken</Code><Message>expired</Message></Error>';
    const service = await scriptedService({ status: 400, body }, { body: 'content' });
    let loads = 0;
    const s3 = signedAt(service.url).s3With(async () => {
      loads += 1;
      return { accessKeyId: 'a', secretAccessKey: 's', sessionToken: `session-${loads}` };
    });

    await s3.get({ bucket: 'b', key: 'k' }, {});

    expect(service.requests.map(({ headers }) => headers['x-amz-security-token'])).toEqual([
      'session-1',
      'session-2',
    ]);
  });
});

describe('the endpoint of a container', () => {
  test('receives the token of its file, also after the file has changed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jobtree-credentials-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'token');
    writeFileSync(file, 'first\n');
    const container = await containerEndpoint(MINUTE);
    const source = environmentCredentials({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
    });

    await source?.get();
    writeFileSync(file, 'second');
    await source?.get();

    const tokens = container.requests.map(({ headers }) => headers.authorization);
    expect(tokens.at(0)).toBe('first');
    expect(tokens.at(-1)).toBe('second');
  });

  test('is asked again if it fails, three times in total', async () => {
    const container = await scriptedService({ status: 500 });
    const source = environmentCredentials({ AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url });

    await expect(source?.get()).rejects.toThrow('returned status 500 instead of credentials');
    expect(container.requests).toHaveLength(3);
  });

  test('must be local or use TLS', () => {
    const sourceAt = (url: string) => environmentCredentials({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url });

    expect(() => sourceAt('http://example.com/')).toThrow("names the host 'example.com'");
    expect(() => sourceAt('http://127.0.0.1.example.com/')).toThrow('must use https');
    for (const url of ['https://example.com/', 'http://169.254.170.23/', 'http://[::1]:80/'])
      expect(sourceAt(url)).toBeDefined();
  });
});

describe('cached credentials', () => {
  const expiring = (expiresAt: number, name = 'a') => ({
    accessKeyId: name,
    secretAccessKey: 's',
    expiresAt,
  });

  test('are loaded once for concurrent requests', async () => {
    const load = vi.fn(async () => expiring(Date.now() + 60 * MINUTE));
    const source = cachedCredentials(load);

    await Promise.all([source.get(), source.get(), source.get()]);

    expect(load).toHaveBeenCalledTimes(1);
  });

  test('are renewed five minutes before they expire', async () => {
    const load = vi
      .fn<() => Promise<ReturnType<typeof expiring>>>()
      .mockResolvedValueOnce(expiring(Date.now() + 4 * MINUTE))
      .mockResolvedValue(expiring(Date.now() + 60 * MINUTE, 'b'));
    const source = cachedCredentials(load);

    const [first, second] = await Promise.all([source.get(), source.get()]);

    expect([first, second].map(({ accessKeyId }) => accessKeyId)).toEqual(['b', 'b']);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test('stay in use while they cannot be renewed', async () => {
    const load = vi
      .fn<() => Promise<ReturnType<typeof expiring>>>()
      .mockResolvedValueOnce(expiring(Date.now() + 4 * MINUTE))
      .mockRejectedValue(new Error('busy'));

    expect(await cachedCredentials(load).get()).toMatchObject({ accessKeyId: 'a' });
  });

  test('are loaded again after a failure', async () => {
    const load = vi
      .fn<() => Promise<ReturnType<typeof expiring>>>()
      .mockRejectedValueOnce(new Error('busy'))
      .mockResolvedValue(expiring(Date.now() + 60 * MINUTE));
    const source = cachedCredentials(load);

    await expect(source.get()).rejects.toThrow('busy');

    expect(await source.get()).toMatchObject({ accessKeyId: 'a' });
  });
});
