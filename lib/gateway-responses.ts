import { Aws } from 'aws-cdk-lib';
import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { PROBLEMS_PAGE } from '#contract/problem.ts';

/** Name of the stage. */
export const STAGE = 'v1';

import { CORS_EXPOSED_HEADERS } from '#contract/cors-origins.ts';

interface GatewayProblem {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly detail: string;
}

const FORBIDDEN = { status: 403, title: 'Forbidden', code: 'forbidden' };
const UNAVAILABLE = { status: 503, title: 'Service Unavailable', code: 'unavailable' };
const BAD_REQUEST = { status: 400, title: 'Bad Request', code: 'bad-request' };
const TOO_MANY = { status: 429, title: 'Too Many Requests', code: 'too-many-requests' };

/** Responses that API Gateway sends itself, without running a function. */
const PROBLEMS: Readonly<Record<string, GatewayProblem>> = {
  ACCESS_DENIED: { ...FORBIDDEN, detail: 'Access to the API is denied from your address.' },
  API_CONFIGURATION_ERROR: {
    ...UNAVAILABLE,
    detail: 'The API is not configured correctly; try again later.',
  },
  AUTHORIZER_CONFIGURATION_ERROR: {
    ...UNAVAILABLE,
    detail: 'The token could not be checked; try again later.',
  },
  AUTHORIZER_FAILURE: { ...UNAVAILABLE, detail: 'The token could not be checked; try again later.' },
  BAD_REQUEST_BODY: { ...BAD_REQUEST, detail: 'The request body is not valid.' },
  BAD_REQUEST_PARAMETERS: { ...BAD_REQUEST, detail: 'A request parameter is missing or not valid.' },
  DEFAULT_4XX: { ...BAD_REQUEST, detail: 'The request is not valid.' },
  DEFAULT_5XX: { ...UNAVAILABLE, detail: 'The request failed; try again later.' },
  EXPIRED_TOKEN: { ...FORBIDDEN, detail: 'The signature of the request has expired.' },
  INTEGRATION_FAILURE: { ...UNAVAILABLE, detail: 'The service did not respond; try again later.' },
  INTEGRATION_TIMEOUT: {
    ...UNAVAILABLE,
    code: 'timeout',
    detail: 'The service took more than 29 seconds; try again, if possible with a smaller request.',
  },
  INVALID_API_KEY: { ...FORBIDDEN, detail: 'The API key is unknown.' },
  INVALID_SIGNATURE: { ...FORBIDDEN, detail: 'The signature of the request is not valid.' },
  // API Gateway's name for an unknown route; unrelated to tokens.
  MISSING_AUTHENTICATION_TOKEN: {
    status: 404,
    title: 'Not Found',
    code: 'not-found',
    detail: 'The route does not exist; see /v1/openapi.json for all routes.',
  },
  QUOTA_EXCEEDED: { ...TOO_MANY, detail: 'The quota of the API key is used up.' },
  REQUEST_TOO_LARGE: {
    status: 413,
    title: 'Content Too Large',
    code: 'too-large',
    detail: 'The request is larger than 10 MB, the maximum of the gateway.',
  },
  RESOURCE_NOT_FOUND: {
    status: 404,
    title: 'Not Found',
    code: 'not-found',
    detail: 'The route does not exist; see /v1/openapi.json for all routes.',
  },
  THROTTLED: { ...TOO_MANY, detail: 'Too many requests at once; try again in a second.' },
  UNAUTHORIZED: {
    status: 401,
    title: 'Unauthorized',
    code: 'unauthorized',
    detail: 'The token is missing or not valid.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported Media Type',
    code: 'unsupported-media-type',
    detail: 'The API does not accept the content type of the request.',
  },
  WAF_FILTERED: { ...FORBIDDEN, detail: 'A firewall rule blocks the request.' },
};

/**
 * Makes the gateway respond with problems in the same format as the handler's (RFC 9457). Each status is a
 * literal, because `$context.status` is empty if no integration has responded.
 */
export function answerWithProblems(api: RestApi, corsOrigins: readonly string[]): void {
  // The address of the stage would make the deployment depend on itself.
  const docs = `https://$context.apiId.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${STAGE}${PROBLEMS_PAGE}`;
  const allowedOrigin = gatewayOrigin(corsOrigins);
  for (const [type, problem] of Object.entries(PROBLEMS)) {
    const { status, title, detail, code } = problem;
    const body = {
      type: `${docs}#${code}`,
      title,
      status,
      detail,
      code,
      message: detail,
      requestId: '$context.requestId',
    };
    api.addGatewayResponse(type, {
      type: ResponseType.of(type),
      statusCode: String(status),
      responseHeaders: {
        'Content-Type': "'application/problem+json'",
        ...(allowedOrigin !== undefined && {
          'Access-Control-Allow-Origin': `'${allowedOrigin}'`,
          'Access-Control-Expose-Headers': `'${CORS_EXPOSED_HEADERS.join(', ')}'`,
        }),
        ...((status === 429 || status === 503) && { 'Retry-After': "'1'" }),
      },
      // API Gateway uses the template of this key for every request, regardless of its Accept header. The header states
      // the actual type.
      templates: { 'application/json': JSON.stringify(body) },
    });
  }
}

/**
 * Returns the origin whose pages may read responses of the gateway. The gateway cannot compare the origin of a
 * request, and its own responses contain nothing but constants and the id of the request.
 */
function gatewayOrigin(corsOrigins: readonly string[]): string | undefined {
  return corsOrigins.length > 1 ? '*' : corsOrigins[0];
}
