import * as z from 'zod';
import { parseMessage, splitMessage, stepMessage } from '#contract/messages.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Splitter } from '#core/splitter.ts';
import { connect } from '../aws/connect.ts';
import { queueHandler } from '../aws/queue-handler.ts';
import { stateMachines } from '../aws/state-machines.ts';
import { putAside } from '../store/put-aside.ts';
import { enterStep } from './enter-step.ts';
import { splitBatch } from './split-batch.ts';
import { SplitRequests } from './split-requests.ts';
import { innerSplitters, shippedSplitters } from './splitters/index.ts';

const batchMessage = z.discriminatedUnion('kind', [splitMessage, stepMessage]);

/** Batches split at once in one invocation; each holds a slice of children in memory. */
const PARALLEL_BATCHES = 4;

/** The function behind the split queue, for the splitters that ship and these of users. */
export function splitHandler(splitters: readonly Splitter[] = []) {
  const ports = connect('split-batch');
  const requests = new SplitRequests(ports);
  const enter = enterStep({ ...ports, machines: stateMachines(ports.setting('machines')) }, requests);
  const split = splitBatch(
    {
      ...ports,
      splitters: [...shippedSplitters, ...splitters, ...innerSplitters],
      maxItems: Number(ports.setting('maxItems')),
      statusCacheMillis: Number(ports.setting('statusCacheMillis')),
    },
    requests,
  );
  return queueHandler(async (messages, signal) => {
    const failed = new Set<string>();
    await mapParallel(messages, PARALLEL_BATCHES, async ({ id, body }) => {
      try {
        const parsed = parseMessage(batchMessage, body);
        if (!parsed.ok) return await putAside(ports, 'no split message', parsed.reason, body);
        const { message } = parsed;
        const batch = message.kind === 'step' ? await enter(message) : message;
        if (batch !== undefined) await split(batch, () => signal.aborted);
      } catch (error) {
        ports.log.warn('batch could not be split', { messageId: id, error: String(error) });
        failed.add(id);
      }
    });
    return { failed };
  }, ports);
}
