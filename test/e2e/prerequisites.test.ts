import { describe, expect, test } from 'vitest';
import { call, finished, freshPartition, jobPath, until } from './rest.ts';

const numbers = (parameters: object = {}) => ({
  batch: {
    splitter: 'range',
    definition: { from: 1, to: 11 },
    worker: 'rehearse',
    itemsPerTask: 5,
    maxAttempts: 1,
    onItemFailure: 'failAtEnd',
    parameters,
  },
});
const FAILING = numbers({ failEvery: 5 });

function ofPartition() {
  const partition = freshPartition();
  const path = (job: string) => jobPath(partition, job);
  return {
    path,
    create: (job: string, body: object) => call('PUT', path(job), { body }),
    view: async (job: string) => (await call('GET', path(job))).body,
    waiting: (job: string, ids: readonly string[]) =>
      until(`${job} waits for ${ids}`, async () => {
        const { body } = await call('GET', path(job));
        return body.status === 'Waiting' && body.waitingFor.join() === ids.join() && body;
      }),
  };
}

describe('a job that waits for others', () => {
  test('begins once, its delay after the last of them has completed; the graph shows in both', async () => {
    const { path, create, view, waiting } = ofPartition();
    await create('last', { prerequisiteJobIds: ['one', 'two', 'none,pc'], delay: 2, ...numbers() });
    await create('one', numbers());
    await waiting('last', ['two']);

    await create('two', numbers());
    const two = await finished(path('two'));
    const last = await finished(path('last'));

    expect(last).toMatchObject({ status: 'Completed', waitingFor: [] });
    expect(last.startTime - two.endTime).toBeGreaterThanOrEqual(2_000);
    expect(last.startTime - two.endTime).toBeLessThan(7_000);
    expect((await view('one')).dependents).toEqual(['last']);
    const { body: history } = await call('GET', `${path('last')}/history`);
    expect(history.map(({ verb }: { verb: string }) => verb)).toEqual(['create', 'dispatch', 'complete']);
  });

  test('fails with all that wait for it, and each names the root cause', async () => {
    const { path, create } = ofPartition();
    await create('root', FAILING);
    await create('middle', { prerequisiteJobIds: ['root'], ...numbers() });
    await create('leaf', { prerequisiteJobIds: ['middle'], ...numbers() });

    const [root, middle, leaf] = [
      await finished(path('root')),
      await finished(path('middle')),
      await finished(path('leaf')),
    ];

    expect([root.status, middle.status, leaf.status]).toEqual(['Failed', 'Failed', 'Failed']);
    for (const { failures } of [middle, leaf]) {
      expect(failures).toMatchObject([{ code: 'prerequisite-failed', failureSource: "job 'root'" }]);
    }
    const late = await create('late', { prerequisiteJobIds: ['leaf'], ...numbers() });
    expect(late).toMatchObject({ status: 400, body: { errors: [{ pointer: '/prerequisiteJobIds' }] } });
    expect((await call('GET', path('late'))).status).toBe(404);
  });

  test('starts again with all that failed because of the retried job', async () => {
    const { path, create } = ofPartition();
    await create('root', { hold: true, ...FAILING });
    await create('next', { prerequisiteJobIds: ['root'], ...numbers() });
    await create('last', { prerequisiteJobIds: ['next'], ...numbers() });
    await call('POST', `${path('root')}/resume`);
    expect(await finished(path('last'))).toMatchObject({ status: 'Failed' });

    const { status, body } = await call('POST', `${path('root')}/retry`, {
      body: { restartDependents: true },
    });
    const restarted = await until('last is restarted', async () => {
      const { body: history } = await call('GET', `${path('last')}/history`);
      return history.length > 3 && history;
    });

    expect([status, body.failedDependents]).toEqual([202, ['last', 'next']]);
    expect(restarted.map(({ verb }: { verb: string }) => verb).slice(0, 3)).toEqual([
      'create',
      'fail',
      'restart',
    ]);
  });

  test('continues under ignore, and under wait once another job with the ID has completed', async () => {
    const { path, create, waiting } = ofPartition();
    await create('root', FAILING);
    await create('ignoring', { prerequisiteJobIds: ['root'], onPrerequisiteFailure: 'ignore', ...numbers() });
    await create('patient', { prerequisiteJobIds: ['root'], onPrerequisiteFailure: 'wait', ...numbers() });

    await finished(path('root'));
    expect(await finished(path('ignoring'))).toMatchObject({ status: 'Completed' });
    await waiting('patient', ['root']);
    await call('DELETE', path('root'));
    await create('root', numbers());

    expect(await finished(path('patient'))).toMatchObject({ status: 'Completed' });
  });

  test('starts on resume if its prerequisites ended while it was paused', async () => {
    const { path, create, view } = ofPartition();
    await create('second', { prerequisiteJobIds: ['first'], ...numbers() });
    await call('POST', `${path('second')}/pause`);
    await create('first', numbers());
    await finished(path('first'));
    expect((await view('second')).status).toBe('Paused');

    await call('POST', `${path('second')}/resume`);

    expect(await finished(path('second'))).toMatchObject({ status: 'Completed' });
  });

  test('is refused if it would wait for itself', async () => {
    const { create } = ofPartition();
    await create('b', { prerequisiteJobIds: ['a'], ...numbers() });
    await create('c', { prerequisiteJobIds: ['b'], ...numbers() });

    const { status, body } = await create('a', { prerequisiteJobIds: ['c'], ...numbers() });

    expect([status, body.detail]).toEqual([400, expect.stringContaining('a → c → b → a')]);
  });
});
