import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_SEND_BYTES,
  MAX_SEND_ENTRIES,
  type OutgoingMessage,
  type QueueName,
  type Queues,
} from '#core/ports.ts';
import { byteLength, SendRefused, sendAll } from '#core/send.ts';
import { utf8Bytes } from '#core/units.ts';
import { memoryWorld } from '../support/memory/world.ts';

const KILOBYTE = 1024;

/** The memory queue, which refuses requests that are too large. `refuses` selects the entries that it rejects. */
function watchedQueues(refuses: (request: number, position: number) => boolean = () => false) {
  const { queues } = memoryWorld();
  const requests: OutgoingMessage[][] = [];
  const watched: Queues = {
    has: (queue) => queues.has(queue),
    async send(queue: QueueName, messages: readonly OutgoingMessage[]) {
      const request = requests.push([...messages]) - 1;
      const failed = messages.flatMap((_, position) => (refuses(request, position) ? [position] : []));
      await queues.send(
        queue,
        messages.filter((_, position) => !failed.includes(position)),
      );
      return { failed };
    },
  };
  const arrived = () => queues.receive('split', 100_000).map(({ body }) => body);
  return { queues: watched, requests, arrived };
}

function messagesOf(bodies: readonly string[]): OutgoingMessage[] {
  return bodies.map((body) => ({ body, group: 'p' }));
}

const bytesOf = (messages: readonly OutgoingMessage[]) =>
  messages.reduce((bytes, { body }) => bytes + byteLength(body), 0);

describe('messages', () => {
  test('are sent ten at a time, each once', async () => {
    const { queues, requests, arrived } = watchedQueues();
    const bodies = Array.from({ length: 25 }, (_, i) => `message ${i}`);

    await sendAll(queues, 'split', messagesOf(bodies));

    expect(requests.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(arrived()).toEqual(bodies);
  });

  test('are sent in the fewest requests that their number and size allow', async () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: KILOBYTE, max: 256 * KILOBYTE }),
      fc.constant(MAX_SEND_BYTES),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(size, { maxLength: 40 }), async (sizes) => {
        const { queues, requests, arrived } = watchedQueues();
        const bodies = sizes.map((bytes, i) => String(i).padEnd(bytes, '.'));

        await sendAll(queues, 'split', messagesOf(bodies));

        expect(arrived().toSorted()).toEqual(bodies.toSorted());
        for (const [i, request] of requests.entries()) {
          const [first] = requests[i + 1] ?? [];
          const isFull = request.length === MAX_SEND_ENTRIES;
          const hasNoRoom = first !== undefined && bytesOf([...request, first]) > MAX_SEND_BYTES;
          expect(bytesOf(request)).toBeLessThanOrEqual(MAX_SEND_BYTES);
          if (first !== undefined) expect(isFull || hasNoRoom).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('are measured as UTF-8', async () => {
    const { queues, requests } = watchedQueues();
    const body = '語'.repeat(50 * KILOBYTE);

    await sendAll(queues, 'split', messagesOf([body, body]));

    expect(requests).toHaveLength(2);
  });

  test('that were refused are sent again, and no others', async () => {
    const { queues, requests, arrived } = watchedQueues((request, position) => request === 0 && position > 6);
    const bodies = Array.from({ length: 10 }, (_, i) => `message ${i}`);

    await sendAll(queues, 'split', messagesOf(bodies));

    expect(requests.map((request) => request.map(({ body }) => body))).toEqual([bodies, bodies.slice(7)]);
    expect(arrived()).toEqual(bodies);
  });

  test('arrive once each if none is refused more than three times', async () => {
    const refusals = fc.array(fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.nat(10), refusals, async (count, refused) => {
        const { queues, arrived } = watchedQueues(
          (request, position) => refused[request]?.[position] === true,
        );
        const bodies = Array.from({ length: count }, (_, i) => `message ${i}`);

        await sendAll(queues, 'split', messagesOf(bodies));

        expect(arrived().toSorted()).toEqual(bodies.toSorted());
      }),
    );
  });

  test('keep their group and delay when they are sent again', async () => {
    const { queues, requests } = watchedQueues((request) => request === 0);
    const message = { body: 'later', group: 'p', delaySeconds: 30 };

    await sendAll(queues, 'split', [message]);

    expect(requests).toEqual([[message], [message]]);
  });

  test('that are always refused cause an error with their number', async () => {
    const { queues, requests } = watchedQueues((_, position) => position === 0);

    const sending = sendAll(queues, 'split', messagesOf(['stays', 'goes', 'goes too']));

    await expect(sending).rejects.toThrow(SendRefused);
    await expect(sending).rejects.toThrow('queue split refused 1 of 3 messages 4 times');
    expect(requests.map(({ length }) => length)).toEqual([3, 1, 1, 1]);
  });

  test('are not sent again if the queue cannot be reached', async () => {
    let calls = 0;
    const unreachable: Queues = {
      has: () => true,
      send: async () => {
        calls += 1;
        throw new Error('no connection');
      },
    };

    await expect(sendAll(unreachable, 'split', messagesOf(['one']))).rejects.toThrow('no connection');

    expect(calls).toBe(1);
  });

  test('are sent in eight concurrent requests', async () => {
    let open = 0;
    let most = 0;
    const slow: Queues = {
      has: () => true,
      async send() {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return { failed: [] };
      },
    };

    await sendAll(slow, 'split', messagesOf(Array.from({ length: 300 }, String)));

    expect(most).toBe(8);
  });
});

test('without messages nothing is sent', async () => {
  const { queues, requests } = watchedQueues();

  await sendAll(queues, 'split', []);

  expect(requests).toEqual([]);
});

test('the bytes of a text are those of its UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(byteLength(text)).toBe(Buffer.byteLength(text));
      expect(byteLength(text)).toBe(utf8Bytes(text));
    }),
  );
});
