import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { outcomeGroup } from '#contract/outcome-group.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { FIRST_PAGE } from '#core/page.ts';
import { parseOutcomes } from '../../../functions/store/outcomes.ts';
import { readPage } from '../../../functions/store/pages.ts';
import { token } from '../jobs-api/tokens.ts';
import { aFlowService, items, step } from './a-flow.ts';

const ids = ['0', '1', '2', '3', '4'];

function archive(definition: object = {}, act: object = {}) {
  return step('archive', act, {
    splitter: 'step-results',
    definition: { group: 2, name: 'archive', ...definition },
  });
}

/** IDs of the outcomes in each archive at the time it was made. */
async function contents(flow: ReturnType<typeof aFlowService>) {
  const made = flow.seen.filter(({ as }) => as === 'archive');
  const named = await Promise.all(
    made.map(async ({ id, payload }) => {
      const { objects, filter } = v.parse(outcomeGroup, payload);
      const records = await Promise.all(
        objects.map(async ({ key, bytes: range, from, to }) => {
          const bytes = await flow.service.objects.get({ key }, range);
          return parseOutcomes(bytes ?? new Uint8Array()).slice(from, to);
        }),
      );
      const kept = records.flat().filter(({ outcome }) => outcome === (filter.outcome ?? outcome));
      return [id, kept.map((record) => `${record.id} ${record.outcome}`)] as const;
    }),
  );
  return Object.fromEntries(named);
}

describe('a step that processes the outcomes of the previous step in groups', () => {
  test('has an item for each group; the previous items keep their own outcome', async () => {
    const flow = aFlowService();
    const steps = [
      step('a', { makes: 'text/plain', fail: ['1'] }),
      archive({}, { makes: 'application/zip' }),
    ];

    const job = await flow.run({ itemsPerTask: 3, steps }, items(...ids));

    expect(job).toMatchObject({
      status: 'Completed',
      percentageComplete: 100,
      items: { found: 8, succeeded: 7, failed: 1, sealed: true },
    });
    expect(await flow.outcomes()).toEqual({
      0: 'succeeded at 0',
      1: 'failed at 0',
      2: 'succeeded at 0',
      3: 'succeeded at 0',
      4: 'succeeded at 0',
      'archive-0001': 'succeeded at 1',
      'archive-0002': 'succeeded at 1',
      'archive-0003': 'succeeded at 1',
    });
    expect(await contents(flow)).toEqual({
      'archive-0001': ['0 succeeded', '1 failed'],
      'archive-0002': ['2 succeeded', '3 succeeded'],
      'archive-0003': ['4 succeeded'],
    });
    const results = (await flow.list('result')).map(({ filename }: { filename: string }) => filename);
    // Results of the last step come first.
    expect(results).toEqual([...[1, 2, 3].map((n) => `archive-archive-000${n}`), 'a-0', 'a-2', 'a-3', 'a-4']);
  });

  test('includes items carried along, and excludes those that the definition excludes', async () => {
    const flow = aFlowService();
    const steps = [
      step('a', { fail: ['1'], skip: ['4'] }),
      step('b', { fail: ['3'] }),
      archive({ outcome: 'failed', group: 10 }),
      step('after'),
    ];

    const job = await flow.run({ itemsPerTask: 2, steps }, items(...ids));

    expect(job.items).toMatchObject({ found: 6, succeeded: 3, failed: 2, skipped: 1 });
    expect(await contents(flow)).toEqual({ 'archive-0001': ['1 failed', '3 failed'] });
    expect(await flow.outcomes()).toMatchObject({ 0: 'succeeded at 1', 'archive-0001': 'succeeded at 3' });
  });

  test('is a task for each group, and groups of groups may follow', async () => {
    const flow = aFlowService();
    const more = step('more', {}, { splitter: 'step-results', definition: { group: 2 } });

    const job = await flow.run({ steps: [step('a'), archive({ group: 1 }), more] }, items(...ids));

    expect(job.items).toMatchObject({ found: 13, succeeded: 13 });
    const page = await readPage(flow.service.table, { ...flow.key, runNumber: 1 }, '1', FIRST_PAGE);
    expect(page.outcomes?.size).toBe(5);
    expect(Object.keys(await flow.outcomes()).slice(-3)).toEqual(['group-0001', 'group-0002', 'group-0003']);
  });

  test('of no items has none', async () => {
    const job = await aFlowService().run({ steps: [step('a'), archive()] }, items());

    expect(job).toMatchObject({ status: 'Completed', items: { found: 0 } });
  });

  test('that loses a group loses no document', async () => {
    const flow = aFlowService();

    const job = await flow.run(
      { steps: [step('a'), archive({}, { fail: ['archive-0002'] })] },
      items(...ids),
    );

    expect(job).toMatchObject({ status: 'Completed', items: { found: 8, succeeded: 7, failed: 1 } });
    expect(await flow.outcomes()).toMatchObject({ 2: 'succeeded at 0', 'archive-0002': 'failed at 1' });
  });

  test('shows the finished items while it works', async () => {
    const shown: unknown[] = [];
    const flow = aFlowService({
      before: async ({ as }) => {
        if (as === 'archive') shown.push((await flow.job()).items);
      },
    });

    await flow.run({ steps: [step('a', { fail: ['1'] }), archive({ group: 5 })] }, items(...ids));

    expect(shown).toMatchObject([{ succeeded: 4, failed: 1 }]);
  });
});

describe('a retry', () => {
  const steps = [step('a'), archive()];

  test('rebuilds the groups from the items that have now succeeded', async () => {
    const flow = aFlowService();
    flow.failing.add('a:1').add('archive:archive-0003');
    const first = await flow.run({ itemsPerTask: 2, steps }, items(...ids));
    flow.failing.clear();
    flow.seen.length = 0;

    const answer = await flow.act('retry');
    await flow.service.drain();

    expect(first.items).toMatchObject({ found: 8, succeeded: 6, failed: 2 });
    expect(answer).toEqual({ itemsRetried: 2 });
    expect(flow.trace()[0]).toBe('a:1');
    expect(flow.trace()).toHaveLength(4);
    expect(await contents(flow)).toMatchObject({ 'archive-0001': ['0 succeeded', '1 succeeded'] });
    expect(await flow.job()).toMatchObject({
      status: 'Completed',
      run: 2,
      items: { found: 8, succeeded: 8, failed: 0 },
    });
    expect(await flow.outcomes()).toMatchObject({ 1: 'succeeded at 0', 'archive-0003': 'succeeded at 1' });
  });

  test('shows each item once at every moment', async () => {
    const { flow, listed, all } = await aFailedRun();
    const { queues } = flow.service;
    const send = queues.send.bind(queues);
    const moments: string[][] = [];
    queues.send = async (...message) => {
      moments.push(await listed());
      return send(...message);
    };

    await flow.act('retry');
    await flow.service.drain();

    expect(moments.length).toBeGreaterThan(8);
    expect(moments).toEqual(moments.map(() => all));
  });

  test.each([1, 2])('that is cancelled in round %i hides nothing', async (rounds) => {
    const { flow, listed, all } = await aFailedRun();
    await flow.act('retry');
    for (let round = 0; round < rounds; round += 1) await flow.service.step();

    await flow.act('cancel');
    flow.service.clock.advance(6_000);
    await flow.service.drain();

    expect((await flow.job()).status).toBe('Cancelled');
    expect(await listed()).toEqual(all);
  });

  async function aFailedRun() {
    const flow = aFlowService();
    flow.failing.add('a:1');
    await flow.run({ itemsPerTask: 2, steps }, items(...ids));
    const listed = async () => (await flow.list('items')).map(({ id }: { id: string }) => id);
    return { flow, listed, all: await listed() };
  }
});

describe('the splitter step-results', () => {
  const put = async (steps: object[], flow?: object[]) => {
    const { api } = aFlowService();
    return api.call('PUT', '/templates/t', {
      body: { steps, ...omitUndefined({ flow }) },
      token: token({ role: 'admin', partitions: ['*'] }),
    });
  };

  test('is refused where there is no step before, in a template and in a batch', async () => {
    const { api } = aFlowService();
    const first = await put([archive(), step('b')]);
    const batch = await api.call('PUT', '/partitions/p1/jobs/k', {
      body: { batch: { splitter: 'step-results', definition: {}, worker: 'act' } },
    });

    expect([first.status, batch.status]).toEqual([400, 400]);
    expect(first.body.errors).toMatchObject([
      { pointer: '/steps/0/splitter', detail: expect.stringMatching(/previous step.*job-results/) },
    ]);
    expect(batch.body.errors).toMatchObject([
      { pointer: '/batch/splitter', detail: expect.stringMatching(/previous step.*job-results/) },
    ]);
  });

  test('is refused in a branch and in a join, which have the items of the fork', async () => {
    const fork = [{ from: 'a', on: '*', to: ['b', 'archive'] }];
    const branch = await put(
      [step('a'), step('b'), archive(), step('d', {}, { after: ['b', 'archive'] })],
      fork,
    );
    const join = await put(
      [step('a'), step('b'), step('c'), { ...archive(), after: ['b', 'c'] }],
      [{ from: 'a', on: '*', to: ['b', 'c'] }],
    );

    expect(branch.body.errors).toMatchObject([{ pointer: '/steps/2/splitter' }]);
    expect(join.body.errors).toMatchObject([{ pointer: '/steps/3/splitter' }]);
  });
});
