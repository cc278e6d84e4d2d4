import { beforeAll, describe, expect, test, vi } from 'vitest';
import { MAX_SEND_BYTES, type QueueName, type Queues } from '#core/ports.ts';

/** Queues that only contain messages of the suite. `worker:ocr` is the only worker. */
export interface QueuesUnderTest {
  readonly queues: Queues;
  /** Takes the messages that are visible now. */
  receive(queue: QueueName): Promise<string[]>;
  elapse(seconds: number): Promise<void>;
}

export function describeQueues(name: string, make: () => Promise<QueuesUnderTest>): void {
  describe(`queues: ${name}`, () => {
    let under: QueuesUnderTest;
    beforeAll(async () => {
      under = await make();
    });

    const message = (text: string) => ({ body: JSON.stringify({ text }), group: 'p' });

    /** Returns the received messages, in any order and from any number of receives. */
    async function arrived(queue: QueueName, count: number): Promise<unknown[]> {
      const bodies: string[] = [];
      await vi.waitFor(
        async () => {
          bodies.push(...(await under.receive(queue)));
          expect(bodies).toHaveLength(count);
        },
        { timeout: 10_000, interval: 100 },
      );
      return bodies.map((body) => JSON.parse(body).text).sort();
    }

    test('each message arrives in the queue to which it was sent', async () => {
      await under.queues.send('split', [message('a'), message('b')]);
      await under.queues.send('worker:ocr', [message('c')]);

      expect(await arrived('split', 2)).toEqual(['a', 'b']);
      expect(await arrived('worker:ocr', 1)).toEqual(['c']);
      expect(await under.receive('results')).toEqual([]);
    });

    test('ten messages are accepted at once, more are refused together', async () => {
      const messages = Array.from({ length: 11 }, (_, i) => message(`${i}`));

      await expect(under.queues.send('split', messages)).rejects.toThrow();
      const answer = await under.queues.send('split', messages.slice(1));

      expect(answer).toEqual({ failed: [] });
      expect(await arrived('split', 10)).toHaveLength(10);
    });

    test('the maximum number of bytes is accepted, more are refused together', async () => {
      const half = MAX_SEND_BYTES / 2 - '{"text":""}'.length;

      await expect(
        under.queues.send('split', [message('x'.repeat(half)), message('x'.repeat(half + 1))]),
      ).rejects.toThrow();
      const answer = await under.queues.send('split', [message('x'.repeat(half)), message('y'.repeat(half))]);

      expect(answer).toEqual({ failed: [] });
      expect(await arrived('split', 2)).toEqual(['x'.repeat(half), 'y'.repeat(half)]);
    });

    test('sending no messages succeeds', async () => {
      expect(await under.queues.send('split', [])).toEqual({ failed: [] });
    });

    test('refused messages are reported by position, the others arrive', async () => {
      const unsendable = { body: '"\u0000"', group: 'p' };

      const answer = await under.queues.send('split', [unsendable, message('a'), unsendable, message('b')]);

      expect(answer).toEqual({ failed: [0, 2] });
      expect(await arrived('split', 2)).toEqual(['a', 'b']);
    });

    test('any character that JSON may contain arrives', async () => {
      const text = 'größer 😀 \u0000 \u2028 \uFFFE \uFFFF \uD800 "\\';

      const answer = await under.queues.send('split', [message(text)]);

      expect(answer).toEqual({ failed: [] });
      expect(await arrived('split', 1)).toEqual([text]);
    });

    test('any partition can be a group', async () => {
      const groups = ['', 'a b', 'größer', '😀', 'x'.repeat(200), '\u0000', '\uD800', '~!@'];

      const answer = await under.queues.send(
        'split',
        groups.map((group, i) => ({ ...message(`${i}`), group })),
      );

      expect(answer).toEqual({ failed: [] });
      expect(await arrived('split', groups.length)).toHaveLength(groups.length);
    });

    test('a delayed message arrives later', async () => {
      await under.queues.send('results', [{ ...message('later'), delaySeconds: 2 }, message('now')]);

      expect(await arrived('results', 1)).toEqual(['now']);
      await under.elapse(2);
      expect(await arrived('results', 1)).toEqual(['later']);
    });

    test('missing queues are reported as missing', async () => {
      const { queues } = under;

      expect(
        ['split', 'results', 'reports', 'unroutable', 'worker:ocr'].map((queue) =>
          queues.has(queue as QueueName),
        ),
      ).toEqual([true, true, true, true, true]);
      expect(queues.has('worker:missing')).toBe(false);
      expect(queues.has('worker:constructor')).toBe(false);
      await expect(queues.send('worker:missing', [message('a')])).rejects.toThrow(
        "'worker:missing' is unknown",
      );
    });
  });
}
