import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Queues } from '#core/ports.ts';
import type { QueueDesk } from '#core/queue-desk.ts';

export interface DeskUnderTest {
  readonly desk: QueueDesk;
  /** Sends to the queues of the desk: `split`, which has dead letters, and `unroutable`. */
  readonly queues: Queues;
}

export function describeQueueDesk(name: string, make: () => Promise<DeskUnderTest>): void {
  describe(`desk of queues: ${name}`, () => {
    let under: DeskUnderTest;
    beforeAll(async () => {
      under = await make();
    });

    test('the depth of each queue is counted', async () => {
      await under.queues.send('split', [
        { body: '"a"', group: 'p' },
        { body: '"b"', group: 'p', delaySeconds: 600 },
      ]);

      await vi.waitFor(async () => {
        expect(await under.desk.depths()).toEqual([
          { queue: 'split', waiting: 1, inFlight: 0, delayed: 1, deadLetters: 0 },
          { queue: 'unroutable', waiting: 0, inFlight: 0, delayed: 0 },
        ]);
      });
    });

    test('received messages are hidden until they are released or deleted', async () => {
      const { desk, queues } = under;
      const before = Date.now();
      await queues.send('unroutable', [
        { body: '"keep"', group: 'g' },
        { body: '"drop"', group: 'g' },
      ]);

      const received = await vi.waitFor(async () => {
        const messages = await desk.receive(60);
        expect(messages).toHaveLength(2);
        return messages;
      });
      const hidden = await desk.receive(60);
      const [keep, drop] = ['"keep"', '"drop"'].map((body) => received.find((one) => one.body === body));
      await desk.release([keep?.receipt ?? '']);
      await desk.delete([drop?.receipt ?? '']);

      expect(hidden).toEqual([]);
      const again = await vi.waitFor(async () => {
        const messages = await desk.receive(60);
        expect(messages).toHaveLength(1);
        return messages;
      });
      expect(again[0]).toMatchObject({ id: keep?.id, body: '"keep"' });
      expect(Math.abs((keep?.sentAt ?? 0) - before)).toBeLessThan(60_000);
    });
  });
}
