import * as z from 'zod';
import { PermanentFailure } from '#core/errors.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { type MemoryServiceOptions, memoryService, type PlanInput } from '../support/memory-service.ts';
import { apiWorld } from './jobs-api/api-world.ts';

export const KEY = { partition: 'p1', job: 'j' };
const PATH = '/partitions/p1/jobs/j';

interface Payload {
  readonly n?: number;
  readonly fixed?: boolean;
}

/** Items whose number is in `bad` fail, until they are patched or taken out of it. */
export function aService(
  options: Partial<MemoryServiceOptions> = {},
  others: MemoryServiceOptions['workers'] = [],
) {
  const bad = new Map<number, string>([
    [3, 'odd'],
    [14, 'even'],
    [33, 'odd'],
  ]);
  const seen: { n: number; attempt: number }[] = [];
  const work = defineWorker({
    name: 'work',
    parameters: z.unknown(),
    run: async (item, { attempt, skip }) => {
      const payload = (typeof item.payload === 'number' ? { n: item.payload } : item.payload) as Payload;
      const n = payload.n ?? -1;
      seen.push({ n, attempt });
      const code = payload.fixed === true ? undefined : bad.get(n);
      if (code !== undefined) throw new PermanentFailure(code, `${n} is bad`);
      if (n === 7) skip();
      return { n };
    },
  });
  const service = memoryService({ workers: [work, ...others], ...options });
  const { table, objects, clock, random, log } = service;
  const api = apiWorld({ table, objects, clock, random, log });
  const list = async (path: string, query = '') => {
    const entries = [];
    let next: string | undefined = `limit=7${query}`;
    while (next !== undefined) {
      const page: Awaited<ReturnType<typeof api.call>> = await api.call('GET', `${PATH}${path}`, {
        query: next,
      });
      entries.push(...page.body);
      next = page.headers['Link']?.split(/[?>]/)[1];
    }
    return entries;
  };
  const submit = (plan: Partial<PlanInput> = {}, definition: unknown = { from: 0, to: 50 }) =>
    service.submit({ splitter: 'range', worker: 'work', itemsPerTask: 10, ...plan }, { definition }, KEY);
  const retry = (body?: unknown, headers = {}) => api.call('POST', `${PATH}/retry`, { body, headers });
  const job = async () => (await api.call('GET', PATH)).body;
  /** The first run, to its end. */
  const ran = async (...input: Parameters<typeof submit>) => {
    await submit(...input);
    await service.drain();
    seen.length = 0;
    clock.advance(60_000);
  };
  return { service, api, bad, seen, submit, ran, retry, list, job };
}
