import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defineSplitter } from '#core/splitter.ts';
import { jobKey } from '../../functions/store/keys.ts';
import { FailingCall } from '../support/failing-call.ts';
import { aService, KEY } from './a-retried-job.ts';

describe('a retry is not disturbed', () => {
  test('by messages that are delivered twice', async () => {
    const { service, bad, ran, retry, list, job } = aService();
    const send = service.queues.send.bind(service.queues);
    await ran({}, { from: 0, to: 4_000 });
    bad.delete(3);
    service.queues.send = async (queue, messages) => {
      await send(queue, messages);
      return send(queue, messages);
    };

    await retry();
    await service.drain();

    expect((await job()).items).toMatchObject({ found: 4_000, succeeded: 3_997, failed: 2, skipped: 1 });
    expect((await list('/history')).filter(({ verb }) => verb === 'complete')).toHaveLength(2);
  });

  test('by redelivered messages of the previous run', async () => {
    const { service, bad, seen, ran, retry, job } = aService();
    const send = service.queues.send.bind(service.queues);
    const sent: Parameters<typeof send>[] = [];
    service.queues.send = async (...message) => {
      sent.push(message);
      return send(...message);
    };
    await ran();
    bad.delete(3);
    await retry();
    for (const message of [...sent]) await send(...message);
    await service.step();
    for (const message of [...sent]) await send(...message);

    await service.drain();

    expect(seen.map(({ attempt }) => attempt).every((attempt) => attempt === 2)).toBe(true);
    expect(await job()).toMatchObject({ status: 'Completed', items: { found: 50, failed: 2, skipped: 1 } });
  });

  test.each(['before', 'after'] as const)(
    'by a call that fails %s its effect, whichever it is',
    async (when) => {
      let at = 0;
      for (let isStruck = true; isStruck; ) {
        at += 1;
        const { service, bad, ran, retry, job } = aService();
        await ran();
        bad.clear();
        await retry();
        const fault = new FailingCall(at, when);
        fault.guard(service.table, 'write', 'transact');
        fault.guard(service.queues, 'send');
        fault.guard(service.objects, 'put', 'putIfAbsent');

        await service.drain().catch(() => undefined);
        fault.stop();
        isStruck = fault.calls >= at;
        for (let tries = 0; tries < 2; tries += 1) {
          // Simulates the redelivery of a failed change or message.
          await service.table.write({ kind: 'update', key: jobKey(KEY), change: { add: { renewals: 1 } } });
          service.clock.advance(20 * 60_000);
          await service.drain();
        }

        expect([at, (await job()).items]).toMatchObject([at, { found: 50, succeeded: 49, failed: 0 }]);
      }
      expect(at).toBeGreaterThan(15);
    },
  );
});

describe('a retry has the children of the run before', () => {
  test('by its manifests, where the source has changed since', async () => {
    let listing = ['a', 'b', 'c'];
    const fickle = defineSplitter({
      name: 'fickle',
      description: 'lists what there is now',
      definition: z.unknown(),
      stable: false,
      *split() {
        for (const id of listing) yield { kind: 'item', id, payload: { n: id === 'b' ? 3 : 1 } };
      },
    });
    const { service, bad, ran, retry, list } = aService({ splitters: [fickle] });
    await ran({ splitter: 'fickle' });
    listing = ['z', 'a', 'b'];
    bad.clear();

    await retry();
    await service.drain();

    expect((await list('/items')).map(({ id, outcome }) => `${id} ${outcome}`).toSorted()).toEqual([
      'a succeeded',
      'b succeeded',
      'c succeeded',
    ]);
  });

  test('or fails, saying that the source was changed', async () => {
    let from = 0;
    const moving = defineSplitter({
      name: 'moving',
      description: 'claims to be stable and is not',
      definition: z.unknown(),
      stable: true,
      *split() {
        for (let n = from; n < from + 20; n += 1) yield { kind: 'item', id: String(n), payload: { n } };
      },
    });
    const { service, ran, retry, job } = aService({ splitters: [moving] });
    await ran({ splitter: 'moving' });
    from = 5;

    await retry();
    await service.drain();

    expect(await job()).toMatchObject({ status: 'Failed', failures: [{ code: 'source-changed' }] });
  });
});
