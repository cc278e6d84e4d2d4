import type { QueueName } from '#core/ports.ts';
import type { HeldMessage, QueueDepth, QueueDesk } from '#core/queue-desk.ts';
import type { MemoryQueues } from './queues.ts';

const QUEUE = 'unroutable';

/** The queues in memory as operators see them. A receive hides messages for the time of the queue. */
export class MemoryQueueDesk implements QueueDesk {
  readonly #queues: MemoryQueues;

  constructor(queues: MemoryQueues) {
    this.#queues = queues;
  }

  async depths(): Promise<QueueDepth[]> {
    const names = this.#queues.names().filter((name): name is QueueName => !name.startsWith('dead:'));
    return names.map((queue) => {
      const { visible, inFlight, delayed } = this.#queues.depth(queue);
      const depth = { queue, waiting: visible, inFlight, delayed };
      if (queue === QUEUE) return depth;
      const dead = this.#queues.depth(`dead:${queue}`);
      return { ...depth, deadLetters: dead.visible + dead.inFlight + dead.delayed };
    });
  }

  async receive(_hiddenSeconds: number): Promise<HeldMessage[]> {
    return this.#queues
      .receive(QUEUE)
      .map(({ id, receipt, body, sentAt }) => ({ id, receipt, body, sentAt }));
  }

  async release(receipts: readonly string[]): Promise<void> {
    for (const receipt of receipts) this.#queues.release(QUEUE, receipt);
  }

  async delete(receipts: readonly string[]): Promise<void> {
    for (const receipt of receipts) this.#queues.acknowledge(QUEUE, receipt);
  }
}
