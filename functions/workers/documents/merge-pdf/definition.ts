import { PermanentFailure } from '#core/errors.ts';
import type { Part } from '#core/item.ts';
import { defineWorker, type WorkerContext } from '#kit/define-worker.ts';
import type { PartTotals } from '../part-totals.ts';
import { sourceParts } from '../reading/source-parts.ts';
import { makeMovable } from '../threads/movable.ts';
import { limitsOf } from '../threads/work-limits.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import type { MergePdfRequest } from './merge-pdf.ts';
import { mergePdfThread } from './merge-pdf-thread.ts';
import { type MergePdfParameters, mergePdfParameters } from './parameters.ts';

const TIMEOUT_SECONDS = 120;
/** All parts and the merged PDF are in memory at the same time. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;
const MAX_NAMED = 5;

/** The worker `merge-pdf`: merges all documents of an item into one PDF. */
export const worker = defineWorker<MergePdfParameters>({
  name: 'merge-pdf',
  parameters: mergePdfParameters,
  concurrency: 1,
  async run(item, context): Promise<PartTotals> {
    const { title = item.id, onBrokenDocument, ...format } = context.parameters;
    const sources = await fetchAll(sourceParts(item), context);
    const sizeBytes = sources.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const limits = limitsOf(sizeBytes, { timeoutSeconds: TIMEOUT_SECONDS, signal: context.signal });
    const { bytes, ...merged } = await mergePdfThread
      .run({ sources, title, format, leavesOutBroken: onBrokenDocument === 'leaveOut' }, limits)
      .catch((error: unknown) => {
        if (!(error instanceof UnreadableDocument)) throw error;
        throw new PermanentFailure(error.code, withSourceNames(error.message, sources), { cause: error });
      });
    await context.putPart({ filename: `${fileName(title)}.pdf`, mimeType: 'application/pdf', body: bytes });
    return { ...merged, sizeBytes: bytes.length };
  },
});

/** Names the possible documents, because a thread that was terminated does not report the current one. */
function withSourceNames(message: string, sources: MergePdfRequest['sources']): string {
  if (message.startsWith("'")) return message;
  const names = sources.map(({ name }) => `'${name}'`);
  const listedNames = names.length > MAX_NAMED ? [...names.slice(0, MAX_NAMED), '…'] : names;
  return `${listedNames.join(' or ')}: ${message}`;
}

async function fetchAll(
  parts: readonly Part[],
  { fetchPart, signal }: WorkerContext<MergePdfParameters>,
): Promise<MergePdfRequest['sources']> {
  const sources: { name: string; bytes: Uint8Array<ArrayBuffer> }[] = [];
  let remainingBytes = MAX_TOTAL_BYTES;
  for (const part of parts) {
    signal.throwIfAborted();
    const bytes = makeMovable(await fetchPart(part, { maxBytes: remainingBytes }));
    remainingBytes -= bytes.length;
    sources.push({ name: part.filename, bytes });
  }
  return sources;
}

/** Replaces the characters of a title that file systems reject. */
function fileName(title: string): string {
  return title.replace(/[\p{Cc}/\\:*?"<>|]+/gu, '_').slice(0, 100);
}
