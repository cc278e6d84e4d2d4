import { describe, expect, test } from 'vitest';
import { RetryableFailure } from '#core/errors.ts';
import { STRAGGLER_MILLIS } from '#core/stragglers.ts';
import { countVisits } from '../../../functions/store/visits.ts';
import { aFlowService, items, step } from './a-flow.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index));
const THREE = { itemsPerTask: 2, steps: [step('a'), step('b'), step('c')] };

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

describe('pause', () => {
  test.each([0, 1, 2, 3, 4, 5, 6])(
    'after %i rounds and resume: every step has every item once',
    async (rounds) => {
      const flow = aFlowService();
      const steps = NAMES.map((name) => step(name));
      await flow.submit({ itemsPerTask: 2, steps }, items(...ids(8)));
      for (let round = 0; round < rounds; round += 1) await flow.service.step();

      await flow.act('pause');
      flow.service.clock.advance(6_000);
      await flow.service.drain();
      const paused = await flow.job();
      const before = flow.seen.length;
      flow.service.clock.advance(30 * 24 * 3_600_000);
      await flow.service.drain();
      const begun = flow.seen.length;
      await flow.act('resume');
      await flow.service.drain();

      expect([paused.status, begun]).toEqual(['Paused', before]);
      expect(await flow.job()).toMatchObject({ status: 'Completed', items: { found: 8, succeeded: 8 } });
      expect(new Set(flow.trace()).size).toBe(8 * NAMES.length);
      expect(flow.seen).toHaveLength(8 * NAMES.length);
    },
  );

  test('keeps a failure of the flow until the job is resumed', async () => {
    const flow = aFlowService({ before: () => flow.act('pause') });
    await flow.submit({ steps: [step('a', { fail: ['1'] }, { onItemFailure: 'failAtEnd' })] }, items('1'));

    await flow.service.drain();
    const paused = await flow.job();
    await flow.act('resume');
    await flow.service.drain();

    expect(paused.status).toBe('Paused');
    expect(await flow.job()).toMatchObject({ status: 'Failed' });
  });
});

describe('cancel and delete', () => {
  test('in the middle of a step end the execution, and nothing more is begun', async () => {
    const flow = aFlowService({
      before: ({ as, id }) => (as === 'b' && id === '0' ? flow.act('cancel') : undefined),
    });
    await flow.submit(THREE, items(...ids(4)));

    await flow.service.drain();

    expect((await flow.job()).status).toBe('Cancelled');
    expect(flow.executions().map(({ status }) => status)).toEqual(['ABORTED']);
    expect(flow.trace().filter((one) => one.startsWith('c'))).toEqual([]);
    expect(Object.keys(await flow.outcomes())).toEqual(ids(4));
  });

  test('of a job that is deleted leave no row and no object behind', async () => {
    const flow = aFlowService({
      before: ({ as, id }) => (as === 'b' && id === '0' ? flow.delete() : undefined),
    });
    await flow.submit(THREE, items(...ids(4)));

    await flow.service.drain();
    await flow.service.pass(STRAGGLER_MILLIS);

    expect(flow.executions().map(({ status }) => status)).toEqual(['ABORTED']);
    const rows = [...flow.service.table.rows()].filter(({ pk }) => pk.includes('#J#'));
    expect(rows.map(({ sk, status }) => [sk, status])).toEqual([['JOB', 'Deleted']]);
    expect(flow.service.objects.keys()).toEqual([]);
  });
});

describe('a state machine that hears nothing', () => {
  test.each([1, 2, 3, 4, 5, 6])(
    'after %i rounds asks again, and every step has every item once',
    async (rounds) => {
      const flow = aFlowService();
      await flow.submit(THREE, items(...ids(4)));
      for (let round = 0; round < rounds; round += 1) await flow.service.step();

      await flow.service.machines.loseHeartbeats();
      await flow.service.machines.loseHeartbeats();
      await flow.service.drain();

      expect(await flow.job()).toMatchObject({ status: 'Completed', items: { found: 4, succeeded: 4 } });
      expect(flow.seen).toHaveLength(12);
      expect(await countVisits(flow.service.table, { ...flow.key, runNumber: 1 })).toBeLessThanOrEqual(3);
    },
  );

  test('of a job that has ended ends', async () => {
    const flow = aFlowService({ before: () => flow.act('cancel') });
    flow.service.machines.stop = async () => undefined;
    await flow.submit(THREE, items('1'));
    await flow.service.drain();

    await flow.service.machines.loseHeartbeats();
    await flow.service.drain();

    expect(flow.executions().map(({ status }) => status)).toEqual(['FAILED']);
  });

  test('of a step that is out of time fails the job; pauses are none of its time', async () => {
    const flow = aFlowService({
      before: () => {
        throw new RetryableFailure('busy', 'always');
      },
    });
    const { service } = flow;
    const rounds = async (count: number) => {
      for (let round = 0; round < count; round += 1) await service.step();
    };
    const steps = [step('a', {}, { timeoutSeconds: 600, maxAttempts: 10 })];
    await flow.submit({ steps }, items('1'));
    await rounds(2);

    await flow.act('pause');
    service.clock.advance(3_600_000);
    await flow.act('resume');
    await service.machines.loseHeartbeats();
    await rounds(4);
    const resumed = await flow.job();
    service.clock.advance(601_000);
    await service.machines.loseHeartbeats();
    await rounds(4);

    expect(resumed).toMatchObject({ status: 'Active', step: 'a' });
    expect(await flow.job()).toMatchObject({ status: 'Failed', failures: [{ code: 'step-failed' }] });
    expect(flow.executions().map(({ status }) => status)).toEqual(['ABORTED']);
  });
});
