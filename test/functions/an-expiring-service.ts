import * as z from 'zod';
import { PermanentFailure } from '#core/errors.ts';
import type { JobStatus } from '#core/job-status.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { moveJob } from '../../functions/store/jobs.ts';
import { memoryService } from '../support/memory-service.ts';
import { apiWorld, type Call, REGISTRY } from './jobs-api/api-world.ts';
import { token } from './jobs-api/tokens.ts';

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A service with its API and a virtual clock. Its jobs have ten numbers, and number 3 fails. */
export function anExpiringService({ idleLimit = 'P7D' } = {}) {
  const work = defineWorker({
    name: 'work',
    parameters: z.unknown(),
    run: async ({ payload }, { putPart }) => {
      await putPart({ filename: 'a.txt', mimeType: 'text/plain', body: 'x' });
      if (payload === 3) throw new PermanentFailure('bad', 'it is 3');
    },
  });
  const service = memoryService({ workers: [work] });
  const { table, objects, clock, random, log } = service;
  const registry = { ...REGISTRY, workers: [{ name: 'work', description: 'nothing', parameters: {} }] };
  const { call } = apiWorld({ table, objects, clock, random, log, registry, idleLimit });
  const pathOf = (id: string) => `/partitions/p1/jobs/${id}`;

  return {
    ...service,
    call,
    /** Sets the settings of the partition, with the role admin. */
    settings: (body: unknown, more: Call = {}) =>
      call('PUT', '/partitions/p1', { body, token: token({ role: 'admin' }), ...more }),
    async create(id: string, { items = 10, ...more }: { items?: number; [member: string]: unknown } = {}) {
      const batch = {
        splitter: 'range',
        definition: { from: 0, to: items },
        worker: 'work',
        itemsPerTask: 3,
      };
      const answer = await call('PUT', pathOf(id), { body: { batch, ...more } });
      if (answer.status !== 201) throw new Error(`job ${id} was not created: ${answer.text}`);
      return answer.body;
    },
    act: (id: string, verb: string, body?: unknown) => call('POST', `${pathOf(id)}/${verb}`, { body }),
    patch: (id: string, body: unknown) => call('PATCH', pathOf(id), { body }),
    /** `undefined` once it is deleted. */
    async job(id: string) {
      const { status, body } = await call('GET', pathOf(id));
      return status === 404 ? undefined : body;
    },
    /** The status, or Deleted. */
    async status(id: string): Promise<string> {
      const { status, body } = await call('GET', `${pathOf(id)}/status`);
      return status === 404 ? 'Deleted' : body;
    },
    async history(id: string) {
      return (await call('GET', `${pathOf(id)}/history`)).body;
    },
  };
}

type ExpiringService = ReturnType<typeof anExpiringService>;

const KEY = { partition: 'p1', job: 'j' };

/** For each status, the request body and the actions that reach it. One step does only a part of the work. */
const WAYS: Record<JobStatus, { body?: object; reach?: (service: ExpiringService) => Promise<unknown> }> = {
  Waiting: { body: { prerequisiteJobIds: ['not-yet-there'] }, reach: (service) => service.drain() },
  Active: { reach: (service) => service.step() },
  Paused: {
    reach: async (service) => {
      await service.step();
      await service.act('j', 'pause');
    },
  },
  Blocked: {
    reach: async ({ step, table, clock }) => {
      await step();
      await moveJob(table, KEY, 'block', { now: clock.now() });
    },
  },
  Completed: { reach: (service) => service.drain() },
  Failed: { body: { onItemFailure: 'failAtEnd' }, reach: (service) => service.drain() },
  Cancelled: {
    reach: async (service) => {
      await pausedAtRest(service);
      await service.act('j', 'cancel');
      await service.drain();
    },
  },
  Expired: {
    reach: async (service) => {
      await pausedAtRest(service);
      await moveJob(service.table, KEY, 'expire', { now: service.clock.now() });
      await service.drain();
    },
  },
};

/** Pauses the job and waits until no work of it is in flight. */
export async function pausedAtRest(service: ExpiringService) {
  await service.step();
  await service.act('j', 'pause');
  // By then no status cache still holds the status Active.
  service.clock.advance(6_000);
  await service.drain();
}

/** The job `j`, in this status, with this policy for it. */
export async function aJobThatIs(status: JobStatus, expiry?: object) {
  const service = anExpiringService();
  const { body = {}, reach } = WAYS[status];
  const { onItemFailure, ...more } = body as { onItemFailure?: string };
  const batch = { splitter: 'range', definition: { from: 0, to: 40 }, worker: 'work', itemsPerTask: 3 };
  await service.create('j', {
    ...more,
    ...(expiry && { expiry: { [status.toLowerCase()]: expiry } }),
    batch: { ...batch, ...omitUndefined({ onItemFailure }) },
  });
  await reach?.(service);
  const job = await service.job('j');
  if (job.status !== status) throw new Error(`the job is ${job.status}, not ${status}`);
  return { service, job };
}

/** The status that a user sees, and the rows and objects that remain of the job. */
export async function whatIsLeft({ table, objects, status }: ExpiringService) {
  const rows = [...table.rows()].filter(({ sk }) => sk !== 'PARTITION' && !sk.startsWith('DEP#'));
  return {
    status: await status('j'),
    rows: rows.map(({ sk, ...row }) => [sk, row['status']]),
    objects: objects.keys(),
  };
}

export const NOTHING = { status: 'Deleted', rows: [['JOB', 'Deleted']], objects: [] };
