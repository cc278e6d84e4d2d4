/** The alarms of a deployment that follow from the depths of its queues. */
import type { Queue } from 'jobtree/client';
import { plural } from '../../parts/format.ts';
import type { Tone } from '../../parts/status.tsx';

export interface Check {
  readonly name: string;
  readonly tone: Tone;
  readonly state: string;
  /** The next step; absent if all is well. */
  readonly advice?: string;
}

/** `messages` is the number of unroutable messages that were read, which can be newer than the counts. */
export function checksOf(queues: readonly Queue[], messages = 0): Check[] {
  const sizeOf = (name: string) => {
    const queue = queues.find((one) => one.name === name);
    return queue === undefined ? 0 : queue.waiting + queue.inFlight + queue.delayed;
  };
  const deadLetters = queues.reduce((sum, queue) => sum + (queue.deadLetters ?? 0), 0);
  return [
    check(
      'Unroutable messages',
      Math.max(sizeOf('unroutable'), messages),
      'bad',
      'Read each message below, and correct its cause.',
    ),
    check(
      'Changes without follow-up',
      sizeOf('undispatched'),
      'bad',
      'Follow-ups of changed jobs failed repeatedly. Read the log of dispatch-jobs.',
    ),
    check(
      'Unread dead letters',
      deadLetters,
      'warn',
      'read-dead-letters handles them within minutes. If they stay for 15 minutes, read its log.',
    ),
  ];
}

function check(name: string, count: number, tone: Tone, advice: string): Check {
  if (count === 0) return { name, tone: 'ok', state: 'None' };
  return { name, tone, state: plural(count, 'message'), advice };
}
