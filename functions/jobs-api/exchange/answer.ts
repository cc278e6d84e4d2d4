/** Middleware that formats every response, converts errors to problems and logs the request. */
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { PROBLEM_TYPE, type ProblemSource, problemOf, refusal } from '#contract/problem.ts';
import { operationId } from '#contract/route.ts';
import { JobServiceError } from '#core/errors.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Clock, Log, LogFields } from '#core/ports.ts';
import type { ApiResponse } from '../request.ts';
import { baseUrl } from './base-url.ts';
import { type ApiEvent, type Exchange, exchangeOf } from './exchange.ts';
import { correlation, headerReader } from './headers.ts';
import { shownPath } from './path-parameters.ts';

const JSON_TYPE = 'application/json';

/** Responses may contain data that only this caller may see, and can change at any time. */
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

export interface AnswerOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly isEmulated: boolean;
}

export function answer({
  clock,
  log,
  isEmulated,
}: AnswerOptions): MiddlewareObj<ApiEvent, APIGatewayProxyResult> {
  const logResponse = (event: ApiEvent, status: number, more: LogFields = {}) => {
    const exchange = exchangeOf(event);
    log.info('request answered', {
      ...requestFields(event, exchange),
      status,
      millis: clock.now() - exchange.startedAt,
      ...more,
    });
  };
  return {
    after: ({ event, response }) => logResponse(event, response?.statusCode ?? 0),
    onError: ({ event, error }) => {
      const shown = publicError(error);
      const { requestId } = exchangeOf(event);
      if (shown.status >= 500) {
        log.alarm('request failed', { requestId, code: shown.code, ...errorFields(shown.cause ?? error) });
      }
      logResponse(event, shown.status, { code: shown.code });
      return problemResult(shown, {
        instance: shownPath(event),
        requestId,
        base: baseUrl(event, { isEmulated }),
      });
    },
  };
}

/** Hides internal errors from callers. They get a requestId that the operator can search for. */
function publicError(error: unknown): JobServiceError {
  if (error instanceof JobServiceError) return error;
  return refusal(
    'internal',
    'the service failed because of an internal error. Send the requestId to its operator',
    {
      cause: error,
    },
  );
}

function problemResult(error: JobServiceError, where: ProblemSource) {
  return resultOf({
    status: error.status,
    body: problemOf(error, where),
    contentType: PROBLEM_TYPE,
    headers: { ...error.headers, 'Cache-Control': 'no-store' },
  });
}

/** Returns the logged fields of a request: no query strings, bodies or tokens. */
function requestFields(event: ApiEvent, { requestId, route, parameters, caller }: Exchange): LogFields {
  return {
    requestId,
    operation: route === undefined ? 'none' : operationId(route),
    method: event.httpMethod,
    ...omitUndefined({ partition: parameters?.['p'], job: parameters?.['j'], caller: caller?.sub }),
    ...correlation(headerReader(event)),
  };
}

function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  return { error: error.name, reason: error.message, stack: error.stack };
}
