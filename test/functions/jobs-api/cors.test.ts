import { describe, expect, test } from 'vitest';
import { apiWorld, createdJob, eventOf, JOBS } from './api-world.ts';

const ALLOWED = 'https://app.example.com';
const corsOrigins = ['http://localhost:5173', ALLOWED];
const preflight = (origin: string) => ({
  token: null,
  headers: { Origin: origin, 'Access-Control-Request-Method': 'PUT' },
});

describe('a page of an allowed origin', () => {
  test.each(corsOrigins)(
    'learns from a preflight request, without a token, what it may send: %s',
    async (origin) => {
      const world = apiWorld({ corsOrigins });
      const event = eventOf('OPTIONS', `${JOBS}/j1`, preflight(origin));

      const { status, headers, text } = await world.sendUnchecked(event);

      expect([status, text]).toEqual([204, '']);
      expect(headers).toMatchObject({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Methods': 'GET, PUT, POST, PATCH, DELETE',
        'Access-Control-Allow-Headers': expect.stringContaining('Authorization, Content-Type, If-Match'),
        'Access-Control-Max-Age': '7200',
        Vary: 'Origin',
      });
    },
  );

  test('reads responses and errors, with the headers that clients need', async () => {
    const world = apiWorld({ corsOrigins });
    await createdJob(world, 'j1');
    const headers = { origin: ALLOWED };

    const responses = await Promise.all([
      world.call('GET', `${JOBS}/j1`, { headers }),
      world.call('GET', `${JOBS}/none`, { headers }),
      world.call('GET', `${JOBS}/j1`, { headers, token: null }),
      world.call('GET', '/nowhere', { headers }),
    ]);

    expect(responses.map(({ status }) => status)).toEqual([200, 404, 401, 404]);
    for (const response of responses) {
      expect(response.headers).toMatchObject({ 'Access-Control-Allow-Origin': ALLOWED, Vary: 'Origin' });
      const exposed = response.headers['Access-Control-Expose-Headers']?.split(', ');
      expect(exposed).toEqual(expect.arrayContaining(['ETag', 'Location', 'Link', 'Retry-After']));
    }
  });
});

describe('a page of another origin', () => {
  test.each([
    'https://evil.example.com',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com.evil.example',
    'null',
    '*',
    '',
  ])('is not allowed: %j', async (origin) => {
    const world = apiWorld({ corsOrigins });

    const asked = await world.call('OPTIONS', `${JOBS}/j1`, preflight(origin));
    const { headers } = await world.call('GET', `${JOBS}/none`, { headers: { origin } });

    expect(asked.status).toBe(401);
    expect(asked.headers).not.toHaveProperty('Access-Control-Allow-Origin');
    expect(headers).not.toHaveProperty('Access-Control-Allow-Origin');
    expect(headers['Vary']).toBe('Origin');
  });

  test('is never allowed by default', async () => {
    const world = apiWorld();

    const asked = await world.call('OPTIONS', `${JOBS}/j1`, preflight(ALLOWED));
    const { headers } = await world.call('GET', `${JOBS}/none`, { headers: { origin: ALLOWED } });

    expect(asked.status).toBe(401);
    expect(Object.keys(headers).filter((name) => /^(access-control|vary)/i.test(name))).toEqual([]);
  });
});
