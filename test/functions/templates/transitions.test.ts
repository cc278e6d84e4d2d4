/** State transitions are the most expensive part of a flow. The charge depends on the steps and counts each one. */
import { describe, expect, test } from 'vitest';
import { RetryableFailure } from '#core/errors.ts';
import { aFlowService, items, step } from './a-flow.ts';

type Flow = ReturnType<typeof aFlowService>;

const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index));

/** States that the state machine entered, over all runs. */
const entered = (flow: Flow) => flow.executions().flatMap((execution) => execution.enteredStates);

async function charged({ api }: Flow): Promise<number> {
  const { body } = await api.call('GET', '/partitions/p1/jobs/j/cost');
  return body.services.states.stateTransitions.count;
}

const WAYS = {
  steps: [
    step('begin'),
    step('left'),
    step('right'),
    step('join', {}, { after: ['left', 'right'] }),
    step('again', { code: 'MORE', codeTimes: 2 }),
    step('end'),
  ],
  flow: [
    { from: 'begin', on: '*', to: ['left', 'right'] },
    { from: 'join', on: 'COMPLETED', to: 'again' },
    { from: 'again', on: 'MORE', to: 'again', maxVisits: 5 },
    { from: 'again', on: '*', to: 'end' },
  ],
};

const STATES_OF_WAYS = [
  'Run begin until every item is recorded',
  'Decide what follows begin',
  'Run the branches before join in parallel',
  'Run left until every item is recorded',
  'Run right until every item is recorded',
  'Decide what follows left',
  'End the branch after left',
  'Decide what follows right',
  'End the branch after right',
  'Run join until every item is recorded',
  'Decide what follows join',
  ...Array(2)
    .fill([
      'Count this visit of again',
      'Run again until every item is recorded',
      'Decide what follows again',
    ])
    .flatMap((visit) => [...visit, 'Limit again on MORE']),
  'Count this visit of again',
  'Run again until every item is recorded',
  'Decide what follows again',
  'Run end until every item is recorded',
  'Decide what follows end',
  'Report that the flow is done',
];

describe.each([10, 10_000])('a job of %i items', (count) => {
  test('in order enters two states a step and one for the end', async () => {
    const flow = aFlowService();
    const first = step('a', {}, { splitter: 'range', definition: { from: 0, to: count } });

    const job = await flow.run({ itemsPerTask: 100, steps: [first, step('b'), step('c')] });

    expect(job).toMatchObject({ status: 'Completed', items: { succeeded: count } });
    expect(entered(flow)).toEqual([
      ...['a', 'b', 'c'].flatMap((name) => [
        `Run ${name} until every item is recorded`,
        `Decide what follows ${name}`,
      ]),
      'Report that the flow is done',
    ]);
    expect(await charged(flow)).toBe(7);
  });

  test('on all kinds of ways enters these states, and no more', async () => {
    const flow = aFlowService();

    const job = await flow.run({ itemsPerTask: 100, ...WAYS }, items(...ids(count)));

    expect(job).toMatchObject({ status: 'Completed', items: { succeeded: count } });
    expect(entered(flow).toSorted()).toEqual(STATES_OF_WAYS.toSorted());
    expect(await charged(flow)).toBe(STATES_OF_WAYS.length);
  });
});

describe('the cost of a flow has every state that it entered', () => {
  const failing = (onItemFailure: string) => step('a', { fail: ['1'] }, { onItemFailure });

  test.each([
    ['that fails', { steps: [step('begin'), failing('failAtEnd'), step('never')] }],
    ['that fails at once', { itemsPerTask: 1, steps: [failing('failFast'), step('never')] }],
    [
      'whose failure is taken on',
      { steps: [failing('failAtEnd'), step('b')], flow: [{ from: 'a', on: 'FAILED', to: 'b' }] },
    ],
    [
      'that loops too often',
      {
        steps: [step('a', { code: 'MORE', codeTimes: 9 })],
        flow: [{ from: 'a', on: 'MORE', to: 'a', maxVisits: 3 }],
      },
    ],
    [
      'that loops in a branch and repeats the branch',
      {
        steps: [
          step('s'),
          step('left', { code: 'MORE' }),
          step('right'),
          step('j', { code: 'MORE' }, { after: ['left', 'right'] }),
        ],
        flow: [
          { from: 's', on: '*', to: ['left', 'right'] },
          { from: 'left', on: 'MORE', to: 'left', maxVisits: 3 },
          { from: 'j', on: 'MORE', to: 's', maxVisits: 2 },
        ],
      },
    ],
    [
      'whose branch fails',
      {
        steps: [
          step('s'),
          step('left'),
          step('right', { fail: ['1'] }, { onItemFailure: 'failAtEnd' }),
          step('join', {}, { after: ['left', 'right'] }),
        ],
        flow: [{ from: 's', on: '*', to: ['left', 'right'] }],
      },
    ],
  ])('%s', async (_, template) => {
    const flow = aFlowService();

    await flow.run(template, items('0', '1', '2'));

    expect(entered(flow).length).toBeGreaterThan(0);
    expect(await charged(flow)).toBe(entered(flow).length);
  });

  test('and entered again, since nothing was heard of a step', async () => {
    let isFirst = true;
    const flow = aFlowService({
      async before() {
        if (!isFirst) return;
        isFirst = false;
        await flow.service.machines.loseHeartbeats();
        await flow.service.machines.loseHeartbeats();
      },
    });

    await flow.run({ steps: [step('a'), step('b')] }, items('0'));

    expect(entered(flow)).toHaveLength(5 + 2);
    expect(await charged(flow)).toBe(5 + 2);
  });

  test('in all of its runs', async () => {
    const flow = aFlowService();
    flow.failing.add('b:1');
    await flow.run({ steps: [step('a'), step('b')] }, items('0', '1'));
    flow.failing.clear();

    await flow.act('retry');
    await flow.service.drain();

    expect(entered(flow)).toHaveLength(2 * 5);
    expect(await charged(flow)).toBe(2 * 5);
  });

  test('that waited for a worker which was busy', async () => {
    let tries = 0;
    const flow = aFlowService({
      before: () => {
        tries += 1;
        if (tries < 3) throw new RetryableFailure('busy', 'come back');
      },
    });

    await flow.run({ steps: [step('a')] }, items('0'));

    expect(entered(flow)).toHaveLength(3);
    expect(await charged(flow)).toBe(3);
  });
});
