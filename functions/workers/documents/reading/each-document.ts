import { PermanentFailure } from '#core/errors.ts';
import type { Item, Part } from '#core/item.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { resultNames } from './result-names.ts';
import { sourceParts } from './source-parts.ts';

/**
 * Processes the documents of an item one after the other. `work` receives the name of the file that it makes. If a document is unreadable, the item fails permanently with
 * a message that names the document.
 */
export async function eachDocument<T>(
  item: Item,
  { signal, extension }: { readonly signal: AbortSignal; readonly extension: string },
  work: (part: Part, filename: string) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  const parts = sourceParts(item);
  const names = resultNames(
    parts.map(({ filename }) => filename),
    extension,
  );
  for (const [at, part] of parts.entries()) {
    signal.throwIfAborted();
    results.push(await withPartName(part, () => work(part, names[at] ?? part.filename)));
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
