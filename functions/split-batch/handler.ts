import { parseMessage, splitMessage } from '#contract/messages.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Splitter } from '#core/splitter.ts';
import { connect } from '../aws/connect.ts';
import { queueHandler } from '../aws/queue-handler.ts';
import { putAside } from '../store/put-aside.ts';
import { splitBatch } from './split-batch.ts';
import { innerSplitters, shippedSplitters } from './splitters/index.ts';

/** Batches split at once in one invocation; each holds a slice of children in memory. */
const PARALLEL_BATCHES = 4;

/** The function behind the split queue, for these splitters. */
export function splitHandler(splitters: readonly Splitter[]) {
  const ports = connect('split-batch');
  const split = splitBatch({
    ...ports,
    splitters: [...splitters, ...innerSplitters],
    maxItems: Number(ports.setting('maxItems')),
    statusCacheMillis: Number(ports.setting('statusCacheMillis')),
  });
  return queueHandler(async (messages, signal) => {
    const failed = new Set<string>();
    await mapParallel(messages, PARALLEL_BATCHES, async ({ id, body }) => {
      try {
        const parsed = parseMessage(splitMessage, body);
        if (!parsed.ok) return await putAside(ports, 'no split message', parsed.reason, body);
        await split(parsed.message, () => signal.aborted);
      } catch (error) {
        ports.log.warn('batch could not be split', { messageId: id, error: String(error) });
        failed.add(id);
      }
    });
    return { failed };
  }, ports);
}

export const handler = splitHandler(shippedSplitters);
