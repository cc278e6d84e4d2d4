/** The whole service in memory, served over HTTP, with a bucket for uploads and downloads. */
import { parseObjectKey } from '#core/object-address.ts';
import { shippedSplitters } from '../../functions/split-batch/splitters/index.ts';
import { worker as rehearse } from '../../functions/workers/rehearse/definition.ts';
import { jsonSchema } from '../../lib/registry.ts';
import { apiWorld, REGISTRY } from '../functions/jobs-api/api-world.ts';
import { token } from '../functions/jobs-api/tokens.ts';
import { memoryService } from '../support/memory-service.ts';
import { bytesOf, type Intercept, serveApi } from '../support/served-api.ts';
import { filesWorker } from './files-worker.ts';

const BUCKET = '/bucket/';
/** Pause between two steps of the functions, so that a watching command sees progress. */
const STEP_MILLIS = 10;

export type ServedService = Awaited<ReturnType<typeof serveService>>;

export async function serveService() {
  const service = memoryService({ workers: [rehearse, filesWorker] });
  const { table, objects, clock, random, log, machines } = service;
  let base = '';
  const address = async (key: string) => `${base}${BUCKET}${encodeURIComponent(key)}`;
  const registry = {
    ...REGISTRY,
    splitters: shippedSplitters.map(({ name, description, definition }) => {
      return { name, description, definition: jsonSchema(definition) };
    }),
    workers: [...REGISTRY.workers, { name: 'files', description: 'makes files', parameters: {} }],
  };
  const presigner = { put: address, get: address };
  const api = apiWorld({ table, objects, clock, random, log, machines, registry, presigner });
  const bucket: Intercept = async (request, response) => {
    clock.advanceTo(Date.now());
    if (!request.url?.startsWith(BUCKET)) return false;
    const key = parseObjectKey(decodeURIComponent(request.url.slice(BUCKET.length)));
    if (request.method === 'PUT') {
      await objects.put(key, await bytesOf(request));
      response.end();
    } else response.end(await objects.get({ key }));
    return true;
  };
  const served = await serveApi(api.sendUnchecked, bucket);
  base = served.url;
  let isEnding = false;
  const working = work();

  async function work(): Promise<void> {
    while (!isEnding) {
      clock.advanceTo(Math.max(Date.now(), service.queues.nextDue() ?? 0));
      await service.step();
      await new Promise((resolve) => setTimeout(resolve, STEP_MILLIS));
    }
  }

  return {
    url: served.url,
    token: token({ partitions: ['*'], role: 'admin' }),
    stop: async () => {
      isEnding = true;
      await working;
      await served.stop();
    },
  };
}
