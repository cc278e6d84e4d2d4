import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { exchange } from '../../../functions/aws/client/exchange.ts';
import { signedServices } from '../../../functions/aws/client/signed-services.ts';
import { servicesFor } from '../../../functions/aws/services.ts';
import { clients, signedAt } from '../../support/aws-services.ts';
import { closeServer, listening, webServer } from '../../support/web-server.ts';
import { scriptedService } from './scripted-service.ts';

const get = { TableName: 'table', Key: { pk: { S: 'p' }, sk: { S: 's' } } };
const MINUTE = 60_000;

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const problem = (code: string, status = 400, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: JSON.stringify({ __type: code, message: code }),
});

describe('clocks', () => {
  const timeIn = (text: unknown) =>
    Date.parse(String(text).replace(/^(....)(..)(.....)(..)/, '$1-$2-$3:$4:'));

  test.each(Object.entries(clients))('%s corrects the difference of its clock', async (_, servicesAt) => {
    const serviceTime = Date.now() + 17 * MINUTE;
    const headers = { date: new Date(serviceTime).toUTCString() };
    const service = await scriptedService(problem('InvalidSignatureException', 400, headers), { headers });
    const { dynamo } = servicesAt(service.url);

    await dynamo('GetItem', get);
    await dynamo('GetItem', get);

    const times = service.requests.map(({ headers: sent }) => timeIn(sent['x-amz-date']));
    expect(times).toHaveLength(3);
    expect(Math.abs((times[0] ?? 0) - Date.now())).toBeLessThan(MINUTE);
    for (const time of times.slice(1)) expect(Math.abs(time - serviceTime)).toBeLessThan(MINUTE);
  });

  test('a signature that is refused for another reason is not sent again', async () => {
    const service = await scriptedService(
      problem('InvalidSignatureException', 400, { date: new Date().toUTCString() }),
    );

    await expect(signedAt(service.url).dynamo('GetItem', get)).rejects.toThrow('InvalidSignatureException');
    expect(service.requests).toHaveLength(1);
  });

  test('concurrent requests that were all refused are all sent again', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const serviceTime = Date.now() - 60 * MINUTE;
    const server = await webServer((_request, response) => {
      const sentTime = timeIn(server.requests.at(-1)?.headers['x-amz-date']);
      const isRefused = Math.abs(sentTime - serviceTime) > 15 * MINUTE;
      response.writeHead(isRefused ? 403 : 200, { date: new Date(serviceTime).toUTCString() });
      response.end(isRefused ? '{"__type":"RequestTimeTooSkewed"}' : '{}');
    });
    const { dynamo } = signedAt(server.url);

    await Promise.all([1, 2, 3].map(() => dynamo('GetItem', get)));

    expect(server.requests).toHaveLength(6);
    await server.close();
  });
});

describe('the trace of a chain of invocations', () => {
  const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0;Lineage=1:2:3';
  const inLambda = { AWS_LAMBDA_FUNCTION_NAME: 'track-results', _X_AMZN_TRACE_ID: trace };

  test('is sent with each call, also to SQS and S3', async () => {
    const service = await scriptedService({});
    const { dynamo, sqs, s3, states } = signedAt(service.url, inLambda);

    await dynamo('GetItem', get);
    await sqs('SendMessageBatch', { QueueUrl: `${service.url}/1/q`, Entries: [] });
    await s3.put({ bucket: 'b', key: 'k' }, new Uint8Array(), {});
    await states('SendTaskSuccess', { taskToken: 't', output: '{}' });

    expect(service.requests.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual(Array(4).fill(trace));
    for (const { headers } of service.requests)
      expect(headers.authorization).not.toContain('x-amzn-trace-id');
  });

  test('is the one of the current invocation', async () => {
    const service = await scriptedService({});
    const variables: Record<string, string> = {
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: service.url,
      AWS_ACCESS_KEY_ID: 'k',
      AWS_SECRET_ACCESS_KEY: 's',
      ...inLambda,
    };
    const services = signedServices(variables, () => Promise.reject(new Error('not used')));

    await services?.dynamo('GetItem', get);
    variables['_X_AMZN_TRACE_ID'] = 'Root=1-2';
    await services?.dynamo('GetItem', get);

    expect(service.requests.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual([trace, 'Root=1-2']);
  });

  test('belongs to each invocation where one process runs several at once', async () => {
    const service = await scriptedService({});
    vi.stubGlobal('awslambda', { InvokeStore: { getXRayTraceId: () => 'Root=1-of-this' } });

    await signedAt(service.url, inLambda).dynamo('GetItem', get);

    expect(service.requests[0]?.headers['x-amzn-trace-id']).toBe('Root=1-of-this');
  });

  test('is the same header that the SDK sends', async () => {
    const service = await scriptedService({});
    for (const [name, value] of Object.entries(inLambda)) vi.stubEnv(name, value);

    await clients['the SDK'](service.url).dynamo('GetItem', get);

    expect(service.requests[0]?.headers['x-amzn-trace-id']).toBe(trace);
  });

  test('is not sent outside of Lambda', async () => {
    const service = await scriptedService({});

    await signedAt(service.url).dynamo('GetItem', get);

    expect(service.requests[0]?.headers['x-amzn-trace-id']).toBeUndefined();
  });
});

describe('time limits', () => {
  test.each(['ECONNREFUSED', 'TimeoutError'])(
    'a service that cannot be reached is an error: %s',
    async (code) => {
      vi.spyOn(Math, 'random').mockReturnValue(0);
      const service = await scriptedService({ isSilent: true });
      if (code === 'ECONNREFUSED') await service.close();
      const request = {
        method: 'GET',
        endpoint: new URL(service.url),
        path: '/',
        headers: {},
        body: new Uint8Array(),
      } as const;

      const sent = exchange(request, { connectMillis: 1000, idleMillis: 50 });

      await expect(sent).rejects.toMatchObject(code === 'TimeoutError' ? { name: code } : { code });
    },
  );

  test('a slow response is not stopped while bytes arrive', async () => {
    const server = await webServer(async (_request, response) => {
      for (let part = 0; part < 5; part += 1) {
        response.write('x');
        await sleep(40);
      }
      response.end();
    });
    const request = {
      method: 'GET',
      endpoint: new URL(server.url),
      path: '/',
      headers: {},
      body: new Uint8Array(),
    } as const;

    const { body } = await exchange(request, { connectMillis: 1000, idleMillis: 150 });

    expect(body.toString()).toBe('xxxxx');
    await server.close();
  });

  test('connections are used again', async () => {
    const ports = new Set<number | undefined>();
    const server = createServer((request, response) => {
      ports.add(request.socket.remotePort);
      request.resume().on('end', () => response.end('{}'));
    });
    const { dynamo } = signedAt(await listening(server));

    for (let n = 0; n < 3; n += 1) await dynamo('GetItem', get);

    expect(ports.size).toBe(1);
    await closeServer(server);
  });
});

describe('the variable JOBTREE_AWS_CLIENT', () => {
  const variables = (url: string) => ({
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'k',
    AWS_SECRET_ACCESS_KEY: 's',
  });
  const agentOf = async (more: Record<string, string>) => {
    const service = await scriptedService({});
    const all = { ...variables(service.url), ...more };
    for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
    await servicesFor(all).dynamo('GetItem', get);
    return service.requests[0]?.headers['user-agent'];
  };

  test('selects the clients', async () => {
    expect(await agentOf({})).toBe('jobtree');
    expect(await agentOf({ JOBTREE_AWS_CLIENT: 'signed' })).toBe('jobtree');
    expect(await agentOf({ JOBTREE_AWS_CLIENT: 'sdk' })).toContain('aws-sdk-js');
  });

  test('has two values', () => {
    expect(() => servicesFor({ JOBTREE_AWS_CLIENT: 'fast' })).toThrow(
      "environment variable JOBTREE_AWS_CLIENT has the value 'fast'; allowed are signed, sdk",
    );
  });

  test.each([
    ['AWS_REGION', 'us-iso-east-1'],
    ['AWS_USE_FIPS_ENDPOINT', 'true'],
    ['AWS_USE_DUALSTACK_ENDPOINT', 'true'],
  ])('is without effect if only the SDK supports %s=%s', (name, value) => {
    const all = { ...variables('http://127.0.0.1:9'), [name]: value };

    expect(signedServices(all, () => Promise.reject(new Error('not used')))).toBeUndefined();
  });
});
