import type { Context } from 'aws-lambda';
import type { RateLimits } from '#contract/rate-limits.ts';
import { ROUTES } from '#contract/routes.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { createApi } from '../../../functions/jobs-api/api.ts';
import type { ApiEvent } from '../../../functions/jobs-api/exchange/exchange.ts';
import type { TokenIssuers } from '../../../functions/jobs-api/exchange/token-verifier.ts';
import type { DeployedPorts } from '../../../functions/jobs-api/request.ts';
import { rehearseParameters } from '../../../functions/workers/rehearse/parameters.ts';
import { jsonSchema, type Registry } from '../../../lib/registry.ts';
import { checkResponse } from '../../support/documented-answers.ts';
import { MemoryMonitor } from '../../support/memory/monitor.ts';
import { MemoryQueueDesk } from '../../support/memory/queue-desk.ts';
import { memoryWorld } from '../../support/memory/world.ts';
import { ISSUERS, token } from './tokens.ts';

const RANGE = {
  type: 'object',
  properties: { from: { type: 'integer' }, to: { type: 'integer' } },
  required: ['from', 'to'],
  additionalProperties: false,
};

export const REGISTRY: Registry = {
  splitters: [{ name: 'range', description: 'numbers', definition: RANGE }],
  workers: [
    { name: 'rehearse', description: 'nothing', parameters: jsonSchema(rehearseParameters) },
    { name: 'second', description: 'nothing', parameters: {} },
  ],
  jobTypes: [],
  templates: [],
  secrets: {},
  functions: {},
};

export const BATCH = { splitter: 'range', definition: { from: 0, to: 10 }, worker: 'rehearse' } as const;
export const BODY = { batch: BATCH } as const;

export interface Call {
  /** A JSON value, or text that is sent unchanged. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null`: no Authorization header. */
  readonly token?: string | null;
  readonly query?: string;
  readonly base64?: boolean;
  /** True for events of MiniStack, in which the path is decoded. */
  readonly isDecoded?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // Assertions read members by name, and a wrong name fails them.
  // biome-ignore lint/suspicious/noExplicitAny: the form of an answer is what is tested
  readonly body: any;
}

interface ApiWorldOptions extends Partial<Omit<DeployedPorts, 'maxUploadBytes' | 'registry' | 'version'>> {
  readonly issuers?: TokenIssuers;
  readonly registry?: Registry;
  /** @default - none, because the clock of these tests never advances and buckets would never refill */
  readonly rateLimits?: RateLimits;
  readonly isEmulated?: boolean;
  readonly corsOrigins?: readonly string[];
}

/** The API over memory ports. */
export function apiWorld(more: ApiWorldOptions = {}) {
  const world = memoryWorld();
  const presigner = {
    put: async (key: string) => `https://bucket.test/${key}?put`,
    get: async (key: string) => `https://bucket.test/${key}?get`,
  };
  const { issuers = ISSUERS, registry = REGISTRY, rateLimits, corsOrigins = [], isEmulated, ...ports } = more;
  const api = createApi({
    ...world,
    queueDesk: new MemoryQueueDesk(world.queues),
    monitor: new MemoryMonitor(),
    presigner,
    maxItems: 1_000_000,
    idleLimit: 'P7D',
    flowQueues: { split: 'split', results: 'results' },
    version: '1.2.3',
    maxUploadBytes: 1_000_000,
    ...ports,
    issuers,
    ...omitUndefined({ isEmulated }),
    rateLimits,
    corsOrigins,
    registry: {
      splitters: [...registry.splitters],
      workers: [...registry.workers],
      jobTypes: [...registry.jobTypes],
      templates: [...registry.templates],
      secrets: { ...registry.secrets },
      functions: { ...registry.functions },
    },
  });
  const sendUnchecked = async (event: ApiEvent): Promise<Answer> => {
    const { statusCode, headers, body } = await api(event, {} as Context);
    const isJson =
      String(headers?.['Content-Type']).includes('json') && !String(headers?.['Content-Type']).includes('nd');
    return {
      status: statusCode,
      headers: headers as Answer['headers'],
      text: body,
      body: isJson ? JSON.parse(body) : undefined,
    };
  };
  const send = async (event: ApiEvent): Promise<Answer> => {
    const answer = await sendUnchecked(event);
    // Tests with a custom domain use this base path.
    const path = event.path.replace(/^\/base(?=\/)/, '');
    checkResponse({ method: event.httpMethod, path, ...answer });
    return answer;
  };
  const call = (method: string, path: string, options: Call = {}) => send(eventOf(method, path, options));
  return { ...world, send, sendUnchecked, call };
}

export type ApiWorld = ReturnType<typeof apiWorld>;

/** The event of a REST API of AWS; `path` is percent-encoded. */
export function eventOf(method: string, path: string, options: Call = {}): ApiEvent {
  const { resource, pathParameters } = resourceOf(path);
  const sent =
    options.body === undefined || typeof options.body === 'string'
      ? options.body
      : JSON.stringify(options.body);
  const authorization = options.token === undefined ? token() : options.token;
  const headers = {
    ...(authorization === null ? {} : { authorization: `Bearer ${authorization}` }),
    ...options.headers,
  };
  const query = Object.groupBy([...new URLSearchParams(options.query ?? '')], ([name]) => name);
  const decode = options.isDecoded === true ? decodeURIComponent : (text: string) => text;
  return {
    ...(options.isDecoded === true ? { version: '1.0' } : {}),
    resource,
    path: decode(path),
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: Object.fromEntries(
      Object.entries(query).map(([name, pairs = []]) => [name, pairs.map(([, value]) => value)]),
    ),
    pathParameters:
      pathParameters &&
      Object.fromEntries(Object.entries(pathParameters).map(([name, value]) => [name, decode(value)])),
    stageVariables: null,
    requestContext: { requestId: 'request-1' } as ApiEvent['requestContext'],
    body: sent === undefined ? null : options.base64 ? Buffer.from(sent).toString('base64') : sent,
    isBase64Encoded: options.base64 ?? false,
  };
}

function resourceOf(path: string): { resource: string; pathParameters: Record<string, string> | null } {
  for (const route of ROUTES) {
    const pattern = new RegExp(
      `^${route.path.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`,
    );
    const match = pattern.exec(path);
    if (match) return { resource: route.path, pathParameters: match.groups ? { ...match.groups } : null };
  }
  return { resource: '/{route+}', pathParameters: { route: path.slice(1) } };
}

export const JOBS = '/partitions/p1/jobs';

/** Creates a job and returns its path. */
export async function createdJob(world: ApiWorld, id = 'j1', body: unknown = BODY): Promise<string> {
  const path = `${JOBS}/${encodeURIComponent(id)}`;
  const { status, text } = await world.call('PUT', path, { body });
  if (status !== 201) throw new Error(`job ${id} was not created: ${text}`);
  return path;
}
