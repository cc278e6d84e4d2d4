/** Jobs of templates are chosen, wait, expire and say how far they are like all others. */
import { describe, expect, test } from 'vitest';
import { RetryableFailure } from '#core/errors.ts';
import { STRAGGLER_MILLIS } from '#core/stragglers.ts';
import { token } from '../jobs-api/tokens.ts';
import { aFlowService, items, step, type TemplateInput } from './a-flow.ts';

const HOUR = 3_600_000;
const TWO = { itemsPerTask: 1, steps: [step('a'), step('b')] };

type Flow = ReturnType<typeof aFlowService>;

const pathOf = (id: string) => `/partitions/p1/jobs/${id}`;

async function admin({ api }: Flow, path: string, body: unknown): Promise<void> {
  const { status, text } = await api.call('PUT', path, {
    body,
    token: token({ role: 'admin', partitions: ['*'] }),
  });
  if (status >= 300) throw new Error(`${status}: ${text}`);
}

/** A job of the template `t`, whose only item has its name. */
async function create({ api }: Flow, id: string, more: object = {}): Promise<void> {
  const body = { template: 't', ...items(id), ...more };
  const { status, text } = await api.call('PUT', pathOf(id), { body });
  if (status !== 201) throw new Error(`${status}: ${text}`);
}

const view = async ({ api }: Flow, id: string) => (await api.call('GET', pathOf(id))).body;

async function aService(
  options: Parameters<typeof aFlowService>[0] = {},
  template: object = TWO,
): Promise<Flow> {
  const flow = aFlowService(options);
  await admin(flow, '/templates/t', template);
  return flow;
}

/** A worker that never finishes. */
const BUSY = {
  before: () => {
    throw new RetryableFailure('busy', 'come back', { retryAfterSeconds: 900 });
  },
};

describe('the next one of a partition', () => {
  test('is that of the highest priority', async () => {
    const flow = await aService();
    await admin(flow, '/partitions/p1', { maxActiveJobs: 1 });
    await create(flow, 'first');
    await flow.service.step();

    for (const [id, priority] of [
      ['low', 1],
      ['usual', 4],
      ['high', 9],
    ] as const)
      await create(flow, id, { priority });
    await flow.service.drain();

    const order = ['first', 'high', 'usual', 'low'];
    expect(flow.trace()).toEqual(order.flatMap((id) => [`a:${id}`, `b:${id}`]));
  });

  test('is none while it is suspended, or on hold', async () => {
    const flow = await aService();
    await admin(flow, '/partitions/p1', { suspended: true });
    await create(flow, 'one');
    await create(flow, 'held', { hold: true });
    await flow.service.drain();
    const before = flow.executions().length;

    await admin(flow, '/partitions/p1', { suspended: false });
    await flow.service.drain();
    const released = flow.trace();
    await flow.api.call('POST', `${pathOf('held')}/resume`);
    await flow.service.drain();

    expect([before, released]).toEqual([0, ['a:one', 'b:one']]);
    expect(await view(flow, 'held')).toMatchObject({ status: 'Completed', items: { succeeded: 1 } });
  });
});

describe('expiry', () => {
  test('of a job in the middle of a step ends its execution', async () => {
    const flow = await aService(BUSY);
    const expiry = { active: { expiryTime: 'createTime+PT1H', operation: 'Expire' } };
    await create(flow, 'one', { expiry });
    for (let round = 0; round < 4; round += 1) await flow.service.step();
    const running = await view(flow, 'one');

    await flow.service.pass(2 * HOUR);

    expect(running).toMatchObject({ status: 'Active', step: 'a' });
    expect(await view(flow, 'one')).toMatchObject({ status: 'Expired' });
    expect(flow.executions().map(({ status }) => status)).toEqual(['ABORTED']);
    expect(flow.trace()).toEqual([]);
  });

  test('before the start prevents an execution, and gives the reason', async () => {
    const flow = await aService();
    await create(flow, 'one', {
      notBefore: flow.service.clock.now() + 2 * HOUR,
      expiry: { waiting: { expiryTime: 'createTime+PT1H' } },
    });

    await flow.service.pass(3 * HOUR);

    expect(await view(flow, 'one')).toMatchObject({ status: 'Expired', failures: [{ code: 'expired' }] });
    expect(flow.executions()).toEqual([]);
  });

  test('of one that has ended deletes all its data', async () => {
    const flow = await aService({}, { steps: [step('a', { makes: 'text/plain' }), step('b')] });
    const expiry = { completed: { expiryTime: 'lastUpdateTime+PT1H', operation: 'Delete' } };
    await create(flow, 'one', { expiry });
    await flow.service.drain();
    const files = flow.service.objects.keys().length;

    await flow.service.pass(2 * HOUR);
    await flow.service.pass(STRAGGLER_MILLIS);

    expect(files).toBeGreaterThan(0);
    expect((await flow.api.call('GET', pathOf('one'))).status).toBe(404);
    expect(flow.service.objects.keys()).toEqual([]);
  });
});

describe('prerequisites', () => {
  test('let a job begin when the last step of the other is done', async () => {
    const flow = await aService();
    await create(flow, 'second', { prerequisiteJobIds: ['first'] });
    await flow.service.drain();
    const waiting = await view(flow, 'second');

    await create(flow, 'first');
    await flow.service.drain();

    expect(waiting).toMatchObject({ status: 'Waiting', waitingFor: ['first'] });
    expect(flow.trace()).toEqual(['a:first', 'b:first', 'a:second', 'b:second']);
    expect(await view(flow, 'second')).toMatchObject({ status: 'Completed' });
  });

  test('that fail with a step fail the job, naming the cause', async () => {
    const flow = await aService(
      {},
      { steps: [step('a', { fail: ['first'] }, { onItemFailure: 'failAtEnd' })] },
    );
    await create(flow, 'first');
    await create(flow, 'second', { prerequisiteJobIds: ['first'] });

    await flow.service.drain();

    expect(await view(flow, 'first')).toMatchObject({ status: 'Failed' });
    const { status, failures } = await view(flow, 'second');
    expect(status).toBe('Failed');
    expect(failures[0].failureMessage).toContain("'first'");
    expect(flow.executions()).toHaveLength(1);
  });
});

describe('a failure policy', () => {
  const three = items('1', '2', '3');

  test.each([
    ['continue', ['1', '2', '3'], 'Completed'],
    ['failAtEnd', [], 'Completed'],
    ['failAtEnd', ['1'], 'Failed'],
    [{ tolerate: { count: 1 } }, ['1'], 'Completed'],
    [{ tolerate: { count: 1 } }, ['1', '2'], 'Failed'],
    [{ tolerate: { percent: 50 } }, ['1'], 'Completed'],
    [{ tolerate: { percent: 50 } }, ['1', '2'], 'Failed'],
  ])('%j of a step with the failures %j: %s', async (onItemFailure, fail, status) => {
    const flow = await aService({}, { steps: [step('a', { fail }, { onItemFailure }), step('b')] });
    await create(flow, 'one', three);

    await flow.service.drain();

    expect(await view(flow, 'one')).toMatchObject({ status, items: { found: 3, failed: fail.length } });
    const goneOn = flow.trace().filter((one) => one.startsWith('b')).length;
    expect(goneOn).toBe(status === 'Failed' ? 0 : 3 - fail.length);
  });
});

describe('a job that runs a template, of which no item succeeded,', () => {
  const three = items('1', '2', '3');
  const fail = ['1', '2', '3'];
  const fallback = {
    steps: [step('a', { fail }), step('b', {}, { takesFailed: true })],
    flow: [{ from: 'a', on: 'COMPLETED_WITH_FAILURES', to: 'b' }],
  };

  test.each([
    ['by default', { steps: [step('a', { fail }), step('b')] }, 'Failed'],
    [
      'in different steps',
      { steps: [step('a', { fail: ['1'] }), step('b', { fail: ['2', '3'] })] },
      'Failed',
    ],
    ['if a step continues', { steps: [step('a', { fail }, { onItemFailure: 'continue' })] }, 'Completed'],
    ['if a fallback processes the items', fallback, 'Completed'],
    [
      'if the fallback fails too',
      { ...fallback, steps: [fallback.steps[0], step('b', { fail }, { takesFailed: true })] },
      'Failed',
    ],
  ] as const)('%s: %j is %s', async (_, template, status) => {
    const flow = await aService({}, template as TemplateInput);
    await create(flow, 'one', three);

    await flow.service.drain();

    const job = await view(flow, 'one');
    expect(job.status).toBe(status);
    const codes = job.failures.map(({ code }: { code: string }) => code);
    expect(codes.includes('all-items-failed')).toBe(status === 'Failed');
  });
});

describe('progress', () => {
  test('has an equal share of each step, names the step that runs, and never falls', async () => {
    const seen: { as: string; step: string; percent: number }[] = [];
    const flow: Flow = await aService(
      {
        async before({ as }) {
          const job = await view(flow, 'one');
          seen.push({ as, step: job.step, percent: job.percentageComplete });
          flow.service.clock.advance(1_100);
        },
      },
      { itemsPerTask: 1, steps: ['a', 'b', 'c', 'd'].map((name) => step(name)) },
    );
    await create(flow, 'one', items('0', '1', '2', '3'));

    await flow.service.drain();

    expect(seen).toHaveLength(16);
    expect(seen.every(({ as, step: shown }) => as === shown)).toBe(true);
    const percents = seen.map(({ percent }) => percent);
    expect(percents).toEqual(percents.toSorted((one, other) => one - other));
    const first = (name: string) => seen.find(({ as }) => as === name)?.percent;
    expect(['a', 'b', 'c', 'd'].map(first)).toEqual([0, 25, 50, 75]);
    expect(await view(flow, 'one')).toMatchObject({ status: 'Completed', percentageComplete: 100 });
    expect(await view(flow, 'one')).not.toHaveProperty('step');
  });
});
