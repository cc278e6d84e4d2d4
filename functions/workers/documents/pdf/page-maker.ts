import type { PDFDocument } from '@cantoo/pdf-lib';
import { detectType, isDecodedImage } from '../reading/detect-type.ts';
import type { SourceDocument } from '../reading/source-document.ts';
import { typeRefusal } from '../reading/type-refusal.ts';
import { readHtml } from '../text/read-html.ts';
import { addImage } from './add-image.ts';
import { addText } from './add-text.ts';
import type { PageFormat } from './page-format.ts';
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
  'text, Markdown, HTML, PDF and images (PNG, JPEG, TIFF, GIF, WebP, BMP, JPEG 2000, AVIF, HEIC); convert it to one of these';

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
        return this.#addText(readHtml(detected.source).text);
      case 'text/markdown':
      case 'text/plain':
        return this.#addText(detected.source);
      default:
        throw typeRefusal(detected, { bytes, name }, SUPPORTED);
    }
  }

  async #addText(text: string): Promise<AddedPages> {
    this.#font ??= TextFont.embedIn(this.#document);
    const font = await this.#font;
    const { pages, replacedCount } = addText(this.#document, text, { ...this.#options, font });
    if (replacedCount === 0) return { pages };
    return { pages, note: `${replacedCount} characters have no glyph in the font and are shown as \ufffd` };
  }
}
