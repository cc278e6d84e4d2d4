import { describe, expect, test } from 'vitest';
import { type ApiResponse, checkResponse } from './documented-answers.ts';

const JOB = {
  id: 'j1',
  labels: {},
  createTime: 1,
  lastUpdateTime: 1,
  status: 'Waiting',
  percentageComplete: 0,
  items: { found: 0, succeeded: 0, failed: 0, skipped: 0, sealed: false },
  failures: [],
  priority: 4,
  waitingFor: [],
  dependents: [],
  hidden: false,
  createdBy: 'alice',
  version: 1,
  generation: 1,
  run: 1,
  links: { self: '/partitions/p1/jobs/j1' },
};
const PROBLEM = {
  type: '/docs/reference/http-api#not-found',
  title: 'The resource does not exist',
  status: 404,
  detail: 'no',
  message: 'no',
  instance: '/partitions/p1/jobs/j1',
  code: 'not-found',
  requestId: 'r',
};

type ResponseFields = Partial<Omit<ApiResponse, 'text'>> & {
  readonly body?: unknown;
  readonly text?: string;
};

function responseOf({ body, ...more }: ResponseFields = {}) {
  return () =>
    checkResponse({
      method: 'GET',
      path: '/partitions/p1/jobs/j1',
      status: 200,
      headers: { 'Content-Type': 'application/json', ETag: '"1.0"' },
      text: JSON.stringify(body ?? JOB),
      ...more,
    });
}

const PROBLEM_HEADERS = { 'content-type': 'application/problem+json' };
const STATUS_HEADERS = { 'cache-control': 'private, max-age=5', cacheablejobstatus: 'true' };

describe('an answer', () => {
  test('that is documented passes, with header names in any case', () => {
    expect(responseOf()).not.toThrow();
    expect(
      responseOf({ headers: { 'content-type': 'application/json; charset=utf-8', etag: '"1.0"' } }),
    ).not.toThrow();
    expect(responseOf({ status: 304, headers: { etag: '"1.0"' }, text: '' })).not.toThrow();
    expect(responseOf({ status: 404, headers: PROBLEM_HEADERS, body: PROBLEM })).not.toThrow();
  });

  test.each([
    ['a body of another type', { body: { ...JOB, priority: '4' } }, '/priority must be integer'],
    ['a member that is missing', { body: { ...JOB, id: undefined } }, "required property 'id'"],
    ['an undeclared member', { body: { ...JOB, secret: 1 } }, 'additional properties: "secret"'],
    [
      'an undeclared member of a nested object',
      { body: { ...JOB, items: { ...JOB.items, lost: 1 } } },
      '/items must NOT have additional properties: "lost"',
    ],
    [
      'a word that is none of those declared',
      { body: { ...JOB, status: 'Lost' } },
      '/status must be equal to one',
    ],
    ['an undeclared status', { status: 500 }, 'status 500 is not declared; declared are 200, 304, 400'],
    ['a status of another operation', { status: 202 }, 'status 202 is not declared'],
    [
      'a header that is missing',
      { headers: { 'content-type': 'application/json' } },
      'header ETag is missing',
    ],
    [
      'a header of another form',
      { headers: { 'content-type': 'application/json', etag: '1.0' } },
      "header ETag, '1.0', must match pattern",
    ],
    [
      'another content type',
      { headers: { 'content-type': 'text/html', etag: '"1"' } },
      'content type text/html',
    ],
    ['no JSON', { text: '<html>' }, 'the body is not JSON'],
    ['a body where none is declared', { method: 'DELETE', status: 204 }, 'a body is not declared'],
    [
      'a problem with another status',
      { status: 404, headers: PROBLEM_HEADERS, body: { ...PROBLEM, status: 409 } },
      '/status must be equal to constant: 404',
    ],
    [
      'a job that shows more than CAF clients take',
      { path: '/caf/partitions/p1/jobs/j1' },
      'the body must NOT have additional properties: "items"',
    ],
    [
      'a status that CAF clients do not know',
      {
        path: '/caf/partitions/p1/jobs/j1/status',
        headers: { ...STATUS_HEADERS, 'content-type': 'application/json' },
        body: 'Blocked',
      },
      'the body must be equal to one of the allowed values',
    ],
    [
      'what no operation has',
      { path: '/partitions/p1/nothing' },
      'the document does not describe this operation',
    ],
    [
      'what another method has',
      { method: 'PUT', path: '/health' },
      'the document does not describe this operation',
    ],
  ])('with %s is refused in words', (_, answer, words) => {
    expect(responseOf(answer as ResponseFields)).toThrow(words);
  });

  test('as lines is checked line by line', () => {
    const item = { id: '1', path: '0', outcome: 'succeeded', attempts: 1 };
    const lines = (...items: object[]) =>
      responseOf({
        path: '/partitions/p1/jobs/j1/items',
        headers: { 'content-type': 'application/x-ndjson' },
        text: items.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
      });

    expect(lines(item, item)).not.toThrow();
    expect(lines()).not.toThrow();
    expect(lines(item, { ...item, worker: 'w' })).toThrow('additional properties: "worker"');
  });

  test('to a request that nothing describes may only be a refusal', () => {
    const path = '/nothing';

    expect(responseOf({ path, status: 404, headers: PROBLEM_HEADERS, body: PROBLEM })).not.toThrow();
    expect(responseOf({ path, status: 404, headers: PROBLEM_HEADERS, body: { message: 'no' } })).toThrow(
      "required property 'type'",
    );
  });
});
