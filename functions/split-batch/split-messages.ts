/** Handles the messages of one invocation of split-batch. */
import * as v from 'valibot';
import { type SplitMessage, splitMessage, stepMessage } from '#contract/messages.ts';
import { parseMessage } from '#contract/parse-message.ts';
import { sendToUnroutable } from '../store/unroutable.ts';
import type { EnterStep, EnterStepPorts } from './enter-step.ts';
import type { SplitBatch } from './split-batch.ts';
import { failOrThrow } from './split-failures.ts';

const batchMessage = v.variant('kind', [splitMessage, stepMessage]);

interface Received {
  readonly id: string;
  readonly body: string;
  readonly receiveCount: number;
}

/** Returns the ids of the messages that must be redelivered. */
export type SplitMessages = (
  messages: readonly Received[],
  isTimeUp: () => boolean,
) => Promise<{ failed: ReadonlySet<string> }>;

/**
 * Splits one batch after the other, so that each can use all memory of the function. Redelivered batches run last: one of
 * them may have crashed the function, and would take the others with it.
 */
export function splitMessages(
  ports: EnterStepPorts,
  { enter, split }: { readonly enter: EnterStep; readonly split: SplitBatch },
): SplitMessages {
  const splitOne = async ({ body, receiveCount }: Received, isTimeUp: () => boolean): Promise<void> => {
    const parsed = parseMessage(batchMessage, body);
    if (!parsed.ok) {
      const { reason } = parsed;
      return sendToUnroutable(ports, 'no split message', { body, reason, queue: 'split' });
    }
    const { message } = parsed;
    const batch = message.kind === 'step' ? await entered(message) : message;
    if (batch !== undefined) await split(batch, isTimeUp, receiveCount);
  };
  const entered = async (message: Parameters<EnterStep>[0]): Promise<SplitMessage | undefined> => {
    try {
      return await enter(message);
    } catch (error) {
      await failOrThrow(ports, message, error);
      return undefined;
    }
  };
  return async (messages, isTimeUp) => {
    const failed = new Set<string>();
    for (const message of messages.toSorted((one, other) => wasReturned(one) - wasReturned(other))) {
      try {
        await splitOne(message, isTimeUp);
      } catch (error) {
        ports.log.warn('batch could not be split', { messageId: message.id, error: String(error) });
        failed.add(message.id);
      }
    }
    return { failed };
  };
}

function wasReturned({ receiveCount }: Received): number {
  return Number(receiveCount > 1);
}
