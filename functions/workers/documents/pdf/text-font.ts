import type { PDFDocument, PDFFont } from '@cantoo/pdf-lib';
import fontkit, { type Font } from '@pdf-lib/fontkit';
import { FONT, readPackageFile } from '../package-files.ts';

/** Text of any length has few different letters; Arabic words may be many. */
const MAX_KNOWN_PIECES = 20_000;

interface Glyphs {
  /** Codes of the embedded font, as they stand in a content stream. */
  readonly hex: string;
  /** In ems. */
  readonly width: number;
}

/** DejaVu Sans in a document, cut down to the glyphs that are used when it is saved. */
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
    const known = this.#known.get(piece);
    if (known !== undefined) return known;
    const hex = this.font.encodeText(piece).asString();
    const glyphs = { hex, width: this.font.widthOfTextAtSize(piece, 1) };
    if (this.#known.size >= MAX_KNOWN_PIECES) this.#known.clear();
    this.#known.set(piece, glyphs);
    return glyphs;
  }
}

/** The library would take the subset's `encode` for one without arguments, as other versions of fontkit have it. */
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
