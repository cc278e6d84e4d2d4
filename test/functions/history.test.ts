import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { STRAGGLER_MILLIS } from '#core/stragglers.ts';
import { defineWorker } from '../../functions/kit/define-worker.ts';
import { deleteJob } from '../../functions/store/delete-job.ts';
import { listHistory } from '../../functions/store/history.ts';
import { endJob, moveJob } from '../../functions/store/jobs.ts';
import { memoryService } from '../support/memory-service.ts';

const KEY = { partition: 'p', job: 'j' };

function aService() {
  const work = defineWorker({
    name: 'work',
    parameters: z.unknown(),
    run: async (item) => {
      if (item.payload === 3) throw new Error('three is refused');
      return item.payload;
    },
  });
  const service = memoryService({ workers: [work] });
  const move = (verb: 'pause' | 'resume' | 'cancel') =>
    moveJob(service.table, KEY, verb, { now: service.clock.now(), actor: 'alice' });
  const dispatch = () =>
    moveJob(service.table, KEY, 'dispatch', { now: service.clock.now(), followUp: 'launch' });
  const submit = (more: object = {}) =>
    service.submit(
      { splitter: 'range', worker: 'work', maxAttempts: 1, ...more },
      { definition: { from: 0, to: 10 } },
    );
  const history = async (runNumber = 1) =>
    (await listHistory(service.table, { ...KEY, runNumber }, { limit: 100 })).entries;
  const told = async () =>
    (await history()).map(({ verb, from, to, actor }) => `${verb} ${from ?? ''}→${to} ${actor}`);
  return { service, move, dispatch, submit, history, told };
}

describe('the history of a job', () => {
  test('lists its changes with their actors, in the order of its versions', async () => {
    const { service, move, dispatch, submit, history, told } = aService();
    await submit();
    await dispatch();
    await move('pause');
    await service.drain();
    await move('resume');
    await service.drain();

    expect(await told()).toEqual([
      'create →Waiting tester',
      'dispatch Waiting→Active system',
      'pause Active→Paused alice',
      'resume Paused→Active alice',
      'complete Active→Completed system',
    ]);
    const entries = await history();
    const { job } = (await service.view()) ?? {};
    expect(entries.at(-1)).toMatchObject({
      version: job?.version,
      time: job?.endTime,
      reason: '1 of 10 items failed',
    });
    expect(entries.map(({ version }) => version)).toEqual(
      entries.map(({ version }) => version).toSorted((a, b) => a - b),
    );
  });

  test.each([
    ['failAtEnd', '1 of 10 items failed'],
    ['failFast', '1 item failed, more than onItemFailure allows. Retry them, or raise the limit.'],
  ] as const)('says why a job failed by %s', async (onItemFailure, reason) => {
    const { service, submit, history } = aService();
    await submit({ onItemFailure });

    await service.drain();

    const last = (await history()).at(-1);
    expect(last).toMatchObject({ verb: 'fail', to: 'Failed', actor: 'system' });
    expect(last?.reason).toContain(reason.split(',')[0]);
  });

  test('has nothing of verbs that changed nothing or were refused', async () => {
    const { service, move, submit, told } = aService();
    await submit();
    await move('cancel');
    const before = await told();

    await move('cancel');
    await move('pause');
    const end = { status: 'Completed', totals: { items: 1, failed: 0, skipped: 0 }, now: 1 } as const;
    const ended = await endJob(service.table, { ...KEY, runNumber: 1 }, end);

    expect(ended).toBe('stale');
    expect(await told()).toEqual(before);
  });

  test('has one end, though many see it', async () => {
    const { service, dispatch, submit, told } = aService();
    await submit();
    await dispatch();
    const end = { status: 'Completed', totals: { items: 1, failed: 0, skipped: 0 }, now: 1 } as const;

    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => endJob(service.table, { ...KEY, runNumber: 1 }, end)),
    );

    expect(outcomes.filter((outcome) => outcome === 'ended')).toHaveLength(1);
    expect((await told()).filter((entry) => entry.startsWith('complete'))).toHaveLength(1);
  });

  test('is deleted with its job, and the next creation begins its own', async () => {
    const { service, submit, history } = aService();
    await submit();
    await service.drain();
    await deleteJob(service.table, KEY, { now: service.clock.now() });
    await service.drain();

    const gone = await history(1);
    await service.pass(STRAGGLER_MILLIS);
    await submit();

    expect(gone).toEqual([]);
    expect(await history(2)).toMatchObject([{ version: 1, verb: 'create' }]);
    expect([...service.table.rows()].filter(({ pk }) => pk.includes('#R1'))).toEqual([]);
  });
});
