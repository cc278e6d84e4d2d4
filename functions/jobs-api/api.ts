/** The REST API as a Lambda function: authenticates, finds the operation, checks its input and runs its handler. */
import middy from '@middy/core';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { refusal } from '#contract/problem.ts';
import type { RateLimits } from '#contract/rate-limits.ts';
import type { Route } from '#contract/route.ts';
import type { Operation } from '#contract/routes.ts';
import { NewerVersion } from '#core/errors.ts';
import { reachablePorts } from '../creation/ports.ts';
import { orUnreachable } from '../creation/reachable.ts';
import { readBody } from '../creation/read-body.ts';
import { invalidBody } from '../creation/wrong-input.ts';
import { answer, resultOf } from './exchange/answer.ts';
import { authenticate } from './exchange/authenticate.ts';
import { cafBody, cafView } from './exchange/caf-view.ts';
import { corsHeaders, preflightResponse } from './exchange/cors.ts';
import { type ApiEvent, beginExchange, type Exchange, exchangeOf } from './exchange/exchange.ts';
import { checkedHeaders, headerReader } from './exchange/headers.ts';
import { limitRate } from './exchange/limit-rate.ts';
import { readQuery, sentQuery } from './exchange/read-query.ts';
import { type TokenIssuers, tokenVerifier } from './exchange/token-verifier.ts';
import { Cursors } from './lists/cursor.ts';
import { OPERATIONS } from './operations.ts';
import { RateLimiter } from './rate-limiter.ts';
import { Recent } from './recent.ts';
import type { ApiPorts, ApiRequest, DeployedPorts, OperationHandler } from './request.ts';

export interface ApiOptions extends DeployedPorts {
  /** If empty, every operation that needs a token is refused. */
  readonly issuers: TokenIssuers;
  /** If `undefined`, requests are not limited. */
  readonly rateLimits: RateLimits | undefined;
  /** True on an emulator, whose events do not have the public address. @default false */
  readonly isEmulated?: boolean;
  /** Origins of the web pages that may call the API. */
  readonly corsOrigins: readonly string[];
}

const DEPTHS_MILLIS = 10_000;
/** CloudWatch has a new value each minute, and bills each metric that is read. */
const MONITOR_MILLIS = 60_000;

/** Time reserved at the end of an invocation, so that a slow store results in a response of the API. */
const RESPONSE_MILLIS = 500;

export function createApi(options: ApiOptions) {
  const { clock, random, log, issuers, rateLimits, corsOrigins, isEmulated = false } = options;
  const ports = apiPorts(options);
  const engine = middy<ApiEvent, APIGatewayProxyResult>({
    timeoutEarlyInMillis: RESPONSE_MILLIS,
    timeoutEarlyResponse: () => {
      throw refusal('timeout', 'the request took too long; try again', { headers: { 'Retry-After': '1' } });
    },
  })
    .use({
      before: ({ event }) => {
        const requestId = event.requestContext?.requestId ?? random.id();
        beginExchange(event, { requestId, startedAt: clock.now() });
      },
    })
    .use(answer({ clock, log, isEmulated }))
    .use(authenticate(tokenVerifier(issuers)));
  if (rateLimits !== undefined) engine.use(limitRate(new RateLimiter(rateLimits, options)));
  const handle = engine.handler(async (event) => {
    const exchange = exchangeOf(event);
    const { route } = exchange;
    if (route === undefined) throw new Error('a request passed the middlewares without a route');
    const operation = route.operation as Operation;
    const handle = OPERATIONS[operation] as OperationHandler<Operation>;
    const response = await handle(requestOf(event, exchange, route), ports).catch(refuseNewer);
    return resultOf(route.view === 'caf' ? cafView(operation, response) : response);
  });
  return async (event: ApiEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const result = preflightResponse(event, corsOrigins) ?? (await handle(event, context));
    // Pages of allowed origins can also read errors.
    return { ...result, headers: { ...result.headers, ...corsHeaders(event, corsOrigins) } };
  };
}

/** During a deployment, a later release may have written rows that this one must not change. */
function refuseNewer(error: unknown): never {
  if (!(error instanceof NewerVersion)) throw error;
  throw refusal('store-unreachable', error.message, { cause: error, headers: { 'Retry-After': '10' } });
}

/** Returns the ports that operations use; a store that fails throws `store-unreachable`. */
function apiPorts(deployed: DeployedPorts): ApiPorts {
  const ports = reachablePorts(deployed);
  const queueDesk = orUnreachable(ports.queueDesk, 'queues');
  const monitor = orUnreachable(ports.monitor, 'alarms');
  return {
    ...ports,
    presigner: orUnreachable(ports.presigner, 'store of objects'),
    queueDesk,
    monitor,
    recentDepths: new Recent(() => queueDesk.depths(), ports.clock, DEPTHS_MILLIS),
    recentAges: new Recent(() => monitor.oldestMessages(), ports.clock, MONITOR_MILLIS),
    recentAlarms: new Recent(() => monitor.alarms(), ports.clock, MONITOR_MILLIS),
    cursors: new Cursors(ports.table),
  };
}

/** Builds the request of an operation. The types follow from the route, whose schemas check the input here. */
function requestOf(event: ApiEvent, exchange: Exchange, route: Route): ApiRequest {
  const { parameters = {}, caller } = exchange;
  const query = readQuery(event, route.query);
  const read = route.body === undefined ? undefined : readBody(event);
  const sentBody = route.view === 'caf' ? cafBody(read) : read;
  const request = {
    operation: route.operation,
    parameters,
    query,
    sentBody,
    body: checkedBody(route, sentBody),
    caller,
    header: checkedHeaders(route, headerReader(event)),
    sentQuery: sentQuery(event),
    reference: (path: string) => referenceFrom(event, route, path),
  };
  return request as unknown as ApiRequest;
}

function checkedBody({ body }: Route, sent: unknown): unknown {
  if (body === undefined) return undefined;
  const parsed = body.safeParse(sent);
  if (parsed.success) return parsed.data;
  if (sent === undefined) throw refusal('invalid-request', 'the body is missing; send a JSON object');
  throw invalidBody(parsed.error.issues);
}

/** Returns a relative reference from the path of the request, through the base of the API, to `target` in the same view. */
function referenceFrom(event: ApiEvent, { path, view }: Route, target: string): string {
  const depth = path.split('/').length - 2 + (event.path?.endsWith('/') ? 1 : 0);
  const base = view === undefined ? '' : `${view}/`;
  return `${'../'.repeat(depth)}${base}${target.slice(1)}`;
}
