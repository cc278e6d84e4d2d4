import { describe, expect, test } from 'vitest';
import { FailingCall } from '../../support/failing-call.ts';
import { aFlowService, items, step } from './a-flow.ts';

const IDS = ['0', '1', '2', '3', '4'];

/** Every kind of edge: a fork and a join, a loop, and items that fail. The last step archives the results. */
const TEMPLATE = {
  itemsPerTask: 2,
  steps: [
    step('split', { fail: ['0'] }),
    step('left', { answer: 'L', fail: ['1'] }),
    step('right', { answer: 'R' }),
    step('join', {}, { after: ['left', 'right'] }),
    step('again', { code: 'MORE' }),
    step('last', { fail: ['2'] }),
    step(
      'archive',
      { fail: ['archive-0002'] },
      { splitter: 'step-results', definition: { group: 2, name: 'archive' } },
    ),
  ],
  flow: [
    { from: 'split', on: 'COMPLETED', to: ['left', 'right'] },
    { from: 'join', on: '*', to: 'again' },
    { from: 'again', on: 'MORE', to: 'again', maxVisits: 5 },
    { from: 'again', on: '*', to: 'last' },
    { from: 'last', on: '*', to: 'archive' },
  ],
};

const CAME_TO = {
  0: 'failed',
  1: 'failed',
  2: 'failed',
  3: 'succeeded',
  4: 'succeeded',
  'archive-0001': 'succeeded',
  'archive-0002': 'failed',
  'archive-0003': 'succeeded',
};

async function outcomesOf(flow: ReturnType<typeof aFlowService>): Promise<Record<string, string>> {
  const found = await flow.outcomes();
  return Object.fromEntries(
    Object.entries(found).map(([id, text]) => [id, String(text).split(' ')[0] ?? '']),
  );
}

type Ports = Pick<ReturnType<typeof aFlowService>['service'], 'table' | 'queues' | 'objects' | 'machines'>;

/** One of the calls that change data fails. */
function failAt({ table, queues, objects, machines }: Ports, at: number, when: 'before' | 'after') {
  const failing = new FailingCall(at, when);
  failing.guard(table, 'write', 'transact');
  failing.guard(queues, 'send');
  failing.guard(objects, 'put', 'putIfAbsent');
  failing.guard(machines, 'start', 'succeed');
  return () => failing.calls;
}

describe('a flow is not disturbed', () => {
  test.each(['before', 'after'] as const)('by any call that fails, %s its effect', async (when) => {
    let calls = Number.POSITIVE_INFINITY;
    for (let at = 1; at <= calls; at += 1) {
      const flow = aFlowService();
      const { service } = flow;
      await flow.submit(TEMPLATE, items(...IDS));
      const write = service.table.write.bind(service.table);
      const counted = failAt(service, at, when);

      for (let tries = 0; tries < 4; tries += 1) {
        await service.drain().catch(() => undefined);
        service.clock.advance(20 * 60_000);
        // Simulates a redelivered stream record.
        await write({ kind: 'update', key: { pk: 'P#p1#J#j', sk: 'JOB' }, change: { add: { renewals: 1 } } });
      }
      calls = Math.min(calls, counted());

      const { status, items: shown } = await flow.job();
      expect([at, status, shown]).toMatchObject([at, 'Completed', { found: 8, succeeded: 4, failed: 4 }]);
      expect(await outcomesOf(flow)).toEqual(CAME_TO);
    }
    expect(calls).toBeGreaterThan(50);
  });

  test('by messages that are delivered twice', async () => {
    const flow = aFlowService();
    const { queues } = flow.service;
    const send = queues.send.bind(queues);
    queues.send = async (queue, messages) => {
      await send(queue, messages);
      return send(queue, messages);
    };

    const job = await flow.run(TEMPLATE, items(...IDS));

    expect(job).toMatchObject({ status: 'Completed', items: { found: 8, succeeded: 4, failed: 4 } });
    expect(await outcomesOf(flow)).toEqual(CAME_TO);
    expect(
      (await flow.list('history')).filter(({ verb }: { verb: string }) => verb === 'complete'),
    ).toHaveLength(1);
  });

  test('by redelivered messages of the previous run', async () => {
    const flow = aFlowService();
    const { queues } = flow.service;
    const send = queues.send.bind(queues);
    const sent: Parameters<typeof send>[] = [];
    queues.send = async (...message) => {
      sent.push(message);
      return send(...message);
    };
    await flow.run(TEMPLATE, items(...IDS));
    await flow.act('retry');
    for (const message of [...sent]) await send(...message);

    await flow.service.drain();

    expect(await flow.job()).toMatchObject({ status: 'Completed', run: 2, items: { found: 8, failed: 4 } });
    expect(await outcomesOf(flow)).toEqual(CAME_TO);
  });
});
