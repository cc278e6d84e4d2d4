import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { METHODS } from '#contract/route.ts';
import { type AnyRequest, anyRequest } from '../support/any-request.ts';
import { problemFaults, type Refusal } from '../support/problem-faults.ts';
import { call, freshPartition, jobPath } from './rest.ts';

const RUNS = 200;
const partition = freshPartition();
const jobs = `/partitions/${partition}/jobs`;

/** Only the jobs that the requests create are dispatched. */
const BODY = { hold: true, batch: { splitter: 'range', definition: { from: 0, to: 1 }, worker: 'rehearse' } };

beforeAll(async () => {
  for (const id of ['j1', 'j2', 'j3']) await call('PUT', jobPath(partition, id), { body: BODY });
  await call('POST', `${jobPath(partition, 'j3')}/cancel`);
});

afterAll(async () => {
  await call('POST', `${jobs}:delete?includeHidden=true`);
  for (const type of ['t1', 't2']) await call('DELETE', `/job-types/${type}`);
});

/** Requests with methods that HTTP can transmit. */
const requests = anyRequest(partition).filter(({ method }) => METHODS.some((known) => known === method));

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
/** Headers that a client must not set. */
const OF_THE_CONNECTION = [
  'connection',
  'content-length',
  'expect',
  'host',
  'te',
  'transfer-encoding',
  'upgrade',
];

function headersOf({ headers, token }: AnyRequest): Record<string, string> {
  const tokens = {
    admin: inject('token'),
    viewer: 'garbage',
    foreign: 'a.b.c',
    garbage: 'garbage',
    none: '',
  };
  const sendable = Object.entries(headers).filter(
    ([name, value]) =>
      HEADER_NAME.test(name) && HEADER_VALUE.test(value) && !OF_THE_CONNECTION.includes(name.toLowerCase()),
  );
  return {
    ...Object.fromEntries(sendable),
    ...(tokens[token] === '' ? {} : { authorization: `Bearer ${tokens[token]}` }),
  };
}

/** Sends the request unchanged: `fetch` would normalize paths and omit the body of GET. */
function send(drawn: AnyRequest): Promise<Refusal> {
  const { method, path, query, body } = drawn;
  const base = new URL(inject('url'));
  const visible = path.toWellFormed().replaceAll(/[^\x21-\x7e]|[?#]/gu, encodeURIComponent);
  const search = new URLSearchParams(
    query.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  const options = {
    protocol: base.protocol,
    hostname: base.hostname,
    port: base.port,
    method,
    path: `${base.pathname}${visible}${search === '' ? '' : `?${search}`}`,
    headers: { ...headersOf(drawn), 'content-length': Buffer.byteLength(body ?? '') },
  };
  return new Promise((resolve, reject) => {
    const sent = (base.protocol === 'https:' ? httpsRequest : httpRequest)(options, async (response) => {
      const chunks: Buffer[] = await response.toArray();
      const { statusCode: status = 0, headers } = response;
      resolve({ status, contentType: headers['content-type'], text: Buffer.concat(chunks).toString() });
    });
    sent.on('error', reject);
    sent.end(body ?? '');
  });
}

test(`any request of ${RUNS} is answered through the gateway, and refused as a problem if it is refused`, async () => {
  const statuses = new Set<number>();

  const property = fc.asyncProperty(requests, async (drawn) => {
    const answer = await send(drawn);
    statuses.add(answer.status);
    expect(answer.status).toBeGreaterThanOrEqual(200);
    expect(answer.status).toBeLessThan(500);
    if (answer.status >= 400) expect(problemFaults(answer)).toEqual([]);
  });
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true });

  for (const status of [200, 400, 401, 404]) expect([...statuses]).toContain(status);
}, 120_000);
