import * as z from 'zod';
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { defineSplitter, item } from '#core/splitter.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { memoryService } from '../../support/memory-service.ts';
import { apiWorld } from './api-world.ts';

/** A worker that fails each item until the attempt that its payload names, over a service and its API. */
export function aFlakyService() {
  const flaky = defineWorker({
    name: 'flaky',
    parameters: z.unknown(),
    run({ id, payload }, { attempt }) {
      const { until = 1, permanent } = payload as { until?: number; permanent?: true };
      if (permanent) throw new PermanentFailure('bad', `item ${id} is bad`);
      if (attempt < until) throw new RetryableFailure('busy', `attempt ${attempt} was busy`);
      return { attempt };
    },
  });
  const splitter = defineSplitter<Record<string, unknown>>({
    name: 'named',
    description: '',
    definition: z.record(z.string(), z.unknown()),
    stable: true,
    *split(payloads) {
      for (const [id, payload] of Object.entries(payloads)) yield item(id, payload);
    },
  });
  const many = defineSplitter<{ count: number; payload: unknown }>({
    name: 'many',
    description: '',
    definition: z.strictObject({ count: z.int(), payload: z.unknown() }),
    stable: true,
    *split({ count, payload }) {
      for (let i = 0; i < count; i += 1) yield item(String(i), payload);
    },
  });
  const service = memoryService({ workers: [flaky], splitters: [splitter, many] });
  const { table, objects, clock, random, log } = service;
  return { service, api: apiWorld({ table, objects, clock, random, log }) };
}

export const KEY = { partition: 'p1', job: 'j1' };

/** Returns the definition of items with these ids and payloads. */
export function named(payloads: Readonly<Record<string, unknown>>) {
  return { definition: payloads };
}

export const PLAN = { splitter: 'named', worker: 'flaky', maxAttempts: 4 };

/** Runs the service until the only work left is delayed. */
export async function stepUntilRetried(service: ReturnType<typeof memoryService>): Promise<void> {
  while (await service.step());
  if (service.queues.nextDue() === undefined) throw new Error('nothing is tried again');
}
