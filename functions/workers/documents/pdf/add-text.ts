import { type PDFDocument, type PDFFont, PDFName } from '@cantoo/pdf-lib';
import { linesOf, type TextLine } from '../text/text-lines.ts';
import { replaceMissingGlyphs } from '../text/text-pieces.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { type PageFormat, pageArea, printArea } from './page-format.ts';
import type { TextFont } from './text-font.ts';

/** Multiple of the font size. */
const LINE_HEIGHT = 1.25;
const DIGITS_PER_TAB = 4;
const MAX_PAGES = 5_000;
const LINE_END = /\r\n|[\r\n\v\u0085\u2028\u2029]/;
/** A longer line is data, not prose. It is split here to bound the cost of one layout. */
const LONG_LINE = /.{1,20000}/gsu;

export interface AddedText {
  readonly pages: number;
  /** Number of characters that the font cannot show. */
  readonly replacedCount: number;
}

/** Adds text as pages. A form feed starts a new page. */
export function addText(
  document: PDFDocument,
  text: string,
  { font, format, step }: { readonly font: TextFont; readonly format: PageFormat; readonly step: () => void },
): AddedText {
  const pages = new TextPages(document, font, format);
  let replacedCount = 0;
  for (const [i, section] of text.split('\f').entries()) {
    if (i > 0) pages.beginPage();
    for (const paragraph of section.split(LINE_END).flatMap(splitLongLine)) {
      const shownText = replaceMissingGlyphs(paragraph, (codePoint) => font.has(codePoint));
      replacedCount += shownText.replacedCount;
      for (const line of pages.linesOf(shownText.text)) {
        if (pages.add(line)) step();
      }
    }
  }
  return { pages: pages.end(), replacedCount };
}

function splitLongLine(line: string): readonly string[] {
  return line.match(LONG_LINE) ?? [line];
}

/** Fills pages line by line. Compresses each page as soon as it is full. */
class TextPages {
  readonly #document: PDFDocument;
  readonly #font: TextFont;
  readonly #format: PageFormat;
  readonly #linesPerPage: number;
  #lines = 0;
  readonly #fontNames = new Map<PDFFont, string>();
  #currentFont: PDFFont | undefined;
  #content: string[] = [];
  #pages = 0;

  constructor(document: PDFDocument, font: TextFont, format: PageFormat) {
    this.#document = document;
    this.#font = font;
    this.#format = format;
    const lineHeight = format.fontSize * LINE_HEIGHT;
    this.#linesPerPage = Math.max(1, Math.floor(printArea(format).height / lineHeight));
  }

  linesOf(paragraph: string): Generator<TextLine> {
    return linesOf(paragraph, {
      width: printArea(this.#format).width / this.#format.fontSize,
      tabWidth: DIGITS_PER_TAB * this.#font.glyphs('0').width,
      measure: (piece) => this.#font.glyphs(piece).width,
    });
  }

  /** Adds a line. Returns true if the line started a new page. */
  add({ runs }: TextLine): boolean {
    const isFull = this.#lines === this.#linesPerPage;
    if (isFull) this.beginPage();
    const { margin, fontSize } = this.#format;
    const top = pageArea(this.#format).height - margin;
    const y = top - fontSize * (this.#lines * LINE_HEIGHT + 1);
    for (const { x, pieces } of runs) {
      this.#content.push(`1 0 0 1 ${point(margin + x * fontSize)} ${point(y)} Tm`);
      for (const { font, hex } of this.#partsOf(pieces)) {
        if (font !== this.#currentFont) this.#content.push(`${this.#nameOf(font)} ${fontSize} Tf`);
        this.#currentFont = font;
        this.#content.push(`<${hex}> Tj`);
      }
    }
    this.#lines += 1;
    return isFull;
  }

  /** Joins the glyphs of consecutive pieces in the same font. */
  #partsOf(pieces: readonly string[]): { readonly font: PDFFont; readonly hex: string }[] {
    const parts: { font: PDFFont; hex: string }[] = [];
    for (const { font, hex } of pieces.map((piece) => this.#font.glyphs(piece))) {
      const last = parts.at(-1);
      if (last?.font === font) last.hex += hex;
      else parts.push({ font, hex });
    }
    return parts;
  }

  /** Returns the name of a font on the current page. */
  #nameOf(font: PDFFont): string {
    const name = this.#fontNames.get(font) ?? `/F${this.#fontNames.size}`;
    this.#fontNames.set(font, name);
    return name;
  }

  beginPage(): void {
    this.#close();
    this.#lines = 0;
  }

  /** Ends the last page. Returns the number of pages. */
  end(): number {
    this.#close();
    return this.#pages;
  }

  #close(): void {
    if (this.#pages === MAX_PAGES) {
      throw new UnreadableDocument(
        'document-too-large',
        `the text fills more than the limit of ${MAX_PAGES} pages; split the document`,
      );
    }
    const { width, height } = pageArea(this.#format);
    const page = this.#document.addPage([width, height]);
    for (const [font, name] of this.#fontNames)
      page.node.setFontDictionary(PDFName.of(name.slice(1)), font.ref);
    const text = `BT\n${this.#content.join('\n')}\nET`;
    const { context } = this.#document;
    page.node.set(PDFName.of('Contents'), context.register(context.flateStream(text)));
    this.#content = [];
    this.#fontNames.clear();
    this.#currentFont = undefined;
    this.#pages += 1;
  }
}

/** Formats a coordinate. A hundredth of a point is finer than any printer's resolution. */
function point(value: number): string {
  return value.toFixed(2);
}
