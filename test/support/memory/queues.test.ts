import { describe, expect, test } from 'vitest';
import type { ReceivedMessage } from './queues.ts';
import { memoryWorld, SeededRandom } from './world.ts';

const message = (text: string, delaySeconds = 0) => ({ body: `"${text}"`, group: 'p', delaySeconds });
const bodies = (messages: readonly ReceivedMessage[]) => messages.map(({ body }) => JSON.parse(body));

describe('memory queues', () => {
  const world = (options = {}) => memoryWorld({ queues: { split: options, results: {} } });

  test('a received message is hidden until its time is up', async () => {
    const { queues, clock } = world({ visibilitySeconds: 30 });
    await queues.send('split', [message('a')]);

    const [first] = queues.receive('split');
    clock.advance(29_999);
    const tooEarly = queues.receive('split');
    clock.advance(1);
    const [second] = queues.receive('split');

    expect(tooEarly).toEqual([]);
    expect([first?.receiveCount, second?.receiveCount]).toEqual([1, 2]);
    expect(second?.id).toBe(first?.id);
  });

  test('only the receipt of the last receive is worth something', async () => {
    const { queues, clock } = world({ visibilitySeconds: 30 });
    await queues.send('split', [message('a')]);
    const [first] = queues.receive('split');
    clock.advance(30_000);
    const [second] = queues.receive('split');

    expect(queues.acknowledge('split', first?.receipt ?? '')).toBe(false);
    expect(queues.acknowledge('split', second?.receipt ?? '')).toBe(true);
    expect(queues.acknowledge('split', second?.receipt ?? '')).toBe(false);
    expect(queues.depth('split')).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
  });

  test('a released message becomes visible, now or later', async () => {
    const { queues, clock } = world();
    await queues.send('split', [message('a')]);

    const [first] = queues.receive('split');
    queues.release('split', first?.receipt ?? '');
    const [second] = queues.receive('split');
    queues.release('split', second?.receipt ?? '', 5);
    const tooEarly = queues.receive('split');
    clock.advance(5000);

    expect(tooEarly).toEqual([]);
    expect(queues.receive('split').map(({ receiveCount }) => receiveCount)).toEqual([3]);
  });

  test('a message received too often is a dead letter', async () => {
    const { queues, clock } = world({ visibilitySeconds: 1, maxReceives: 2 });
    await queues.send('split', [message('poison')]);

    const counts = [1, 2, 3].map(() => {
      const received = queues.receive('split');
      clock.advance(1000);
      return received.length;
    });

    expect(counts).toEqual([1, 1, 0]);
    expect(bodies(queues.receive('dead:split'))).toEqual(['poison']);
  });

  test('delayed messages arrive in the order of their times', async () => {
    const { queues, clock } = world();
    await queues.send('split', [message('c', 3), message('a', 1), message('b', 2), message('now')]);

    expect(bodies(queues.receive('split'))).toEqual(['now']);
    expect(queues.depth('split')).toEqual({ visible: 0, delayed: 3, inFlight: 1 });
    clock.advance(3000);
    expect(bodies(queues.receive('split'))).toEqual(['a', 'b', 'c']);
  });

  test('the queue returns the time of its next event', async () => {
    const { queues, clock } = world({ visibilitySeconds: 30 });
    const start = clock.now();
    expect(queues.nextDue()).toBeUndefined();

    await queues.send('results', [message('later', 60)]);
    const later = queues.nextDue();
    await queues.send('split', [message('a')]);
    queues.receive('split');

    expect(later).toBe(start + 60_000);
    expect(queues.nextDue()).toBe(start + 30_000);
  });

  test('any message can be picked, and none is lost or doubled', async () => {
    const random = new SeededRandom(7);
    const { queues } = world();
    const sent = Array.from({ length: 3000 }, (_, i) => `${i}`);
    for (let start = 0; start < sent.length; start += 10) {
      await queues.send(
        'split',
        sent.slice(start, start + 10).map((text) => message(text)),
      );
    }

    const received: string[] = [];
    while (queues.depth('split').visible > 0) {
      const batch = queues.receive('split', 7, (visible) => Math.floor(random.next() * visible));
      received.push(...bodies(batch));
    }

    expect(received).not.toEqual(sent);
    expect(received.toSorted()).toEqual(sent.toSorted());
  });

  test('a delay that SQS does not know is a mistake of the sender', async () => {
    const { queues } = world();

    for (const delay of [901, -1, 0.5]) {
      await expect(queues.send('split', [message('a', delay)])).rejects.toThrow(RangeError);
    }
  });
});
