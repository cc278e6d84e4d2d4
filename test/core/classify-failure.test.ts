import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { classifyFailure } from '#core/classify-failure.ts';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { ObjectChanged, ObjectForbidden, WebForbidden } from '#core/ports.ts';
import { SendRefused } from '#core/send.ts';

/** Returns an error as the AWS SDK throws it. */
function serviceError(name: string, httpStatusCode = 400, more: object = {}): Error {
  return Object.assign(new Error(`the service said ${name}.`), {
    name,
    $metadata: { httpStatusCode },
    ...more,
  });
}

function networkError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

function csvError(text: string, options: object): unknown {
  try {
    parse(text, options);
  } catch (error) {
    return error;
  }
  throw new Error('the parser took it');
}

describe('an error that no retry can fix is permanent', () => {
  test.each([
    ['NoSuchBucket', serviceError('NoSuchBucket', 404), 'source-missing'],
    ['NoSuchKey', serviceError('NoSuchKey', 404), 'source-missing'],
    ['NotFound', serviceError('NotFound', 404), 'source-missing'],
    ['AccessDenied', serviceError('AccessDenied', 403), 'source-forbidden'],
    ['PermanentRedirect', serviceError('PermanentRedirect', 301), 'source-elsewhere'],
    ['InvalidRange', serviceError('InvalidRange', 416), 'source-changed'],
    ['InvalidObjectState', serviceError('InvalidObjectState', 403), 'source-archived'],
    ['an object that IAM hides', new ObjectForbidden('hidden'), 'source-forbidden'],
    ['a URL that must not be reached', new WebForbidden('private'), 'source-forbidden'],
    ['an object that was changed', new ObjectChanged('other'), 'source-changed'],
    ['a quote as delimiter', csvError('a"b', { delimiter: '"' }), 'source-unreadable'],
    ['an option of the CSV parser', csvError('a', { delimiter: 5 }), 'invalid-definition'],
    ['what its author calls permanent', new PermanentFailure('own', 'no'), 'own'],
  ])('%s', (_, error, code) => {
    expect(classifyFailure(error)).toMatchObject({ kind: 'permanent', code });
  });

  test('and its message contains the location and what to do next', () => {
    const error = serviceError('NoSuchBucket', 404, { BucketName: 'nowhere' });

    expect(classifyFailure(error).message).toBe(
      "the service said NoSuchBucket: 'nowhere'; correct the bucket name",
    );
  });
});

describe('a temporary error is retryable', () => {
  test.each([
    ['SlowDown', serviceError('SlowDown', 503)],
    ['ThrottlingException', serviceError('ThrottlingException')],
    ['RequestThrottled', serviceError('RequestThrottled')],
    ['ProvisionedThroughputExceededException', serviceError('ProvisionedThroughputExceededException')],
    ['TooManyRequestsException', serviceError('TooManyRequestsException', 429)],
    ['RequestTimeout', serviceError('RequestTimeout')],
    ['InternalError', serviceError('InternalError', 500)],
    ['an unknown name with status 502', serviceError('Whatever', 502)],
    ['what the SDK would retry', serviceError('Whatever', 400, { $retryable: {} })],
    ['a time-out', Object.assign(new Error('aborted'), { name: 'TimeoutError' })],
    ['a broken connection', networkError('ECONNRESET')],
    ['a broken connection as cause', new Error('fetch failed', { cause: networkError('EAI_AGAIN') })],
    ['a queue that refuses', new SendRefused('full')],
    ['what its author calls retryable', new RetryableFailure('own', 'later')],
  ])('%s', (_, error) => {
    expect(classifyFailure(error).kind).toBe('retryable');
  });
});

describe('an unexpected error is unknown', () => {
  test.each([
    ['a bug', new TypeError('x is not a function')],
    ['an overflow', new RangeError('Maximum call stack size exceeded')],
    ['a plain error', new Error('no')],
    ['a text', 'no'],
    ['nothing', undefined],
    ['a name without an address', new RetryableFailure('web', 'x', { cause: networkError('ENOTFOUND') })],
    ['a wrong certificate', new RetryableFailure('web', 'x', { cause: networkError('CERT_HAS_EXPIRED') })],
  ])('%s', (_, error) => {
    expect(classifyFailure(error).kind).toBe('unknown');
  });

  test('and its message names its class', () => {
    expect(classifyFailure(new TypeError('x is not a function')).message).toBe(
      'TypeError: x is not a function',
    );
  });
});
