import { PDFDocument, type PDFPage } from '@cantoo/pdf-lib';
import { replacedNote } from '../layout/replaced-note.ts';
import type { OpcDocument } from '../office/open-office.ts';
import { type DetectedDocument, detectType, isDecodedImage } from '../reading/detect-type.ts';
import type { SourceDocument } from '../reading/source-document.ts';
import { typeRefusal } from '../reading/type-refusal.ts';
import { ZipArchive } from '../reading/zip-archive.ts';
import { readHtml } from '../text/read-html.ts';
import { markdownPage } from '../text/read-markdown.ts';
import { collectGarbage } from '../threads/collect-garbage.ts';
import { addImage } from './add-image.ts';
import { addText } from './add-text.ts';
import type { PageFormat } from './page-format.ts';
import { addPageNumbers } from './page-numbers.ts';
import { TextFont } from './text-font.ts';

/** Pages that were added to the document, and a note on what they could not show. */
export interface AddedPages {
  readonly pages: number;
  readonly note?: string;
}

export interface AddOptions {
  readonly format: PageFormat;
  readonly step: () => void;
}

const SUPPORTED =
  'text, Markdown, HTML, office documents (docx, xlsx, pptx), PDF and images (PNG, JPEG, TIFF, GIF, WebP, BMP, JPEG 2000, AVIF, HEIC); convert it to one of these';

function withNote(added: AddedPages, more: string | undefined): AddedPages {
  const note = [more, added.note].filter(Boolean).join('; ');
  return note === '' ? added : { ...added, note };
}

const TOO_LONG = 'too long to lay out, so only its text is shown';
/** Limit of the text of a workbook or presentation. */
const MAX_OFFICE_CHARACTERS = 20_000_000;
/** The layout takes about a second for this number. */
const MAX_LAID_OUT_CHARACTERS = 300_000;

/** Adds documents to one PDF. All of them share one embedded font. */
export class PageMaker {
  readonly #document: PDFDocument;
  readonly #options: AddOptions;
  #font: Promise<TextFont> | undefined;

  constructor(document: PDFDocument, options: AddOptions) {
    this.#document = document;
    this.#options = options;
  }

  /** Adds text or an image as pages. Throws for any other type. */
  async add({ name, bytes }: SourceDocument): Promise<AddedPages> {
    const detected = detectType(bytes, name);
    if (isDecodedImage(detected.type)) {
      // Load the decoder only for the documents that need it. Most do not.
      const { addDecodedImage } = await import('./add-decoded-image.ts');
      return addDecodedImage(this.#document, { type: detected.type, bytes }, this.#options);
    }
    switch (detected.type) {
      case 'image/png':
      case 'image/jpeg':
        await addImage(this.#document, { type: detected.type, bytes }, this.#options.format);
        return { pages: 1 };
      case 'text/html':
        return this.#addHtml(detected.source);
      case 'text/markdown':
        return this.#addMarkdown(detected.source);
      case 'text/plain':
        return this.#addText(detected.source);
      case 'application/zip':
        return this.#addOffice({ name, bytes }, detected);
      default:
        throw typeRefusal(detected, { bytes, name }, SUPPORTED);
    }
  }

  async #addMarkdown(source: string): Promise<AddedPages> {
    const { html, body, note } = markdownPage(source);
    return html === undefined ? withNote(await this.#addText(body), note) : this.#addHtml(html);
  }

  async #addOffice(source: SourceDocument, detected: DetectedDocument): Promise<AddedPages> {
    const archive = await ZipArchive.open(source.bytes);
    const { openOffice } = await import('../office/open-office.ts');
    const limits = { maxCharacters: MAX_OFFICE_CHARACTERS };
    const office = await openOffice(archive, limits, this.#options.step);
    if (office === undefined || office.kind === 'odf') throw typeRefusal(detected, source, SUPPORTED);
    if (office.kind !== 'word') return this.#addLaidOutParts(office);
    const { docxHtml } = await import('../layout/docx-html.ts');
    return this.#addHtml(await docxHtml(office));
  }

  async #addLaidOutParts(office: OpcDocument): Promise<AddedPages> {
    const { officePages } = await import('../layout/office-pages.ts');
    const laidOut = await officePages(office, this.#options);
    if (laidOut === undefined) {
      const { readOpenedOffice } = await import('../office/read-office.ts');
      return withNote(await this.#addText((await readOpenedOffice(office)).text), TOO_LONG);
    }
    const pages: PDFPage[] = [];
    for await (const part of laidOut.parts) {
      pages.push(...(await this.#copyPages(part.bytes, part.pages)));
      collectGarbage();
    }
    const { format } = this.#options;
    addPageNumbers(pages, await this.#textFont(), format);
    return withNote({ pages: pages.length }, laidOut.notes().join('; '));
  }

  /** Lays out the document. A very long one is added as text, because its layout would take too long. */
  async #addHtml(html: string): Promise<AddedPages> {
    // The text is never longer than its source.
    const text = html.length > MAX_LAID_OUT_CHARACTERS ? readHtml(html).text : '';
    if (text.length > MAX_LAID_OUT_CHARACTERS) return withNote(await this.#addText(text), TOO_LONG);
    // Loaded only for the documents that need it.
    const { layOut } = await import('../layout/lay-out.ts');
    const { format, step } = this.#options;
    const { bytes, note } = await layOut(html, format, step);
    const pages = await this.#copyPages(bytes);
    return withNote({ pages: pages.length }, note);
  }

  async #copyPages(bytes: Uint8Array, count?: number): Promise<PDFPage[]> {
    this.#options.step();
    const laidOut = await PDFDocument.load(bytes, { updateMetadata: false });
    const pages = await this.#document.copyPages(laidOut, laidOut.getPageIndices().slice(0, count));
    for (const page of pages) this.#document.addPage(page);
    return pages;
  }

  #textFont(): Promise<TextFont> {
    this.#font ??= TextFont.embedIn(this.#document);
    return this.#font;
  }

  async #addText(text: string): Promise<AddedPages> {
    const font = await this.#textFont();
    await font.prepare(text);
    const { pages, replacedCount } = addText(this.#document, text, { ...this.#options, font });
    if (replacedCount === 0) return { pages };
    return { pages, note: replacedNote(replacedCount) };
  }
}
