/** The service in one process, for clients: a `fetch` that reaches its API and its bucket. */
import { Jobtree, type JobtreeOptions } from 'jobtree/client';
import { worker as rehearse } from '../../../functions/workers/rehearse/definition.ts';
import { apiWorld, eventOf, REGISTRY } from '../../functions/jobs-api/api-world.ts';
import { token } from '../../functions/jobs-api/tokens.ts';
import { memoryService } from '../../support/memory-service.ts';

export const URL_OF_API = 'https://jobs.test/v1';
const BUCKET = 'https://bucket.test';

/** A request as the client sent it. */
export interface Sent {
  readonly method: string;
  /** Path and query below the base of the API, or the address of the bucket. */
  readonly target: string;
  readonly headers: Headers;
  readonly body: string;
}

/** Replaces the response of a request, or throws as `fetch` does without a network. */
export type Interference = (
  request: Sent,
  count: number,
) => Response | undefined | Promise<Response | undefined>;

export function aService({ interfere }: { readonly interfere?: Interference } = {}) {
  const service = memoryService({ workers: [rehearse] });
  const { table, objects, clock, random, log } = service;
  const lines = { name: 'lines', description: 'lines of a file', definition: {} };
  const registry = { ...REGISTRY, splitters: [...REGISTRY.splitters, lines] };
  const api = apiWorld({
    ...{ table, objects, clock, random, log, registry },
    presigner: {
      put: async (key: string) => `${BUCKET}/${key}?put`,
      get: async (key: string) => `${BUCKET}/${key}?get`,
    },
  });
  const sent: Sent[] = [];

  const serve = async (request: Request): Promise<Response> => {
    const seen = await sentOf(request);
    sent.push(seen);
    const replaced = await interfere?.(seen, sent.length);
    if (replaced !== undefined) return replaced;
    if (request.url.startsWith(`${BUCKET}/`)) return serveBucket(request.url, seen);
    const [path = '', query = ''] = seen.target.split('?');
    const answer = await api.send(
      eventOf(seen.method, path, {
        token: null,
        headers: Object.fromEntries(seen.headers),
        query,
        ...(seen.body === '' ? {} : { body: seen.body }),
      }),
    );
    const hasBody = ![204, 304].includes(answer.status);
    return new Response(hasBody ? answer.text : null, {
      status: answer.status,
      headers: { ...answer.headers },
    });
  };

  const serveBucket = async (url: string, { method, body }: Sent): Promise<Response> => {
    const key = decodeURIComponent(url.slice(`${BUCKET}/`.length).replace(/\?.*/, ''));
    if (method === 'PUT') {
      await objects.put(key, body);
      return new Response(null, { status: 200 });
    }
    const bytes = await objects.get({ key });
    return bytes === undefined
      ? new Response('<Code>NoSuchKey</Code>', { status: 404 })
      : new Response(new Uint8Array(bytes));
  };

  const serviceFetch: typeof fetch = async (input, init) => serve(new Request(input, init));
  const client = (options: Partial<JobtreeOptions> = {}) =>
    new Jobtree({ url: URL_OF_API, token: token(), partition: 'p1', fetch: serviceFetch, ...options });
  return { ...service, api, sent, client, fetch: serviceFetch };
}

async function sentOf(request: Request): Promise<Sent> {
  const { method, url, headers } = request;
  const target = url.startsWith(URL_OF_API) ? url.slice(URL_OF_API.length) : url;
  return { method, target, headers, body: await request.text() };
}
