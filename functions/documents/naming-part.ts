import { PermanentFailure } from '#core/errors.ts';
import type { Part } from '#core/item.ts';
import { UnreadableDocument } from './unreadable-document.ts';

/** Work on one part: where its document is the reason of a failure, the item fails for good, naming the part. */
export async function namingPart<T>({ filename }: Part, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
    throw new PermanentFailure(error.code, `'${filename}': ${error.message}`, { cause: error });
  }
}
