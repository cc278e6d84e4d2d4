/** The state of one request. Each middleware adds its results for the following ones. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Claims } from '#contract/claims.ts';
import type { Route } from '#contract/route.ts';
import type { PathMatch } from './path-parameters.ts';

export type ApiEvent = APIGatewayProxyEvent & { readonly version?: unknown };

export interface Exchange {
  readonly requestId: string;
  readonly startedAt: number;
  match?: PathMatch;
  route?: Route;
  parameters?: Readonly<Record<string, string>>;
  caller?: Claims;
}

/** Stored outside the event, so that no event can contain a caller. */
const exchanges = new WeakMap<object, Exchange>();

export function beginExchange(event: ApiEvent, exchange: Exchange): void {
  exchanges.set(event, exchange);
}

export function exchangeOf(event: ApiEvent): Exchange {
  const exchange = exchanges.get(event);
  if (exchange === undefined) throw new Error('the request did not pass the middlewares');
  return exchange;
}
