import { describe, expect, test } from 'vitest';
import { call, finished, freshPartition, jobPath, pages, until } from './rest.ts';

/** Templates are of the whole service: each test has a name of its own. */
let names = 0;
function freshName(): string {
  names += 1;
  return `t-${Date.now().toString(36)}-${names}`;
}

function step(name: string, parameters: object = {}, more: object = {}) {
  return { name, worker: 'rehearse', parameters, ...more };
}

function items(count: number) {
  return Array.from({ length: count }, (_, index) => ({ id: String(index) }));
}

/** Creates a template and a job of it. Returns the path of the job and the name of the template. */
async function begun(template: object, request: object = { items: items(10) }) {
  const name = freshName();
  const put = await call('PUT', `/templates/${name}`, { body: template });
  expect(put.status, JSON.stringify(put.body)).toBe(201);
  const path = jobPath(freshPartition(), 'job');
  const created = await call('PUT', path, { body: { template: name, ...request } });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  return { path, name };
}

async function outcomes(path: string): Promise<Record<string, string>> {
  const found: { id: string; outcome: string; path: string }[] = await pages(`${path}/items?limit=3`);
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
  return Object.fromEntries(found.map(({ id, outcome, path: node }) => [id, `${outcome} at ${node}`]));
}

const IN_ORDER = { itemsPerTask: 4, steps: [step('a'), step('b', { failEvery: 5 }), step('c')] };

describe('templates and job types of partitions', () => {
  test('run each with the steps of its partition, also by a job type, and are nothing to a third', async () => {
    const name = freshName();
    const [one, other, third] = [freshPartition(), freshPartition(), freshPartition()];
    const mapping = `{"template": "${name}", "items": [{"id": "1"}]}`;
    for (const [partition, own] of [
      [one, 'of-one'],
      [other, 'of-other'],
    ] as const) {
      const put = await call('PUT', `/partitions/${partition}/templates/${name}`, {
        body: { steps: [step(own)] },
      });
      expect(put.status, JSON.stringify(put.body)).toBe(201);
      const typed = await call('PUT', `/partitions/${partition}/job-types/${name}`, { body: { mapping } });
      expect(typed.status, JSON.stringify(typed.body)).toBe(201);
      await call('PUT', jobPath(partition, 'typed'), { body: { type: name } });
    }
    const refused = await call('PUT', jobPath(third, 'typed'), { body: { type: name } });

    const jobs = await Promise.all([one, other].map((partition) => finished(jobPath(partition, 'typed'))));

    expect(jobs.map(({ status }) => status)).toEqual(['Completed', 'Completed']);
    for (const [partition, own] of [
      [one, 'of-one'],
      [other, 'of-other'],
    ] as const) {
      expect(await pages(`${jobPath(partition, 'typed')}/tasks`)).toMatchObject([
        { step: own, outcome: 'COMPLETED' },
      ]);
      expect((await call('DELETE', `/partitions/${partition}/templates/${name}`)).status).toBe(204);
    }
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining(`'${name}'`)]);
    expect((await call('GET', `/partitions/${third}/templates/${name}`)).status).toBe(404);
  });
});

describe('a job of a template', () => {
  test('runs its steps in order, with exact totals', async () => {
    const { path, name } = await begun(IN_ORDER);

    const job = await finished(path);

    expect(job).toMatchObject({
      status: 'Completed',
      template: name,
      templateVersion: '1',
      items: { found: 10, succeeded: 8, failed: 2, skipped: 0, sealed: true },
      percentageComplete: 100,
    });
    expect(await outcomes(path)).toMatchObject({ 0: 'failed at 1', 1: 'succeeded at 2', 5: 'failed at 1' });
    expect(await pages(`${path}/failures`)).toMatchObject([
      { failureSource: 'step b, batch 1, chunk 0, item 0' },
      { failureSource: 'step b, batch 1, chunk 1, item 5' },
    ]);
    expect(await pages(`${path}/tasks`)).toMatchObject([
      { path: '0', kind: 'step', state: 'complete', step: 'a', children: 3, items: { succeeded: 10 } },
      { path: '1', step: 'b', outcome: 'COMPLETED_WITH_FAILURES', items: { succeeded: 8, failed: 2 } },
      { path: '2', step: 'c', outcome: 'COMPLETED', items: { succeeded: 8, failed: 0 } },
    ]);
    expect(await pages(`${path}/tasks?parent=1`)).toMatchObject([
      { path: '1.0', kind: 'chunk', state: 'complete', items: { succeeded: 3, failed: 1 } },
      { path: '1.1', items: { succeeded: 3, failed: 1 } },
      { path: '1.2', items: { succeeded: 2, failed: 0 } },
    ]);
  });

  test('follows the outcome of a step, a code of its worker too', async () => {
    const { path } = await begun({
      steps: [step('ask', { exitCode: 'MORE' }), step('never'), step('more')],
      flow: [
        { from: 'ask', on: 'COMPLETED', to: 'never' },
        { from: 'ask', on: 'MORE', to: 'more' },
      ],
    });

    const job = await finished(path);

    expect(job.status).toBe('Completed');
    expect(Object.values(await outcomes(path))).toEqual(items(10).map(() => 'succeeded at 1'));
  });

  test('does branches side by side and joins their items', async () => {
    const { path } = await begun({
      itemsPerTask: 3,
      steps: [
        step('split'),
        step('left', { output: 'L' }),
        step('right', { output: 'R', failItems: ['7'] }),
        step('join', {}, { after: ['left', 'right'] }),
      ],
      flow: [{ from: 'split', on: '*', to: ['left', 'right'] }],
    });

    const job = await finished(path);

    expect(job).toMatchObject({ status: 'Completed', items: { found: 10, succeeded: 9, failed: 1 } });
    const found = await pages(`${path}/items?outcome=succeeded`);
    expect(found.map(({ output }) => output)).toEqual(found.map(() => ({ left: 'L', right: 'R' })));
  });

  test('repeats a loop up to its limit', async () => {
    const { path } = await begun({
      steps: [step('again', { exitCode: 'MORE' })],
      flow: [{ from: 'again', on: 'MORE', to: 'again', maxVisits: 3 }],
    });

    const job = await finished(path);

    expect(job).toMatchObject({ status: 'Failed', failures: [{ code: 'max-visits' }], items: { found: 10 } });
    expect(Object.values(await outcomes(path))).toEqual(items(10).map(() => 'succeeded at 2'));
  });

  test('repeats parallel branches, and continues to count the visits of a loop in one of them', async () => {
    const { path } = await begun({
      steps: [
        step('split'),
        step('left', { output: 'L' }),
        step('right'),
        step('join', { exitCode: 'MORE' }, { after: ['left', 'right'] }),
      ],
      flow: [
        { from: 'split', on: '*', to: ['left', 'right'] },
        { from: 'left', on: 'MORE', to: 'left', maxVisits: 3 },
        { from: 'join', on: 'MORE', to: 'split', maxVisits: 2 },
      ],
    });

    const job = await finished(path);

    expect(job).toMatchObject({ status: 'Failed', failures: [{ code: 'max-visits' }], items: { found: 10 } });
    const steps: { step: string }[] = await pages(`${path}/tasks`);
    expect(steps.map(({ step: name }) => name).toSorted()).toEqual(
      ['split', 'left', 'right', 'join'].flatMap((name) => [name, name]).toSorted(),
    );
  });

  test('fails with a step that failed, unless an edge takes that on', async () => {
    const steps = [
      step('risky', { failItems: ['3'] }, { onItemFailure: 'failAtEnd' }),
      step('mend', {}, { takesFailed: true }),
    ];
    const failing = await begun({ steps });
    const mended = await begun({ steps, flow: [{ from: 'risky', on: 'FAILED', to: 'mend' }] });

    const jobs = [await finished(failing.path), await finished(mended.path)];

    expect(jobs[0]).toMatchObject({ status: 'Failed', items: { found: 10, failed: 1 } });
    expect(jobs[0].failures.map(({ code }: { code: string }) => code)).toContain('step-failed');
    expect(jobs[1]).toMatchObject({ status: 'Completed', items: { found: 10, succeeded: 10 } });
  });

  test('is paused in a step and resumed, and cancelled in another', async () => {
    const slow = {
      itemsPerTask: 1,
      steps: [step('a', { millisPerItem: 1_000 }), step('b', { millisPerItem: 60_000 })],
    };
    const { path } = await begun(slow, { items: items(3) });
    const inStep = (name: string) =>
      until(`step ${name}`, async () => (await call('GET', path)).body.step === name);

    await inStep('a');
    const paused = await call('POST', `${path}/pause`);
    await until('it is paused', async () => (await call('GET', path)).body.status === 'Paused');
    const resumed = await call('POST', `${path}/resume`);
    await inStep('b');
    const cancelled = await call('POST', `${path}/cancel`);

    expect([paused.status, resumed.status, cancelled.status]).toEqual([204, 204, 204]);
    expect(await finished(path)).toMatchObject({ status: 'Cancelled' });
    expect(Object.values(await outcomes(path))).toEqual(items(3).map(() => 'succeeded at 0'));
  });

  test('does failed items again from the step where they failed', async () => {
    const { path } = await begun({
      itemsPerTask: 4,
      steps: [
        step('a', { output: { n: 1 } }),
        step('b', { failEvery: 5, failure: 'retryable', failTimes: 1 }, { maxAttempts: 1 }),
        step('c'),
      ],
    });
    const first = await finished(path);

    const retried = await call('POST', `${path}/retry`, { body: {} });
    const second = await until('the second run', async () => {
      const { body } = await call('GET', path);
      return body.status === 'Completed' && body.run === 2 && body;
    });

    expect(first.items).toMatchObject({ succeeded: 8, failed: 2 });
    expect([retried.status, retried.body]).toEqual([202, { itemsRetried: 2 }]);
    expect(second.items).toMatchObject({ found: 10, succeeded: 10, failed: 0 });
    expect(Object.values(await outcomes(path))).toEqual(items(10).map(() => 'succeeded at 2'));
  });
});
