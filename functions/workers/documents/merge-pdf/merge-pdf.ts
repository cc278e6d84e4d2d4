import { PDFDocument } from '@cantoo/pdf-lib';
import { joinNotes } from '../part-totals.ts';
import { isDynamicXfa, openPdf } from '../pdf/open-pdf.ts';
import type { PageFormat } from '../pdf/page-format.ts';
import { type AddedPages, PageMaker } from '../pdf/page-maker.ts';
import { brokenPdf, xfaPdf } from '../pdf/pdf-refusals.ts';
import { detectType } from '../reading/detect-type.ts';
import { checkNotEmpty, type SourceDocument } from '../reading/source-document.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { MergedForm } from './merged-form.ts';
import { addOutline, type Bookmark } from './outline.ts';

export interface MergePdfRequest {
  readonly sources: readonly (SourceDocument & { readonly bytes: Uint8Array<ArrayBuffer> })[];
  readonly title: string;
  readonly format: PageFormat;
  /** True to leave out documents that cannot be read. At least one must remain. */
  readonly leavesOutBroken: boolean;
}

export interface MergedPdf extends AddedPages {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Merges all sources in order into one PDF with a bookmark for each. Throws if a source cannot be read, unless such
 * sources are left out. The message names that source.
 */
export async function mergePdf(request: MergePdfRequest, step: () => void): Promise<MergedPdf> {
  const { sources, title, format, leavesOutBroken } = request;
  // No timestamps, so that a repeated run makes the same bytes.
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(title);
  document.setProducer('jobtree');
  const maker = new PageMaker(document, { format, step });
  const form = new MergedForm(document);
  const bookmarks: Bookmark[] = [];
  let lastRefusal: UnreadableDocument | undefined;
  const notes: { source: string; note?: string | undefined }[] = [];
  for (const source of sources) {
    const pagesBefore = document.getPageCount();
    try {
      const { note } = await withSourceName(source, () => addSource({ document, maker, form }, source));
      notes.push({ source: source.name, note });
      bookmarks.push({ title: source.name, page: document.getPage(pagesBefore) });
    } catch (error) {
      if (!leavesOutBroken || !(error instanceof UnreadableDocument)) throw error;
      lastRefusal = error;
      while (document.getPageCount() > pagesBefore) document.removePage(document.getPageCount() - 1);
      notes.push({ source: source.name, note: `left out, ${error.code}` });
    }
    step();
  }
  if (bookmarks.length === 0 && lastRefusal !== undefined) throw lastRefusal;
  addOutline(document, bookmarks);
  const formNote = form.end();
  const bytes = await document.save({ objectsPerTick: Number.POSITIVE_INFINITY });
  const note = [joinNotes(notes), formNote].filter(Boolean).join('; ');
  return { bytes: new Uint8Array(bytes), pages: document.getPageCount(), ...(note !== '' && { note }) };
}

interface Target {
  readonly document: PDFDocument;
  readonly maker: PageMaker;
  readonly form: MergedForm;
}

async function addSource({ document, maker, form }: Target, source: SourceDocument): Promise<AddedPages> {
  checkNotEmpty(source);
  if (detectType(source.bytes, source.name).type !== 'application/pdf') return maker.add(source);
  const pdf = await openPdf(source.bytes);
  if (isDynamicXfa(pdf)) throw xfaPdf();
  MergedForm.prepare(pdf);
  const pages = await copyPages(document, pdf);
  for (const page of pages) document.addPage(page);
  form.add(pdf, pages);
  return { pages: pages.length };
}

async function copyPages(document: PDFDocument, pdf: PDFDocument) {
  try {
    return await document.copyPages(pdf, pdf.getPageIndices());
  } catch (error) {
    throw brokenPdf(error instanceof Error ? error.message : String(error), error);
  }
}

async function withSourceName<T>({ name }: SourceDocument, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnreadableDocument)
      throw new UnreadableDocument(error.code, `'${name}': ${error.message}`, { cause: error });
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnreadableDocument('document-broken', `'${name}' can't be read: ${reason}`, { cause: error });
  }
}
