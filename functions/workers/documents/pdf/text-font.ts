import type { PDFDocument, PDFFont } from '@cantoo/pdf-lib';
import * as fontkit from 'fontkit';
import { type FallbackFont, fallbackFonts } from '../fallback-fonts.ts';
import { FONT, readPackageFile } from '../package-files.ts';

/** Bounds the cache. Text has few distinct letters, but may have many distinct Arabic words. */
const MAX_CACHED_PIECES = 20_000;

interface Glyphs {
  readonly font: PDFFont;
  /** Glyph codes of the embedded font in hexadecimal, for a content stream. */
  readonly hex: string;
  /** Width in ems. */
  readonly width: number;
}

/** DejaVu Sans embedded in a document, and other fonts that its text needs. Saving reduces them to the glyphs in use. */
export class TextFont {
  readonly font: PDFFont;
  readonly #document: PDFDocument;
  readonly #characters: ReadonlySet<number>;
  readonly #fallbacks = new Map<FallbackFont, PDFFont>();
  readonly #known = new Map<string, Glyphs>();

  private constructor(document: PDFDocument, font: PDFFont) {
    this.#document = document;
    this.font = font;
    this.#characters = new Set(font.getCharacterSet());
  }

  static async embedIn(document: PDFDocument): Promise<TextFont> {
    document.registerFontkit(fontkit as never);
    const bytes = await readPackageFile(FONT);
    return new TextFont(document, await document.embedFont(bytes, { subset: true }));
  }

  /** Embeds the other fonts that the text needs. */
  async prepare(text: string): Promise<void> {
    if (fallbackFonts().length === 0) return;
    for (const character of new Set(text.normalize('NFC'))) {
      const codePoint = character.codePointAt(0) ?? 0;
      const fallback = this.#characters.has(codePoint) ? undefined : fallbackFor(codePoint);
      if (fallback === undefined || this.#fallbacks.has(fallback)) continue;
      const font = await this.#document.embedFont(fallback.bytes, { subset: true });
      this.#fallbacks.set(fallback, font);
    }
  }

  has(codePoint: number): boolean {
    return this.#characters.has(codePoint) || this.#embeddedFallback(codePoint) !== undefined;
  }

  glyphs(piece: string): Glyphs {
    const cachedGlyphs = this.#known.get(piece);
    if (cachedGlyphs !== undefined) return cachedGlyphs;
    const font = this.#fontOf(piece.codePointAt(0) ?? 0);
    const hex = font.encodeText(piece).asString();
    const glyphs = { font, hex, width: font.widthOfTextAtSize(piece, 1) };
    if (this.#known.size >= MAX_CACHED_PIECES) this.#known.clear();
    this.#known.set(piece, glyphs);
    return glyphs;
  }

  #fontOf(codePoint: number): PDFFont {
    return (this.#characters.has(codePoint) ? undefined : this.#embeddedFallback(codePoint)) ?? this.font;
  }

  #embeddedFallback(codePoint: number): PDFFont | undefined {
    const fallback = fallbackFor(codePoint);
    return fallback && this.#fallbacks.get(fallback);
  }
}

function fallbackFor(codePoint: number): FallbackFont | undefined {
  return fallbackFonts().find((font) => font.has(codePoint));
}
