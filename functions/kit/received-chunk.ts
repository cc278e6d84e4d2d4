/** Chunks that an invocation received, and which of them may have crashed an earlier one. */
import type { ChunkMessage } from '#contract/messages.ts';
import { runOf } from '#core/job.ts';
import type { ObjectKey } from '#core/object-address.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Log, LogFields, Objects } from '#core/ports.ts';
import { markKey } from '../store/object-keys.ts';

export interface Received {
  readonly id: string;
  readonly chunk: ChunkMessage;
  readonly isRedelivered: boolean;
}

export function markOf(chunk: ChunkMessage): ObjectKey {
  return markKey(chunk, chunk.path, chunk.index);
}

/** Returns the log fields that identify a chunk. */
export function fieldsOf(chunk: ChunkMessage): LogFields {
  return { ...runOf(chunk), path: chunk.path, index: chunk.index };
}

/** Puts chunks with a mark of an earlier invocation last. Adds the ids of chunks whose marks cannot be read to `failed`. */
export async function withSuspectsLast(
  ports: { readonly objects: Objects; readonly log: Log },
  returned: readonly Received[],
  failed: Set<string>,
): Promise<Received[]> {
  const marks = await mapParallel(returned, 10, async (one) => {
    try {
      return { one, isSuspect: (await ports.objects.describe({ key: markOf(one.chunk) })) !== undefined };
    } catch (error) {
      const fields = { ...fieldsOf(one.chunk), error: String(error) };
      ports.log.warn('the mark of a redelivered chunk could not be read', fields);
      failed.add(one.id);
      return undefined;
    }
  });
  const readable = marks.filter((entry) => entry !== undefined);
  return [
    ...readable.filter(({ isSuspect }) => !isSuspect),
    ...readable.filter(({ isSuspect }) => isSuspect),
  ].map(({ one }) => one);
}
