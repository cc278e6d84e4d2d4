import * as z from 'zod';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { memoryService } from '../../support/memory-service.ts';
import { apiWorld, JOBS, REGISTRY } from '../jobs-api/api-world.ts';

interface BatchOptions {
  readonly from?: number;
  readonly to?: number;
  readonly itemsPerTask?: number;
  readonly onItemFailure?: string;
}

/** The API and all functions behind it. Items with a negative number fail. */
export function aService() {
  const work = defineWorker({
    name: 'work',
    parameters: z.unknown(),
    run: async ({ payload }) => {
      if (typeof payload === 'number' && payload < 0) throw new Error('below zero');
      return payload;
    },
  });
  const service = memoryService({ workers: [work] });
  const { table, objects, clock, random, log } = service;
  const workers = [{ name: 'work', description: 'refuses what is below zero', parameters: {} }];
  const api = apiWorld({ table, objects, clock, random, log, registry: { ...REGISTRY, workers } });
  const path = (job: string) => `${JOBS}/${job}`;

  return {
    ...service,
    api,
    /** If `from` is below zero, its items fail. */
    create: (job: string, body: object = {}, { from = 0, to = 2, ...batch }: BatchOptions = {}) =>
      api.call('PUT', path(job), {
        body: {
          batch: { splitter: 'range', definition: { from, to }, worker: 'work', maxAttempts: 1, ...batch },
          ...body,
        },
      }),
    post: (job: string, verb: string) => api.call('POST', `${path(job)}/${verb}`),
    retry: (job: string, body: object = {}) => api.call('POST', `${path(job)}/retry`, { body }),
    remove: (job: string) => api.call('DELETE', path(job)),
    edit: (job: string, body: object) => api.call('PATCH', path(job), { body }),
    view: async (job: string) => (await api.call('GET', path(job))).body,
    status: async (job: string) => (await api.call('GET', `${path(job)}/status`)).body,
    verbs: async (job: string): Promise<string[]> => {
      const { body } = await api.call('GET', `${path(job)}/history`);
      return body.map(({ verb }: { verb: string }) => verb);
    },
  };
}
export type Service = ReturnType<typeof aService>;
