import type { PDFDocument, PDFFont } from '@cantoo/pdf-lib';
import fontkit, { type Font } from '@pdf-lib/fontkit';
import { FONT, readPackageFile } from '../package-files.ts';

/** Bounds the cache. Text has few distinct letters, but may have many distinct Arabic words. */
const MAX_CACHED_PIECES = 20_000;

interface Glyphs {
  /** Glyph codes of the embedded font in hexadecimal, for a content stream. */
  readonly hex: string;
  /** Width in ems. */
  readonly width: number;
}

/** DejaVu Sans embedded in a document. Saving reduces it to the glyphs in use. */
export class TextFont {
  readonly font: PDFFont;
  readonly #characters: ReadonlySet<number>;
  readonly #known = new Map<string, Glyphs>();

  private constructor(font: PDFFont) {
    this.font = font;
    this.#characters = new Set(font.getCharacterSet());
  }

  static async embedIn(document: PDFDocument): Promise<TextFont> {
    document.registerFontkit({ create: (data: Uint8Array) => withStreamOnly(fontkit.create(data)) });
    const bytes = await readPackageFile(FONT);
    return new TextFont(await document.embedFont(bytes, { subset: true }));
  }

  has(codePoint: number): boolean {
    return this.#characters.has(codePoint);
  }

  glyphs(piece: string): Glyphs {
    const cachedGlyphs = this.#known.get(piece);
    if (cachedGlyphs !== undefined) return cachedGlyphs;
    const hex = this.font.encodeText(piece).asString();
    const glyphs = { hex, width: this.font.widthOfTextAtSize(piece, 1) };
    if (this.#known.size >= MAX_CACHED_PIECES) this.#known.clear();
    this.#known.set(piece, glyphs);
    return glyphs;
  }
}

/** Hides the subset's `encode`: the library would call it without arguments, as in other versions of fontkit. */
function withStreamOnly(font: Font): Font {
  const createSubset = font.createSubset.bind(font);
  font.createSubset = () => {
    const subset = createSubset();
    return {
      includeGlyph: (glyph) => subset.includeGlyph(glyph),
      encodeStream: () => subset.encodeStream(),
    };
  };
  return font;
}
