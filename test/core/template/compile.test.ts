import { describe, expect, test } from 'vitest';
import { compileTemplate, flowInput } from '#core/template/compile.ts';
import type { Template } from '#core/template/template.ts';
import { memoryWorld } from '../../support/memory/world.ts';
import { aStep, aTemplate, FORKED, LOOP } from './a-template.ts';

const QUEUES = { split: 'split', results: 'results' };

/** An execution for which the test completes each step. */
async function anExecution(template: Template) {
  const { machines, queues } = memoryWorld();
  const machine = await machines.publish('t', compileTemplate(template, QUEUES));
  const steps = template.steps.map(({ name }) => name);
  await machines.start(
    machine,
    'x',
    flowInput({ partition: 'p', job: 'j', runNumber: 1, group: 'p' }, steps),
  );
  let node = 0;
  const waiting: { step: string; token: string; inputs: number[]; tokenNumber: number }[] = [];
  const receive = () => {
    waiting.push(...queues.receive('split', 10).map(({ body }) => JSON.parse(body)));
    return waiting.map(({ step }) => step);
  };
  return {
    machines,
    receive,
    waiting,
    entered: () => machines.executions.get('x')?.enteredStates ?? [],
    status: () => machines.executions.get('x')?.status,
    told: () => queues.receive('results', 10).map(({ body }) => JSON.parse(body)),
    async answer(outcome: string, result = outcome) {
      receive();
      const task = waiting.shift();
      if (task === undefined) throw new Error('no step waits');
      await machines.succeed(task.token, { outcome, result, inputs: [node] });
      node += 1;
      return task;
    },
  };
}

const THREE = aTemplate(['a', 'b', 'c']);

describe('a flow without edges', () => {
  test('runs its steps in order, each with the outcome of the previous one, and reports its end', async () => {
    const flow = await anExecution(THREE);

    const tasks = [
      await flow.answer('COMPLETED'),
      await flow.answer('COMPLETED_WITH_FAILURES'),
      await flow.answer('MORE', 'COMPLETED'),
    ];

    expect(tasks.map(({ step, inputs }) => [step, inputs])).toEqual([
      ['a', []],
      ['b', [0]],
      ['c', [1]],
    ]);
    expect(flow.told()).toEqual([
      { v: 1, kind: 'flow', partition: 'p', job: 'j', runNumber: 1, outcome: 'done' },
    ]);
    expect(flow.status()).toBe('SUCCEEDED');
  });

  test('fails with the step that failed', async () => {
    const flow = await anExecution(THREE);

    await flow.answer('COMPLETED');
    await flow.answer('FAILED');

    expect(flow.told()).toMatchObject([{ outcome: 'failed', error: { Error: 'step-failed', Cause: 'b' } }]);
    expect(flow.status()).toBe('FAILED');
  });
});

describe('edges', () => {
  const CONDITIONS = aTemplate(
    ['a', 'good', 'bad', 'more', 'any'],
    [
      { from: 'a', on: 'COMPLETED', to: 'good' },
      { from: 'a', on: 'FAILED', to: 'bad' },
      { from: 'a', on: 'MORE', to: 'more' },
      { from: 'good', on: '*', to: 'any' },
    ],
  );

  test.each([
    ['COMPLETED', 'COMPLETED', 'good'],
    ['COMPLETED_WITH_FAILURES', 'COMPLETED_WITH_FAILURES', 'good'],
    ['FAILED', 'FAILED', 'bad'],
    ['MORE', 'COMPLETED', 'more'],
    ['UNHEARD_OF', 'COMPLETED', 'good'],
  ])('take the outcome %s (%s) to %s', async (outcome, result, step) => {
    const flow = await anExecution(CONDITIONS);

    await flow.answer(outcome, result);

    expect(flow.receive()).toEqual([step]);
  });

  test('on * apply to every outcome without its own edge, including a failure', async () => {
    const flow = await anExecution(CONDITIONS);

    await flow.answer('COMPLETED');
    await flow.answer('FAILED');

    expect(flow.receive()).toEqual(['any']);
  });

  test('on a failure let the flow complete', async () => {
    const flow = await anExecution(CONDITIONS);

    await flow.answer('FAILED');
    await flow.answer('COMPLETED');

    expect(flow.told()).toMatchObject([{ outcome: 'done' }]);
  });
});

describe('a loop', () => {
  test('continues with the next step when it ends', async () => {
    const flow = await anExecution(LOOP);

    await flow.answer('MORE', 'COMPLETED');
    await flow.answer('COMPLETED');

    expect(flow.receive()).toEqual(['tag']);
  });

  test('ends the job when its step has reached its maximum number of visits', async () => {
    const flow = await anExecution(LOOP);

    for (let visit = 0; visit < 3; visit += 1) await flow.answer('MORE', 'COMPLETED');

    expect(flow.told()).toMatchObject([
      { outcome: 'failed', error: { Error: 'max-visits', Cause: 'unzip' } },
    ]);
  });
});

describe('parallel branches', () => {
  test('begin together with the same items, and are joined', async () => {
    const flow = await anExecution(FORKED);

    await flow.answer('COMPLETED');
    const begun = flow.receive();
    const branches = [await flow.answer('COMPLETED'), await flow.answer('COMPLETED')];
    const join = await flow.answer('COMPLETED');

    expect(begun).toEqual(['left', 'right']);
    expect(branches.map(({ inputs }) => inputs)).toEqual([[0], [0]]);
    expect([join.step, join.inputs]).toEqual(['join', [1, 2]]);
    expect(flow.receive()).toEqual(['last']);
  });

  test('fail the job if one of them fails', async () => {
    const flow = await anExecution(FORKED);

    await flow.answer('COMPLETED');
    await flow.answer('FAILED');

    expect(flow.told()).toMatchObject([
      { outcome: 'failed', error: { Error: 'step-failed', Cause: 'left' } },
    ]);
  });

  test('continue to count visits when the flow returns to them', async () => {
    const steps = ['begin', 'left', 'right', aStep('join', { after: ['left', 'right'] })];
    const flow = await anExecution(
      aTemplate(steps, [
        { from: 'begin', on: '*', to: ['left', 'right'] },
        { from: 'left', on: 'MORE', to: 'left', maxVisits: 2 },
        { from: 'join', on: 'MORE', to: 'begin', maxVisits: 2 },
      ]),
    );
    // Two visits in one round and one in the next: a third visit by the loop would exceed the limit.
    for (const outcome of ['COMPLETED', 'MORE', 'COMPLETED', 'COMPLETED', 'MORE', 'COMPLETED', 'MORE'])
      await flow.answer(outcome, 'COMPLETED');

    expect(flow.told()).toMatchObject([{ outcome: 'failed', error: { Error: 'max-visits', Cause: 'left' } }]);
  });
});

describe('the state of a step', () => {
  test('sends its message again with a new token after a timeout', async () => {
    const flow = await anExecution(THREE);
    const [first] = [...flow.receive().map(() => flow.waiting[0])];

    await flow.machines.loseHeartbeats();
    flow.receive();

    expect(flow.waiting.map(({ step, tokenNumber }) => [step, tokenNumber])).toEqual([
      ['a', 0],
      ['a', 1],
    ]);
    expect(flow.waiting[1]?.token).not.toBe(first?.token);
  });

  test.each([
    ['in order', THREE],
    ['forked', FORKED],
    ['in a loop', LOOP],
  ])(
    'has a heartbeat and a timeout; every state is named once and within 80 characters (%s)',
    (_, template) => {
      const names: string[] = [];
      const look = (states: Readonly<Record<string, Record<string, unknown>>>) => {
        for (const [name, state] of Object.entries(states)) {
          names.push(name);
          if (String(state['Resource']).endsWith('waitForTaskToken')) {
            expect(state['HeartbeatSeconds']).toBeLessThan(Number(state['TimeoutSeconds']));
          }
          for (const branch of (state['Branches'] ?? []) as { States: Parameters<typeof look>[0] }[])
            look(branch.States);
        }
      };

      look(compileTemplate(template, QUEUES).States);

      expect(new Set(names).size).toBe(names.length);
      expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(80);
    },
  );
});
