/** The fonts of laid-out documents, and which of them can draw a character. */
import { create, type Font } from 'fontkit';
import {
  FONT,
  FONT_BOLD,
  FONT_BOLD_ITALIC,
  FONT_ITALIC,
  FONT_MONO,
  readPackageFile,
} from '../package-files.ts';
import type { Inline } from './paragraph.ts';

/** Average width of bold letters compared with regular ones. */
const BOLD_WIDTH = 1.12;
const REPLACEMENT = '\ufffd';
/** Characters without a glyph of their own. */
const INVISIBLE = /\p{Cc}|\p{Cf}|\p{Zs}|\p{Zl}|\p{Zp}|\p{Variation_Selector}/u;

/** Bytes of each font file, by the name that pdfmake uses. */
export type FontFiles = ReadonlyMap<string, Buffer>;

export class LayoutFonts {
  readonly files: FontFiles;
  readonly #main: Font;
  readonly #advances = new Map<string, number>();
  readonly #missing = new Map<string, boolean>();
  /** Number of characters that no font can draw. */
  replacedCount = 0;

  private constructor(files: FontFiles) {
    this.files = files;
    this.#main = create(files.get(FONT.name) as Buffer) as Font;
  }

  static async load(): Promise<LayoutFonts> {
    const files = await Promise.all(
      [FONT, FONT_BOLD, FONT_ITALIC, FONT_BOLD_ITALIC, FONT_MONO].map(
        async (file) => [file.name, await readPackageFile(file)] as const,
      ),
    );
    return new LayoutFonts(new Map(files));
  }

  /** Descriptors for pdfmake. */
  get descriptors() {
    return {
      Sans: {
        normal: FONT.name,
        bold: FONT_BOLD.name,
        italics: FONT_ITALIC.name,
        bolditalics: FONT_BOLD_ITALIC.name,
      },
      Mono: {
        normal: FONT_MONO.name,
        bold: FONT_MONO.name,
        italics: FONT_MONO.name,
        bolditalics: FONT_MONO.name,
      },
    };
  }

  /** Replaces and counts the characters that the fonts cannot draw. */
  drawable(inline: Inline): Inline {
    let text = '';
    for (const character of inline.text) text += this.#drawableCharacter(character);
    return { ...inline, text };
  }

  countMissing(text: string): number {
    let count = 0;
    for (const character of text) if (this.#isMissing(character)) count += 1;
    return count;
  }

  /** Returns the width at the font size 1, without joined letters and kerning. */
  roughWidthOf(text: string, { bold }: { readonly bold: boolean }): number {
    let width = 0;
    for (const character of text) width += this.#advanceOf(character);
    return bold ? width * BOLD_WIDTH : width;
  }

  #advanceOf(character: string): number {
    const known = this.#advances.get(character);
    if (known !== undefined) return known;
    const codePoint = character.codePointAt(0) ?? 0;
    const advance = this.#main.glyphForCodePoint(codePoint).advanceWidth / this.#main.unitsPerEm;
    this.#advances.set(character, advance);
    return advance;
  }

  /** Width in points. */
  widthOf({ text }: Inline, fontSize: number): number {
    return (this.#main.layout(text).advanceWidth * fontSize) / this.#main.unitsPerEm;
  }

  #drawableCharacter(character: string): string {
    if (!this.#isMissing(character)) return character;
    this.replacedCount += 1;
    return REPLACEMENT;
  }

  #isMissing(character: string): boolean {
    const known = this.#missing.get(character);
    if (known !== undefined) return known;
    const isMissing =
      !INVISIBLE.test(character) && !this.#main.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
    this.#missing.set(character, isMissing);
    return isMissing;
  }
}
