import { PDFArray, type PDFDocument, PDFHexString, PDFName, PDFNull, type PDFPage } from '@cantoo/pdf-lib';
import { omitUndefined } from '#core/omit-undefined.ts';

export interface Bookmark {
  readonly title: string;
  readonly page: PDFPage;
}

/** Adds a flat outline to a document. Viewers show it when the document opens. */
export function addOutline(document: PDFDocument, bookmarks: readonly Bookmark[]): void {
  const { context, catalog } = document;
  const root = context.nextRef();
  const refs = bookmarks.map(() => context.nextRef());
  for (const [i, { title, page }] of bookmarks.entries()) {
    const ref = refs[i];
    if (ref === undefined) continue;
    const [previous, next] = [refs[i - 1], refs[i + 1]];
    const entry = context.obj({
      Title: PDFHexString.fromText(title),
      Parent: root,
      Dest: topOf(document, page),
      ...omitUndefined({ Prev: previous, Next: next }),
    });
    context.assign(ref, entry);
  }
  const [first, last] = [refs.at(0), refs.at(-1)];
  if (first === undefined || last === undefined) return;
  context.assign(root, context.obj({ Type: 'Outlines', First: first, Last: last, Count: refs.length }));
  catalog.set(PDFName.of('Outlines'), root);
  catalog.set(PDFName.of('PageMode'), PDFName.of('UseOutlines'));
}

/** Destination at the top of the page, with the viewer's current zoom. */
function topOf({ context }: PDFDocument, page: PDFPage): PDFArray {
  const destination = PDFArray.withContext(context);
  for (const entry of [page.ref, PDFName.of('XYZ'), PDFNull, PDFNull, PDFNull]) destination.push(entry);
  return destination;
}
