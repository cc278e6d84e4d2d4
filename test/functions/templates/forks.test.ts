import { describe, expect, test } from 'vitest';
import { MAX_INLINE_OUTPUT_BYTES } from '#core/item.ts';
import { aFlowService, items, step } from './a-flow.ts';

const STRICT = { onItemFailure: 'failAtEnd' };

/** A branch of two steps and one of three, and what fails in them. */
function forked(failing: Readonly<Record<string, readonly string[]>>, strict: string) {
  const named = (name: string, more: object = {}) =>
    step(name, { fail: failing[name] ?? [] }, { ...more, ...(name === strict ? STRICT : {}) });
  return {
    itemsPerTask: 2,
    steps: [
      ...['begin', 'left', 'left-too', 'right', 'right-too', 'right-last'].map((name) => named(name)),
      named('join', { after: ['left-too', 'right-last'] }),
    ],
    flow: [
      { from: 'begin', on: '*', to: ['left', 'right'] },
      { from: 'left', on: '*', to: 'left-too' },
      { from: 'right', on: '*', to: 'right-too' },
      { from: 'right-too', on: '*', to: 'right-last' },
    ],
  };
}

describe('a join judges', () => {
  test.each(['left', 'left-too', 'right', 'right-last'])(
    'what failed in step %s of its branches',
    async (failing) => {
      const job = await aFlowService().run(forked({ [failing]: ['1'] }, 'join'), items('1', '2'));

      expect(job).toMatchObject({ status: 'Failed', items: { found: 2, succeeded: 1, failed: 1 } });
      expect(job.failures.map(({ code }: { code: string }) => code).sort()).toEqual(['step-failed', 'told']);
    },
  );

  test('nothing that failed before its branches and rode along', async () => {
    const job = await aFlowService().run(forked({ begin: ['1'] }, 'join'), items('1', '2'));

    expect(job).toMatchObject({ status: 'Completed', items: { found: 2, succeeded: 1, failed: 1 } });
  });
});

test('a fork that fails leaves each item of the job once, however many steps its branches came', async () => {
  const flow = aFlowService();
  const failing = { 'left-too': ['1', '2'], 'right-last': ['1'] };

  const job = await flow.run(forked(failing, 'right-last'), items('1', '2', '3'));

  expect(job).toMatchObject({ status: 'Failed', items: { found: 3, succeeded: 1, failed: 2 } });
  expect((await flow.list('items')).map(({ id }: { id: string }) => id).sort()).toEqual(['1', '2', '3']);
});

test('a join gets the answers of all branches, also one that is too large for an outcome', async () => {
  const flow = aFlowService();
  const large = 'x'.repeat(MAX_INLINE_OUTPUT_BYTES);
  const steps = [
    step('begin'),
    step('left', { answer: large }),
    step('right', { answer: 'R' }),
    step('silent'),
    step('join', {}, { after: ['left', 'right', 'silent'] }),
  ];

  await flow.run({ steps, flow: [{ from: 'begin', on: '*', to: ['left', 'right', 'silent'] }] }, items('1'));

  expect(flow.seen.at(-1)).toMatchObject({ as: 'join', payload: { left: large, right: 'R' } });
  expect(Object.keys(flow.seen.at(-1)?.payload as object)).toEqual(['left', 'right']);
});

test('a step that fails fast does not affect a simultaneous failure in another branch', async () => {
  const steps = [
    step('begin'),
    step('left', { fail: ['1'] }, { onItemFailure: 'continue' }),
    step('right', {}, { onItemFailure: 'failFast' }),
    step('join', {}, { after: ['left', 'right'] }),
  ];
  const flow = [{ from: 'begin', on: '*', to: ['left', 'right'] }];

  const job = await aFlowService().run({ steps, flow }, items('1'));

  expect(job).toMatchObject({ status: 'Completed', items: { found: 1, failed: 1 } });
});
