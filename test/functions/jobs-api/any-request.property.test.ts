import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { operationId } from '#contract/route.ts';
import type { ApiEvent } from '../../../functions/jobs-api/exchange/exchange.ts';
import { endJob, moveJob } from '../../../functions/store/jobs.ts';
import { batchJob } from '../../support/any-body.ts';
import { type AnyRequest, anyRequest } from '../../support/any-request.ts';
import { recordLines } from '../../support/outcomes.ts';
import { problemFaults } from '../../support/problem-faults.ts';
import { type ApiWorld, apiWorld, BODY, createdJob, eventOf, JOBS } from './api-world.ts';
import { token } from './tokens.ts';

const RUNS = 3_300;
const BAD_REQUESTS = 2_000;

const TOKENS = {
  admin: token({ partitions: ['*'], role: 'admin' }),
  viewer: token({ role: 'viewer' }),
  foreign: token({ partitions: ['p2'] }),
  garbage: 'garbage',
  none: null,
};

/** Variations of events between gateways, and events that no gateway should send. */
const gateway = fc.record({
  base64: fc.constantFrom('no', 'no', 'encoded', 'claimed'),
  more: fc.constantFrom<Partial<Record<keyof ApiEvent, unknown>>[]>(
    ...Array.from({ length: 12 }, () => ({})),
    { version: '1.0' },
    { resource: '/{route+}' },
    { pathParameters: null },
    { multiValueHeaders: null },
    { requestContext: null },
  ),
});

const anyEvent = fc.tuple(anyRequest('p1'), gateway).map(([request, { base64, more }]) => {
  const event = { ...eventOfRequest(request), ...more } as ApiEvent;
  const isEncoded = base64 === 'encoded' && !event.isBase64Encoded;
  const body = isEncoded && event.body !== null ? Buffer.from(event.body).toString('base64') : event.body;
  return { request, event: { ...event, body, isBase64Encoded: event.isBase64Encoded || base64 !== 'no' } };
});

function eventOfRequest({ method, path, query, headers, body, token: kind }: AnyRequest): ApiEvent {
  const isBytes = body instanceof Uint8Array;
  const several = Map.groupBy(query, ([name]) => name);
  return {
    ...eventOf(method, path, { token: TOKENS[kind], headers }),
    multiValueQueryStringParameters: Object.fromEntries(
      [...several].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]),
    ),
    body: isBytes ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: isBytes,
  };
}

/** The jobs j1 (Waiting, with some outcomes), j2 (Completed, with failed items) and j3 (Cancelled), as if untouched. */
async function populate(world: ApiWorld): Promise<void> {
  if (await isRenewed(world, 'j1', 'Waiting')) {
    const { body: job } = await world.call('GET', `${JOBS}/j1`);
    const run = { partition: 'p1', job: 'j1', runNumber: job.runNumber };
    const line = JSON.stringify({ id: '1', path: '', outcome: 'failed', attempts: 1 });
    for (let i = 0; i < 3; i += 1) await recordLines(world, run, { index: i }, `${line}\n${line}\n`);
  }
  if (await isRenewed(world, 'j2', 'Completed')) await complete(world, 'j2');
  if (await isRenewed(world, 'j3', 'Cancelled')) await world.call('POST', `${JOBS}/j3/cancel`);
}

/** True if the job had to be created again, because its status had changed. */
async function isRenewed(world: ApiWorld, id: string, status: string): Promise<boolean> {
  const path = `${JOBS}/${id}`;
  if ((await world.call('GET', `${path}/status`)).body === status) return false;
  await world.call('DELETE', path);
  await createdJob(world, id);
  return true;
}

async function complete({ table, clock }: ApiWorld, job: string): Promise<void> {
  const moved = await moveJob(table, { partition: 'p1', job }, 'dispatch', { now: clock.now() });
  if (moved.kind !== 'moved') throw new Error(`job ${job} did not start`);
  const totals = { items: 10, failed: 2, skipped: 0 };
  await endJob(table, moved.job, { status: 'Completed', totals, now: clock.now() });
}

describe('any request at all', () => {
  test(`of ${RUNS}, most of them bad, is answered, and refused as a problem if it is refused`, async () => {
    const world = apiWorld();
    await populate(world);
    const statuses = new Set<number>();
    let refused = 0;
    const reached = new Set<string>();

    const property = fc.asyncProperty(anyEvent, async ({ request, event }) => {
      const { status, headers, text } = await world.send(event);
      statuses.add(status);
      if (![401, 403, 404, 405].includes(status)) reached.add(request.operation);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
      if (status >= 400) {
        refused += 1;
        expect(problemFaults({ status, contentType: headers['Content-Type'], text })).toEqual([]);
      } else if (event.httpMethod !== 'GET') await populate(world);
    });
    await fc.assert(property, { numRuns: RUNS });

    expect(refused).toBeGreaterThan(BAD_REQUESTS);
    // Some generated requests must pass all checks, not only fail the first ones.
    const expected = [200, 201, 204, 400, 401, 403, 404, 405, 409, 413];
    expect(expected.filter((status) => !statuses.has(status))).toEqual([]);
    // There is none to be found.
    const all = ALL_ROUTES.map(operationId).filter((operation) => operation !== 'getBulkOperation');
    expect(all.filter((operation) => !reached.has(operation))).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('with a valid body creates a job that keeps it, for any id', async () => {
    const world = apiWorld();
    const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    const allowed = id.filter((text) => !/[.,:;*?!|()/\p{Cc}\p{Cs}\ufffd]/u.test(text) && text.length <= 40);
    let count = 0;

    const property = fc.asyncProperty(allowed, batchJob, async (name, sent) => {
      count += 1;
      const job = `${JOBS}/${encodeURIComponent(name)}-${count}`;
      const created = await world.call('PUT', job, { body: sent });
      expect([created.status, created.text]).toEqual([201, expect.any(String)]);
      expect((await world.call('GET', `${job}/request`)).body).toEqual(JSON.parse(JSON.stringify(sent)));
      expect((await world.call('PUT', job, { body: reordered(sent) })).status).toBe(204);
      expect((await world.call('PUT', job, { body: { ...sent, description: 'another one' } })).status).toBe(
        409,
      );
    });
    await fc.assert(property, { numRuns: 200 });
  });
});

/** Returns the same value with its members in reverse order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reordered(member)]),
  );
}

test('the example body of these tests is valid', async () => {
  expect((await apiWorld().call('PUT', `${JOBS}/j1`, { body: BODY })).status).toBe(201);
});
