import { describe, expect, test } from 'vitest';
import { aFlowService, items, step } from './a-flow.ts';

const TWO = { steps: [step('a', { answer: 'from a' }), step('b')] };

describe('steps in order', () => {
  test('each work on every item; the job has each item once, by its last step', async () => {
    const flow = aFlowService();

    const job = await flow.run({ itemsPerTask: 2, ...TWO }, items('1', '2', '3', '4', '5'));

    expect(job).toMatchObject({
      status: 'Completed',
      percentageComplete: 100,
      items: { found: 5, succeeded: 5, failed: 0, skipped: 0, sealed: true },
      template: 't',
      templateVersion: '1',
    });
    expect(job).not.toHaveProperty('step');
    expect(flow.trace().sort()).toEqual(
      ['1', '2', '3', '4', '5'].flatMap((id) => [`a:${id}`, `b:${id}`]).sort(),
    );
    expect(flow.seen.filter(({ as }) => as === 'b').every(({ payload }) => payload === 'from a')).toBe(true);
    expect(await flow.outcomes()).toEqual(
      Object.fromEntries(['1', '2', '3', '4', '5'].map((id) => [id, 'succeeded at 1'])),
    );
    expect(flow.executions().map(({ status }) => status)).toEqual(['SUCCEEDED']);
  });

  test('exclude items that failed or were skipped before, and keep their outcomes', async () => {
    const flow = aFlowService();
    const steps = [step('a', { fail: ['1'], skip: ['2'] }), step('b', { fail: ['3'] }), step('c')];

    const job = await flow.run({ steps }, items('1', '2', '3', '4'));

    expect(job).toMatchObject({
      status: 'Completed',
      items: { found: 4, succeeded: 1, failed: 2, skipped: 1 },
    });
    expect(flow.trace()).toEqual(['a:1', 'a:2', 'a:3', 'a:4', 'b:3', 'b:4', 'c:4']);
    expect(await flow.outcomes()).toEqual({
      1: 'failed at 0',
      2: 'skipped at 0',
      3: 'failed at 1',
      4: 'succeeded at 2',
    });
    expect(
      (await flow.list('failures')).map(({ failureId }: { failureId: string }) => failureId).sort(),
    ).toEqual(['0/0/1', '1/0/3']);
  });

  test('that take failed items receive them with their payloads', async () => {
    const flow = aFlowService();
    const steps = [step('a', { fail: ['1'], answer: 'x' }), step('b', {}, { takesFailed: true })];

    const job = await flow.run(
      { steps },
      { items: [{ id: '1', parts: [{ url: 'upload:1' }] }, { id: '2' }] },
    );

    expect(job.items).toMatchObject({ found: 2, succeeded: 2, failed: 0 });
    expect(flow.seen.slice(2)).toMatchObject([
      { as: 'b', id: '1', parts: ['1'] },
      { as: 'b', id: '2', payload: 'x' },
    ]);
  });

  test('of no items complete', async () => {
    expect(await aFlowService().run(TWO, items())).toMatchObject({
      status: 'Completed',
      items: { found: 0 },
    });
  });

  test('may each split items of their own', async () => {
    const flow = aFlowService();
    const own = (name: string, from: number, to: number) =>
      step(name, {}, { splitter: 'range', definition: { from, to } });

    const job = await flow.run({ itemsPerTask: 2, steps: [own('a', 0, 5), step('b'), own('c', 10, 12)] });

    expect(job).toMatchObject({ status: 'Completed', items: { found: 7, succeeded: 7 } });
    expect(Object.keys(await flow.outcomes())).toEqual(['0', '1', '2', '3', '4', '10', '11']);
    expect(flow.trace()).toHaveLength(12);
  });
});

describe('outcomes', () => {
  test('of a step that must lose nothing fail the job, which keeps exact totals', async () => {
    const flow = aFlowService();
    const steps = [step('a', { fail: ['1'] }, { onItemFailure: 'failAtEnd' }), step('b')];

    const job = await flow.run({ steps }, items('1', '2'));

    expect(job).toMatchObject({
      status: 'Failed',
      items: { found: 2, succeeded: 1, failed: 1, sealed: true },
    });
    expect(job.failures.map(({ code }: { code: string }) => code).sort()).toEqual(['step-failed', 'told']);
    expect(flow.trace()).toEqual(['a:1', 'a:2']);
    expect(flow.executions().map(({ status }) => status)).toEqual(['FAILED']);
  });

  test('that failed may be taken on by an edge; the end of the flow completes the job', async () => {
    const flow = aFlowService();
    const steps = [
      step('a', { fail: ['1'] }, { onItemFailure: 'failAtEnd' }),
      step('b'),
      step('c', {}, { takesFailed: true }),
    ];
    const edges = [
      { from: 'a', on: 'COMPLETED', to: 'b' },
      { from: 'a', on: 'FAILED', to: 'c' },
    ];

    const job = await flow.run({ steps, flow: edges }, items('1', '2'));

    expect(job).toMatchObject({ status: 'Completed', items: { found: 2, succeeded: 2, failed: 0 } });
    expect(flow.trace()).toEqual(['a:1', 'a:2', 'c:1', 'c:2']);
  });

  test('that workers set lead along their edge, whichever item set them', async () => {
    const flow = aFlowService();
    const steps = [step('a', { code: 'MORE' }), step('b'), step('c')];
    const edges = [
      { from: 'a', on: 'MORE', to: 'c' },
      { from: 'a', on: '*', to: 'b' },
    ];

    await flow.run({ steps, flow: edges }, items('1'));

    expect(flow.trace()).toEqual(['a:1', 'c:1']);
  });

  test('of a step that fails fast end the job at once', async () => {
    const flow = aFlowService();
    const steps = [step('a', { fail: ['1'] }, { onItemFailure: 'failFast' }), step('b')];

    const ids = Array.from({ length: 25 }, (_, index) => String(index));

    const job = await flow.run({ itemsPerTask: 1, steps }, items(...ids));

    expect(job).toMatchObject({ status: 'Failed' });
    expect(job.failures.map(({ code }: { code: string }) => code)).toContain('step-failed');
    expect(flow.executions().map(({ status }) => status)).toEqual(['ABORTED']);
  });
});

describe('a loop', () => {
  const loop = (codeTimes: number, maxVisits: number) => ({
    steps: [step('a', { code: 'MORE', codeTimes, makes: 'text/plain' }), step('b')],
    flow: [
      { from: 'a', on: 'MORE', to: 'a', maxVisits },
      { from: 'a', on: 'COMPLETED', to: 'b' },
    ],
  });

  test('visits its step again with the results of the previous visit, until the code is not set', async () => {
    const flow = aFlowService();

    const job = await flow.run(loop(2, 5), items('1'));

    expect(flow.seen.map(({ as, parts }) => [as, parts.length])).toEqual([
      ['a', 0],
      ['a', 1],
      ['a', 2],
      ['b', 3],
    ]);
    expect(job).toMatchObject({ status: 'Completed', items: { found: 1, succeeded: 1 } });
    expect(await flow.outcomes()).toEqual({ 1: 'succeeded at 3' });
  });

  test('that is not left in time fails the job', async () => {
    const flow = aFlowService();

    const job = await flow.run(loop(9, 3), items('1'));

    expect(job).toMatchObject({ status: 'Failed', items: { found: 1 } });
    expect(job.failures.map(({ code }: { code: string }) => code)).toEqual(['max-visits']);
    expect(flow.trace()).toEqual(['a:1', 'a:1', 'a:1']);
  });
});

describe('parallel branches', () => {
  const forked = (left: object, right: object, join: object = {}) => ({
    itemsPerTask: 2,
    steps: [
      step('s'),
      step('left', { answer: 'L', makes: 'text/plain', ...left }),
      step('right', { answer: 'R', makes: 'image/png', ...right }),
      step('join', {}, { after: ['left', 'right'], ...join }),
    ],
    flow: [{ from: 's', on: '*', to: ['left', 'right'] }],
  });

  test('work on the same items, which are joined one by one', async () => {
    const flow = aFlowService();

    const job = await flow.run(forked({}, {}), items('1', '2', '3'));

    expect(job).toMatchObject({ status: 'Completed', items: { found: 3, succeeded: 3 } });
    expect(flow.seen.filter(({ as }) => as === 'join').toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      ['1', '2', '3'].map((id) => ({
        as: 'join',
        id,
        payload: { left: 'L', right: 'R' },
        parts: [`left-${id}`, `right-${id}`],
      })),
    );
  });

  test('exclude items from the join that failed in any of them', async () => {
    const flow = aFlowService();

    const job = await flow.run(forked({ fail: ['1'] }, { fail: ['1', '2'] }), items('1', '2', '3', '4'));

    expect(job).toMatchObject({ status: 'Completed', items: { found: 4, succeeded: 2, failed: 2 } });
    expect(
      flow
        .trace()
        .filter((one) => one.startsWith('join'))
        .sort(),
    ).toEqual(['join:3', 'join:4']);
  });

  test('show the steps that are being done', async () => {
    const shown: string[] = [];
    const flow = aFlowService({
      before: async ({ as }) => {
        if (as === 'left') shown.push((await flow.job()).step);
      },
    });

    await flow.run(forked({}, {}), items('1'));

    expect(shown).toEqual(['left, right']);
  });
});

describe('parts', () => {
  const documents = {
    items: [
      {
        id: '1',
        parts: [
          { url: 'upload:a', filename: 'a', mimeType: 'image/png' },
          { url: 'upload:b', filename: 'b', mimeType: 'text/plain; charset=utf-8' },
          { url: 'upload:c', filename: 'c', mimeType: 'image/tiff', type: 'META' },
        ],
      },
    ],
  };

  test('are seen by their type, never META ones, and none is lost', async () => {
    const flow = aFlowService();
    const steps = [
      step('a', { makes: 'application/pdf' }, { inputMimeTypes: ['image/*'], marksSourceMeta: true }),
      step('b'),
    ];

    await flow.run({ steps }, documents);

    expect(flow.seen.map(({ parts }) => parts)).toEqual([['a'], ['b', 'a-1']]);
    const [item] = await flow.list('items');
    expect(
      item.parts.map(({ filename, type }: { filename: string; type: string }) => [filename, type]),
    ).toEqual([
      ['a', 'META'],
      ['b', 'BASE_PART'],
      ['c', 'META'],
      ['a-1', 'BASE_PART'],
    ]);
    // An upload in the request of the item is not a result.
    const results = await flow.list('result');
    expect(results.map(({ filename }: { filename: string }) => filename)).toEqual(['a-1']);
  });

  test('that were due and not made fail the item', async () => {
    const flow = aFlowService();

    const job = await flow.run({ steps: [step('a', {}, { expectsNewPart: true })] }, documents);

    expect(job.items).toMatchObject({ failed: 1 });
    expect(job.failures).toMatchObject([{ code: 'all-items-failed' }, { code: 'no-new-part' }]);
  });
});
