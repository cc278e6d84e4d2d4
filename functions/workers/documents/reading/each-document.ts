import { PermanentFailure } from '#core/errors.ts';
import type { Item, Part } from '#core/item.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { sourceParts } from './source-parts.ts';

/**
 * Processes the documents of an item one after the other. If a document is unreadable, the item fails permanently with
 * a message that names the document.
 */
export async function eachDocument<T>(
  item: Item,
  signal: AbortSignal,
  work: (part: Part) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (const part of sourceParts(item)) {
    signal.throwIfAborted();
    results.push(await withPartName(part, () => work(part)));
  }
  return results;
}

async function withPartName<T>({ filename }: Part, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
    throw new PermanentFailure(error.code, `'${filename}': ${error.message}`, { cause: error });
  }
}
