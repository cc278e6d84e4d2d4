import { PermanentFailure } from '#core/errors.ts';
import type { Item } from '#core/item.ts';
import type { WorkerContext } from '#kit/define-worker.ts';
import { type ConvertedPart, type PartTotals, totalsOf } from '../part-totals.ts';
import { eachDocument } from '../reading/each-document.ts';
import { makeMovable } from '../threads/movable.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import type { OnBrokenDocument } from './broken-documents.ts';

/** PDF of one document. */
export interface ConvertedPdf {
  readonly bytes: Uint8Array;
  readonly pages: number;
  /** Text about what the pages do not show. */
  readonly note?: string;
}

export interface FetchedDocument {
  readonly name: string;
  /** They own their memory, so that they can be moved to a thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Makes a PDF part of each document of an item. On request, unreadable documents are left out; the item fails if no
 * document is readable.
 */
export async function pdfOfEach<P extends { readonly onBrokenDocument: OnBrokenDocument }>(
  item: Item,
  context: WorkerContext<P>,
  convert: (document: FetchedDocument) => Promise<ConvertedPdf>,
): Promise<PartTotals> {
  const refusals: UnreadableDocument[] = [];
  const parts = await eachDocument(
    item,
    { signal: context.signal, extension: 'pdf' },
    async (part, filename): Promise<ConvertedPart> => {
      const source = part.filename;
      try {
        const pdf = await convert({ name: source, bytes: makeMovable(await context.fetchPart(part)) });
        await context.putPart({ filename, mimeType: 'application/pdf', body: pdf.bytes });
        return { source, pages: pdf.pages, sizeBytes: pdf.bytes.length, note: pdf.note };
      } catch (error) {
        const isLeftOut = context.parameters.onBrokenDocument === 'leaveOut';
        if (!isLeftOut || !(error instanceof UnreadableDocument)) throw error;
        refusals.push(error);
        return { source, pages: 0, sizeBytes: 0, note: `left out, ${error.code}` };
      }
    },
  );
  const [first] = refusals;
  if (first === undefined || refusals.length < parts.length) return totalsOf(parts);
  throw new PermanentFailure(first.code, first.message, { cause: first });
}
