import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { omitUndefined } from '#core/omit-undefined.ts';
import { planConcurrency } from '../../lib/concurrency.ts';
import type { JobServiceStackProps } from '../../lib/job-service-stack.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';
import { Worker } from '../../lib/worker.ts';
import { synthesize } from './synthesized.ts';

const OPTIONS = { description: 'Does nothing.', parameters: z.strictObject({}) };

function own(count: number, maxConcurrency?: number): [string, Worker][] {
  return Array.from({ length: count }, (_, number) => [
    `own-${number}`,
    Worker.shipped('tag', {
      ...OPTIONS,
      ...omitUndefined({ maxConcurrency }),
    }),
  ]);
}

const plan = (more: readonly [string, Worker][], props: object = {}) =>
  planConcurrency({ workers: new Map([...shippedWorkers({ documents: true }), ...more]), ...props });

function deployed(props: JobServiceStackProps): { sum: number; reserved: (number | undefined)[] } {
  const synthesized = synthesize(props);
  const sources = synthesized
    .ofType('AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => Properties);
  const queues = sources.filter(({ BatchSize, ScalingConfig }) => BatchSize !== undefined && ScalingConfig);
  // Only the stream has no limit: it has one reader per shard.
  expect(sources.length - queues.length).toBe(1);
  return {
    sum: queues.reduce((sum, { ScalingConfig }) => sum + Number(ScalingConfig.MaximumConcurrency), 0),
    reserved: synthesized
      .ofType('AWS::Lambda::Function')
      .flatMap(([, { Properties }]) => Properties['ReservedConcurrentExecutions'] ?? []),
  };
}

describe('concurrent runs of all queues', () => {
  test('stay below the account limit by default', () => {
    const { sum, reserved } = deployed({});

    expect(sum).toBe(plan([]).total);
    expect(sum).toBeLessThanOrEqual(900);
    expect(sum).toBeGreaterThan(800);
    expect(reserved).toEqual([]);
  });

  test("stay below it with users' workers and with concurrency reserved for the API", () => {
    const workers = Object.fromEntries([
      ...own(2),
      ...own(3, 50).map(([name, worker]) => [`x-${name}`, worker]),
    ]);

    const { sum, reserved } = deployed({ workers, reservedApiConcurrency: 50 });

    expect(sum).toBeLessThanOrEqual(850);
    expect(reserved).toEqual([50]);
  });

  test('are shared evenly, up to 100 for each queue', () => {
    expect(plan([]).maxConcurrency).toBe(Math.floor((900 - 26) / 13));
    expect(plan(own(20)).maxConcurrency).toBe(Math.floor((900 - 66) / 33));
    expect(plan([], { maxTotalConcurrency: 5_000 }).maxConcurrency).toBe(100);
    expect(plan([], { reservedApiConcurrency: 100 }).maxConcurrency).toBe(Math.floor((800 - 26) / 13));
  });

  test('can be set by users, up to the total', () => {
    expect(plan(own(1, 400))).toEqual({ maxConcurrency: 36, total: 400 + 28 + 13 * 36 });
    expect(plan([], { maxConcurrency: 200, maxTotalConcurrency: 3_000 }).total).toBe(13 * 200 + 26);
  });

  test('are refused above the total, with the sum and its parts', () => {
    expect(() => synthesize({ maxConcurrency: 100 })).toThrow(
      'the queues may cause 1326 concurrent runs (13 other queues 100 each, 13 dead-letter queues 2 each); maxTotalConcurrency is 900.',
    );
    expect(() => plan(own(1, 1_000), { reservedApiConcurrency: 10 })).toThrow(
      'the queues may cause 1064 concurrent runs (worker own-0 1000, 13 other queues 2 each, 14 dead-letter queues 2 each, reserved for the API 10)',
    );
  });

  test.each([
    [{ maxConcurrency: 1 }, 'maxConcurrency is 1; a whole number from 2 to 1000 is allowed'],
    [{ maxTotalConcurrency: 0 }, 'maxTotalConcurrency is 0; a whole number from 1 to 1000000 is allowed'],
    [{ reservedApiConcurrency: 1.5 }, 'reservedApiConcurrency is 1.5'],
    [{ reservedApiConcurrency: 0 }, 'reservedApiConcurrency is 0'],
  ])('are whole numbers: %j', (props, words) => {
    expect(() => plan([], props)).toThrow(words);
  });

  test('of a worker are whole numbers', () => {
    expect(() => plan(own(1, 1))).toThrow(
      'maxConcurrency of worker own-0 is 1; a whole number from 2 to 1000',
    );
  });
});
