/** The last middleware on the way out: every answer gets its form here, every error becomes a problem. */
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { PROBLEM_TYPE, problemOf, refusal } from '#contract/problem.ts';
import { operationId } from '#contract/route.ts';
import { JobServiceError } from '#core/errors.ts';
import type { Clock, Log, LogFields } from '#core/ports.ts';
import type { ApiResponse } from '../request.ts';
import { type ApiEvent, type Exchange, exchangeOf } from './exchange.ts';
import { correlation, headerReader } from './headers.ts';
import { shownPath } from './path-parameters.ts';

const JSON_TYPE = 'application/json';

/** Answers may hold what only this caller may see, and change at any time. */
const COMMON_HEADERS = { 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' };

export function resultOf({ status, body, text, contentType, headers }: ApiResponse): APIGatewayProxyResult {
  const content = text ?? (body === undefined ? '' : JSON.stringify(body));
  return {
    statusCode: status,
    headers: {
      ...COMMON_HEADERS,
      ...(content === '' ? {} : { 'Content-Type': contentType ?? JSON_TYPE }),
      ...headers,
    },
    body: content,
  };
}

export function answer({
  clock,
  log,
}: {
  clock: Clock;
  log: Log;
}): MiddlewareObj<ApiEvent, APIGatewayProxyResult> {
  const tell = (event: ApiEvent, status: number, more: LogFields = {}) => {
    const exchange = exchangeOf(event);
    log.info('request answered', {
      ...requestFields(event, exchange),
      status,
      millis: clock.now() - exchange.startedAt,
      ...more,
    });
  };
  return {
    after: ({ event, response }) => tell(event, response?.statusCode ?? 0),
    onError: ({ event, error }) => {
      const told = toldError(error);
      const { requestId } = exchangeOf(event);
      if (told.status >= 500) {
        log.alarm('request failed', { requestId, code: told.code, ...errorFields(told.cause ?? error) });
      }
      tell(event, told.status, { code: told.code });
      return problemResult(told, { instance: shownPath(event), requestId });
    },
  };
}

/** What is not meant for callers stays here: they learn that it was our fault, and the id to ask with. */
function toldError(error: unknown): JobServiceError {
  if (error instanceof JobServiceError) return error;
  return refusal('internal', 'the service failed; this is not your fault. Tell its operator the requestId', {
    cause: error,
  });
}

function problemResult(error: JobServiceError, where: { instance: string; requestId: string }) {
  return resultOf({
    status: error.status,
    body: problemOf(error, where),
    contentType: PROBLEM_TYPE,
    headers: { ...error.headers, 'Cache-Control': 'no-store' },
  });
}

/** No query strings, bodies or tokens. */
function requestFields(event: ApiEvent, { requestId, route, parameters, caller }: Exchange): LogFields {
  return {
    requestId,
    operation: route === undefined ? 'none' : operationId(route),
    method: event.httpMethod,
    ...(parameters?.['p'] === undefined ? {} : { partition: parameters['p'] }),
    ...(parameters?.['j'] === undefined ? {} : { job: parameters['j'] }),
    ...(caller === undefined ? {} : { caller: caller.sub }),
    ...correlation(headerReader(event)),
  };
}

function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  return { error: error.name, reason: error.message, stack: error.stack };
}
