import {
  ConnectionError,
  InvalidRequestError,
  JobtreeError,
  NotAllowedError,
  ServiceError,
  ThrottledError,
} from 'jobtree/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { token } from '../../functions/jobs-api/tokens.ts';
import { aService, type Interference, type Sent } from './a-service.ts';
import { errorInVirtualTime, inVirtualTime, useVirtualTime } from './virtual-time.ts';

const REQUEST = {
  batch: { splitter: 'range', definition: { from: 0, to: 3 }, worker: 'rehearse' },
};

beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

const busy = (status: number, headers: Record<string, string> = {}) =>
  new Response('busy', { status, headers });

/** Interferes with the first requests, and notes when each was sent. */
function failing(times: number, fail: (request: Sent) => Response) {
  const at: number[] = [];
  const interfere: Interference = (request, count) => {
    at.push(Date.now());
    return count <= times ? fail(request) : undefined;
  };
  return { ...aService({ interfere }), at };
}

const noNetwork = (): never => {
  throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') });
};

describe('a request', () => {
  test.each([429, 502, 503, 504])('is repeated with growing delays after %i', async (status) => {
    const service = failing(3, () => busy(status));

    const health = await inVirtualTime(service.client().health());

    const [first = 0, second = 0, third = 0, fourth = 0] = service.at;
    expect(health.status).toBe('ok');
    expect(service.at).toHaveLength(4);
    expect(second - first).toBeGreaterThanOrEqual(100);
    expect(fourth - third).toBeGreaterThan(second - first);
    expect(fourth - third).toBeLessThan(1_500);
  });

  test('is repeated if the network fails, and states the reason in the end', async () => {
    const recovering = failing(4, noNetwork);
    const dead = failing(99, noNetwork);

    const health = await inVirtualTime(recovering.client().health());
    const error = await errorInVirtualTime(dead.client().health());

    expect(health.status).toBe('ok');
    expect(dead.at).toHaveLength(5);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({
      code: 'unreachable',
      status: 0,
      detail: expect.stringContaining('connect ECONNREFUSED 127.0.0.1:1'),
    });
  });

  test('is repeated if the connection breaks while the body arrives', async () => {
    const broken = () => {
      const body = new ReadableStream({ start: (controller) => controller.error(new Error('reset')) });
      return new Response(body, { status: 200 });
    };
    const service = failing(2, broken);

    expect((await inVirtualTime(service.client().health())).status).toBe('ok');
    expect(service.at).toHaveLength(3);
  });

  test('to an address that is not an API is an error that says so', async () => {
    const website = failing(1, () => new Response('<!doctype html>', { status: 200 }));

    expect(await errorInVirtualTime(website.client().health())).toMatchObject({
      code: 'not-json',
      message: expect.stringMatching(/did not respond with JSON: '<!doctype html>'; check that/),
    });
  });

  test.each(['', '.', '..'])("is not sent if an id is '%s', which would change the path", async (id) => {
    const service = aService();

    expect(await errorInVirtualTime(service.client().job(id).delete())).toMatchObject({
      message: `not a valid id: '${id}'`,
    });
    expect(service.sent).toEqual([]);
  });

  test('waits for the time of Retry-After, in seconds or as a date, unless it is too long', async () => {
    const seconds = failing(1, () => busy(429, { 'retry-after': '7' }));
    const date = failing(1, () => busy(503, { 'retry-after': new Date(Date.now() + 12_000).toUTCString() }));
    const long = failing(1, () => busy(429, { 'retry-after': '3600' }));

    await inVirtualTime(seconds.client().health());
    await inVirtualTime(date.client().health());
    const error = await errorInVirtualTime(long.client().health());

    const wait = ([first = 0, second = 0]: number[]) => Math.round((second - first) / 1000);
    expect(wait(seconds.at)).toBe(7);
    expect([11, 12]).toContain(wait(date.at));
    expect(long.at).toHaveLength(1);
    expect(error).toBeInstanceOf(ThrottledError);
    expect(error).toMatchObject({ retryAfterSeconds: 3600 });
  });

  test('is not repeated after other errors', async () => {
    const broken = failing(1, () => new Response('<h1>Oops</h1>', { status: 500 }));

    const error = await errorInVirtualTime(broken.client().health());

    expect(broken.at).toHaveLength(1);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ code: 'http-500', message: expect.stringContaining('<h1>Oops</h1>') });
  });

  test('ends at once when its signal is aborted, also between retries', async () => {
    const service = failing(99, () => busy(503));
    const controller = new AbortController();
    const health = service.client().health({ signal: controller.signal });
    setTimeout(() => controller.abort(new Error('stopped by the user')), 150);

    expect(await errorInVirtualTime(health)).toMatchObject({ message: 'stopped by the user' });
    expect(service.at.length).toBeLessThan(3);
  });
});

describe('a creation', () => {
  /** Carries the first requests out, and loses their responses. */
  function losing(times: number) {
    const service = aService({
      interfere: async (request, count) => {
        if (count > times) return undefined;
        await answerTo(service, request);
        return noNetwork();
      },
    });
    return service;
  }

  async function answerTo(service: ReturnType<typeof aService>, { method, target, headers, body }: Sent) {
    await service.api.call(method, target, {
      token: null,
      headers: Object.fromEntries(headers),
      ...(body === '' ? {} : { body }),
    });
  }

  test('whose response is lost does not create a second job', async () => {
    const service = losing(2);

    const job = await inVirtualTime(service.client().createJob(REQUEST));
    const jobs = await inVirtualTime(service.client().jobs().toArray());

    expect(jobs.map(({ id }) => id)).toEqual([job.id]);
    expect(new Set(service.sent.slice(0, 3).map(({ headers }) => headers.get('idempotency-key'))).size).toBe(
      1,
    );
  });

  test('with an id, and a deletion, succeed although their responses are lost', async () => {
    const service = losing(1);
    const job = await inVirtualTime(service.client().createJob(REQUEST, { id: 'mine' }));
    service.sent.length = 0;

    await inVirtualTime(job.delete());

    expect(job.id).toBe('mine');
    expect(await inVirtualTime(service.client().jobs().toArray())).toEqual([]);
  });

  test('with different keys creates different jobs, and with the same key one', async () => {
    const service = aService();
    const create = async (idempotencyKey?: string) =>
      (await inVirtualTime(service.client().createJob(REQUEST, { idempotencyKey }))).id;

    const ids = [await create('a'), await create('a'), await create('b'), await create(), await create()];

    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(4);
  });
});

test('an action that is not safe to repeat is repeated only if the service throttled it', async () => {
  const throttled = failing(2, () => busy(429));
  const broken = failing(2, () => busy(503));

  const missing = await errorInVirtualTime(throttled.client().job('j').retry());
  const failed = await errorInVirtualTime(broken.client().job('j').retry());

  expect(throttled.at).toHaveLength(3);
  expect(missing).toMatchObject({ code: 'not-found' });
  expect(broken.at).toHaveLength(1);
  expect(failed).toBeInstanceOf(ServiceError);
});

describe('a token', () => {
  test('from a function is used until it is refused, then requested once more', async () => {
    const service = aService();
    const tokens = [token(), 'expired', token()];
    const source = vi.fn(async () => tokens.shift() ?? 'none');
    let current = service.client({ token: source });

    await inVirtualTime(Promise.all([current.jobStats(), current.jobStats()]));
    expect(source).toHaveBeenCalledTimes(1);

    current = service.client({ token: source });
    await inVirtualTime(current.jobStats());
    await inVirtualTime(current.partition('p1').jobStats());
    expect(source).toHaveBeenCalledTimes(3);
  });

  test('that is refused twice is an error, as are a fixed one and one without the role', async () => {
    const service = aService();
    const source = vi.fn(() => 'wrong');
    const viewer = service.client({ token: token({ role: 'viewer' }) });

    const wrong = await errorInVirtualTime(service.client({ token: source }).jobStats());
    const fixed = await errorInVirtualTime(service.client({ token: 'wrong' }).jobStats());
    const weak = await errorInVirtualTime(viewer.createJob(REQUEST));

    expect(source).toHaveBeenCalledTimes(2);
    for (const error of [wrong, fixed]) expect(error).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(weak).toMatchObject({ status: 403, code: 'forbidden' });
    for (const error of [wrong, fixed, weak]) expect(error).toBeInstanceOf(NotAllowedError);
  });
});

test('an invalid request is an error that lists each wrong part', async () => {
  const service = aService();

  const error = await errorInVirtualTime(service.client().createJob({ ...REQUEST, priority: 99, delay: -1 }));

  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toBeInstanceOf(JobtreeError);
  expect(error).toMatchObject({
    code: 'invalid-request',
    errors: [{ pointer: '/priority' }, { pointer: '/delay' }],
    message: expect.stringContaining('\n  /priority: '),
  });
});

test.each(['', 'jobs.test/v1', 'localhost:4566/v1', '/v1'])("an address such as '%s' is refused", (url) => {
  expect(() => aService().client({ url })).toThrow(`not the address of a service: '${url}'`);
});

test('a call that needs a partition says how to select one', async () => {
  const { url } = aService().client();
  const { client } = aService();

  expect(() => client({ url, partition: undefined }).jobs()).toThrow(/partition\('<id>'\)/);
  expect((await inVirtualTime(client({ partition: undefined }).health())).status).toBe('ok');
});
