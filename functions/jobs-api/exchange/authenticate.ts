/**
 * The only middleware that authorizes requests: it checks the token, path, partition and role, in this order. It trusts
 * no claim of a gateway and refuses everything that it does not know.
 */
import type { MiddlewareObj } from '@middy/core';
import { hasAllPartitions, hasPartition, hasRole } from '#contract/claims.ts';
import { refusal } from '#contract/problem.ts';
import { pathParameterNames, type Route } from '#contract/route.ts';
import { ROUTES } from '#contract/routes.ts';
import { DOCUMENT_KINDS, noSuchDocument, noSuchJob, noSuchPartition, noSuchRoute } from '../missing.ts';
import { type ApiEvent, exchangeOf } from './exchange.ts';
import { headerReader } from './headers.ts';
import { decodeParameter, matchPath, type PathMatch } from './path-parameters.ts';
import type { Verification } from './token-verifier.ts';

const REALM = 'Bearer realm="jobtree"';
const MAX_SHOWN_CHARACTERS = 200;

export function authenticate(verify: (token: string) => Verification): MiddlewareObj<ApiEvent> {
  return {
    before: ({ event }) => {
      const exchange = exchangeOf(event);
      const match = matchPath(event);
      if (match === undefined) throw noSuchRoute();
      exchange.match = match;
      const isOpen = match.routes.every(({ role }) => role === 'open');
      if (!isOpen) exchange.caller = callerOf(headerReader(event)('authorization'), verify);
      exchange.parameters = admittedParameters(match, exchange.caller);
      exchange.route = routeOf(match.routes, event.httpMethod);
      admitRole(exchange.route, exchange.caller);
    },
  };
}

type Caller = Parameters<typeof hasRole>[0];

function callerOf(authorization: string | undefined, verify: (token: string) => Verification): Caller {
  if (authorization === undefined) {
    throw unauthorized('no token was sent; send the header Authorization: Bearer <token>', REALM);
  }
  const token = /^[ \t]*Bearer +([^\s,]+)[ \t]*$/i.exec(authorization)?.[1];
  const verification =
    token === undefined ? { refused: 'the header Authorization is not Bearer <token>, once' } : verify(token);
  if ('claims' in verification) return verification.claims;
  const { refused } = verification;
  throw unauthorized(
    `${refused}; get a new token and send Authorization: Bearer <token>`,
    invalidToken(refused),
  );
}

function invalidToken(description: string): string {
  return `${REALM}, error="invalid_token", error_description="${description}"`;
}

function unauthorized(detail: string, challenge: string) {
  return refusal('unauthorized', detail, { headers: { 'WWW-Authenticate': challenge } });
}

/** Responds to a partition that the caller may not access as if it did not exist, before checking the rest of the path. */
function admittedParameters(match: PathMatch, caller: Caller | undefined): Record<string, string> {
  const path = match.routes[0]?.path ?? '';
  const names = pathParameterNames(path);
  if (!names.includes('p')) return decodeAll(match, names);
  const partition = decodeParameter(match, 'p');
  const isAdmitted = caller !== undefined && hasPartition(caller, partition);
  const parameters = decodeAll(match, names);
  if (isAdmitted) return parameters;
  const { j: job, name } = parameters;
  if (job !== undefined) throw noSuchJob({ partition, job });
  const kind = DOCUMENT_KINDS.find((candidate) => path.includes(`${candidate.path}/{name}`));
  if (name === undefined || kind === undefined) throw noSuchPartition(partition);
  throw noSuchDocument(kind, name, partition);
}

function decodeAll(match: PathMatch, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, decodeParameter(match, name)]));
}

function routeOf(routes: readonly Route[], method: string): Route {
  const route = routes.find((candidate) => candidate.method === method);
  if (route !== undefined) return route;
  const allowed = routes.map((candidate) => candidate.method).join(', ');
  throw refusal(
    'method-not-allowed',
    `this resource does not support ${String(method).slice(0, 20)}; it supports ${allowed}`,
    {
      headers: { Allow: allowed },
    },
  );
}

function admitRole({ role, operation, path, forAllPartitions }: Route, caller: Caller | undefined): void {
  if (role === 'open') return;
  if (caller === undefined || !hasRole(caller, role)) {
    const roleSent = caller?.role ?? 'none';
    throw refusal('forbidden', `${operation} requires the role ${role}; the token has ${roleSent}`);
  }
  if (forAllPartitions !== true || hasAllPartitions(caller)) return;
  const isInPartitions = ROUTES.some((one) => one.path === `/partitions/{p}${path}`);
  const advice = isInPartitions
    ? 'Use the same path below /partitions/{p} to change the one of your partition'
    : 'Ask an administrator of the deployment';
  throw refusal(
    'forbidden',
    `${operation} acts on a resource of all partitions and requires a token with partitions ["*"]; the token has ${JSON.stringify(caller.partitions).slice(0, MAX_SHOWN_CHARACTERS)}. ${advice}`,
  );
}
