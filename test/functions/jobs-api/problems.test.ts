import { describe, expect, test } from 'vitest';
import { apiWorld, BODY, eventOf, JOBS } from './api-world.ts';

const J1 = `${JOBS}/j1`;

describe('a problem', () => {
  test('has all members of the contract', async () => {
    const { headers, body } = await apiWorld().call('GET', `${JOBS}/a%20b`);

    expect(headers['Content-Type']).toBe('application/problem+json');
    expect(body).toEqual({
      type: '/docs/reference/http-api#not-found',
      title: 'The resource does not exist',
      status: 404,
      detail: "job 'a b' does not exist in partition 'p1'",
      message: "job 'a b' does not exist in partition 'p1'",
      instance: `${JOBS}/a%20b`,
      code: 'not-found',
      requestId: 'request-1',
    });
  });

  test.each([
    ['the stage of AWS', '/v1/partitions/p1/jobs', 'https://api.test/v1'],
    ['a custom domain', '/partitions/p1/jobs', 'https://api.test'],
    [
      'a base path of a custom domain',
      '/batch/jobs-api/partitions/p1/jobs',
      'https://api.test/batch/jobs-api',
    ],
  ])('has a type that is the address of its page below %s', async (_, path, base) => {
    const event = eventOf('GET', JOBS, { query: 'wrong=1' });
    const requestContext = { ...event.requestContext, domainName: 'api.test', path };

    const { body } = await apiWorld().send({ ...event, requestContext });

    expect(body.type).toBe(`${base}/docs/reference/http-api#invalid-request`);
  });

  test('has such a type for an unknown route, too', async () => {
    const event = eventOf('GET', '/no/such/route');
    const requestContext = { ...event.requestContext, domainName: 'api.test', path: '/v1/no/such/route' };

    const { body } = await apiWorld().sendUnchecked({ ...event, requestContext });

    expect(body.type).toBe('https://api.test/v1/docs/reference/http-api#not-found');
  });

  test('has a type below the address of the caller on an emulator', async () => {
    const event = eventOf('GET', JOBS, { query: 'wrong=1', headers: { Host: '127.0.0.1:4566' } });
    const requestContext = { ...event.requestContext, apiId: 'a1', stage: 'v1' };

    const { body } = await apiWorld({ isEmulated: true }).send({ ...event, requestContext });

    expect(body.type).toMatch('http://127.0.0.1:4566/restapis/a1/v1/_user_request_/docs/reference/http-api#');
  });

  test('of a store that cannot be reached is a 503 to try again', async () => {
    const gone = () => Promise.reject(new Error('socket closed, secret'));
    const world = apiWorld({ table: { get: gone, write: gone, transact: gone, query: gone } });

    const { status, headers, body } = await world.call('GET', J1);

    expect([status, body.code, headers['Retry-After']]).toEqual([503, 'store-unreachable', '1']);
    expect(body.detail).not.toContain('secret');
    expect(world.log.records[0]).toMatchObject({
      level: 'alarm',
      fields: { reason: 'socket closed, secret' },
    });
  });

  test('of a bug is a 500 whose details appear only in the log', async () => {
    const world = apiWorld({
      clock: { now: () => 1, sleep: async () => undefined },
      random: {
        next: () => 0,
        id: () => {
          throw new TypeError('inner');
        },
      },
    });

    // No document promises a 500.
    const { status, text } = await world.sendUnchecked(eventOf('POST', JOBS, { body: BODY }));

    expect(status).toBe(500);
    expect(text).not.toContain('inner');
    expect(world.log.messages('alarm')).toEqual(['request failed']);
  });
});
