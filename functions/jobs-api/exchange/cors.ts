/** Lets pages of allowed origins call the API (the CORS protocol of the Fetch standard). */
import type { APIGatewayProxyResult } from 'aws-lambda';
import { CORS_EXPOSED_HEADERS } from '#contract/cors-origins.ts';
import { CORRELATION_HEADERS, REQUEST_HEADERS } from '#contract/request-headers.ts';
import { METHODS } from '#contract/route.ts';
import type { ApiEvent } from './exchange.ts';
import { headerReader } from './headers.ts';

const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  ...Object.keys(REQUEST_HEADERS),
  ...Object.keys(CORRELATION_HEADERS),
];
/** Browsers keep the response to a preflight request for up to two hours. */
const PREFLIGHT_SECONDS = 7_200;

/**
 * Returns the response to a preflight request of an allowed origin; `undefined` for any other request. It needs
 * no token, because browsers send none.
 */
export function preflightResponse(
  event: ApiEvent,
  origins: readonly string[],
): APIGatewayProxyResult | undefined {
  const read = headerReader(event);
  if (event.httpMethod !== 'OPTIONS' || read('access-control-request-method') === undefined) return undefined;
  if (allowedOrigin(event, origins) === undefined) return undefined;
  return {
    statusCode: 204,
    headers: {
      ...corsHeaders(event, origins),
      'Access-Control-Allow-Methods': METHODS.join(', '),
      'Access-Control-Allow-Headers': ALLOWED_HEADERS.join(', '),
      'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
    },
    body: '',
  };
}

/** Returns the headers of every response. Without allowed origins there are none. */
export function corsHeaders(event: ApiEvent, origins: readonly string[]): Record<string, string> {
  if (origins.length === 0) return {};
  const origin = allowedOrigin(event, origins);
  // Caches must not use the response for a page of another origin.
  const vary = { Vary: 'Origin' };
  if (origin === undefined) return vary;
  return {
    ...vary,
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': CORS_EXPOSED_HEADERS.join(', '),
  };
}

function allowedOrigin(event: ApiEvent, origins: readonly string[]): string | undefined {
  const origin = headerReader(event)('origin');
  return origins.find((allowed) => allowed === origin);
}
