import { describe, expect, test } from 'vitest';
import { aFlowService, items, step } from './a-flow.ts';

const STEPS = [step('a', { answer: 'from a' }), step('b'), step('c')];
const ids = ['0', '1', '2', '3', '4'];

/** A first run in which item 1 failed in step a, and item 3 in step b. */
async function aFailedRun(template: object = {}) {
  const flow = aFlowService();
  flow.failing.add('a:1').add('b:3');
  const job = await flow.run({ itemsPerTask: 2, steps: STEPS, ...template }, items(...ids));
  flow.failing.clear();
  flow.seen.length = 0;
  return { flow, job };
}

describe('retry of failed items', () => {
  test('starts each of them at the step where it failed, with the results of the previous steps', async () => {
    const { flow, job: first } = await aFailedRun();

    const answer = await flow.act('retry');
    await flow.service.drain();

    expect(first.items).toMatchObject({ found: 5, succeeded: 3, failed: 2 });
    expect(answer).toEqual({ itemsRetried: 2 });
    expect(flow.trace().sort()).toEqual(['a:1', 'b:1', 'b:3', 'c:1', 'c:3']);
    expect(flow.seen.find(({ as, id }) => as === 'b' && id === '3')?.payload).toBe('from a');
    expect(await flow.job()).toMatchObject({
      status: 'Completed',
      run: 2,
      items: { found: 5, succeeded: 5, failed: 0 },
    });
    expect(await flow.outcomes()).toEqual(Object.fromEntries(ids.map((id) => [id, 'succeeded at 2'])));
  });

  test('by filter leaves the others failed, and can be done again', async () => {
    const { flow } = await aFailedRun();

    await flow.act('retry', { filter: { itemIds: ['3'] } });
    await flow.service.drain();
    const second = await flow.job();
    const traced = flow.trace().sort();
    flow.seen.length = 0;
    await flow.act('retry');
    await flow.service.drain();

    expect(traced).toEqual(['b:3', 'c:3']);
    expect(second.items).toMatchObject({ succeeded: 4, failed: 1 });
    expect(flow.trace().sort()).toEqual(['a:1', 'b:1', 'c:1']);
    expect(await flow.job()).toMatchObject({ run: 3, items: { succeeded: 5, failed: 0 } });
  });

  test('may patch the payload', async () => {
    const flow = aFlowService();
    flow.failing.add('b:1');
    await flow.run({ steps: [step('a', { answer: { text: 'old', kept: 1 } }), step('b')] }, items('1'));
    flow.failing.clear();
    flow.seen.length = 0;

    await flow.act('retry', { patch: { text: 'new' } });
    await flow.service.drain();

    expect(flow.seen).toMatchObject([{ as: 'b', payload: { text: 'new', kept: 1 } }]);
  });

  test('of a job whose flow failed continues after the step', async () => {
    const steps = [step('a', {}, { onItemFailure: 'failAtEnd' }), step('b')];
    const { flow, job } = await aFailedRun({ steps });

    await flow.act('retry');
    await flow.service.drain();

    expect(job.status).toBe('Failed');
    expect(flow.trace().sort()).toEqual(['a:1', 'b:0', 'b:1', 'b:2', 'b:3', 'b:4']);
    expect(await flow.job()).toMatchObject({ status: 'Completed', items: { succeeded: 5 } });
  });

  test('may take a different path through the flow than the previous run', async () => {
    const steps = [step('a'), step('bad', {}, { takesFailed: true }), step('good')];
    const flow = [
      { from: 'a', on: 'COMPLETED_WITH_FAILURES', to: 'bad' },
      { from: 'a', on: 'COMPLETED', to: 'good' },
    ];
    const service = aFlowService();
    service.failing.add('a:1').add('bad:2');
    await service.run({ steps, flow }, items('1', '2'));
    service.failing.clear();
    service.seen.length = 0;

    await service.act('retry');
    await service.service.drain();

    // The step for failed items repaired item 1, which keeps its outcome from there.
    expect(service.trace()).toEqual(['bad:2']);
    expect(await service.job()).toMatchObject({ status: 'Completed', items: { succeeded: 2, failed: 0 } });
  });

  test('counts an item once that failed in two branches', async () => {
    const steps = [
      step('begin'),
      step('left'),
      step('right'),
      step('join', {}, { after: ['left', 'right'] }),
    ];
    const flow = aFlowService();
    flow.failing.add('left:1').add('right:1');
    await flow.run({ steps, flow: [{ from: 'begin', on: '*', to: ['left', 'right'] }] }, items('1', '2'));

    const answer = await flow.act('retry', { filter: { itemIds: ['1'] } });

    expect(answer).toEqual({ itemsRetried: 1 });
  });

  test('does not count items that a later step repaired', async () => {
    const flow = aFlowService();
    flow.failing.add('a:1').add('b:2');
    await flow.run({ steps: [step('a'), step('b', {}, { takesFailed: true })] }, items('1', '2'));

    const refused = flow.act('retry', { filter: { itemIds: ['1'] } });

    await expect(refused).rejects.toThrow('none of the failed items');
    expect(await flow.act('retry', { filter: { itemIds: ['1', '2'] } })).toEqual({ itemsRetried: 1 });
  });

  test('repeats an item that failed before a fork and that only one branch processed', async () => {
    const steps = [
      step('begin'),
      step('left', {}, { takesFailed: true }),
      step('right'),
      step('join', {}, { after: ['left', 'right'] }),
    ];
    const flow = aFlowService();
    flow.failing.add('begin:1');
    await flow.run({ steps, flow: [{ from: 'begin', on: '*', to: ['left', 'right'] }] }, items('1', '2'));
    flow.failing.clear();
    flow.seen.length = 0;

    await flow.act('retry');
    await flow.service.drain();

    expect(flow.trace().sort()).toEqual(['begin:1', 'join:1', 'right:1']);
    expect(await flow.job()).toMatchObject({ status: 'Completed', items: { succeeded: 2, failed: 0 } });
  });

  test('reports kept failures with the current path of the step', async () => {
    const steps = [step('a'), step('bad'), step('good')];
    const edges = [
      { from: 'a', on: 'COMPLETED_WITH_FAILURES', to: 'bad' },
      { from: 'a', on: 'COMPLETED', to: 'good' },
      { from: 'bad', on: '*', to: 'good' },
    ];
    const flow = aFlowService();
    flow.failing.add('a:1').add('good:2');
    await flow.run({ itemsPerTask: 1, steps, flow: edges }, items('1', '2'));
    flow.failing.clear();

    await flow.act('retry', { filter: { itemIds: ['1'] } });
    await flow.service.drain();

    expect((await flow.list('failures')).map(({ failureId }: { failureId: string }) => failureId)).toEqual([
      '1/1/2',
    ]);
  });

  test('that is cancelled hides nothing', async () => {
    const { flow } = await aFailedRun();
    await flow.act('retry');
    for (let round = 0; round < 3; round += 1) await flow.service.step();

    await flow.act('cancel');
    flow.service.clock.advance(6_000);
    await flow.service.drain();

    expect(Object.keys(await flow.outcomes())).toEqual(ids);
  });
});
