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

const REPLACEMENT = '\ufffd';
/** Characters without a glyph of their own. */
const INVISIBLE = /\p{Cc}|\p{Cf}|\p{Zs}|\p{Zl}|\p{Zp}|\p{Variation_Selector}/u;

/** Width of a letter of the code font, in its size. */
export const MONO_WIDTH = 0.602;
/** Width of bold letters, relative to regular ones. */
const BOLD_WIDTH = 1.13;

/** Bytes of each font file, by the name that pdfmake uses. */
export type FontFiles = ReadonlyMap<string, Buffer>;

export class LayoutFonts {
  readonly files: FontFiles;
  readonly #main: Font;
  readonly #advances = new Map<string, number>();
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

  /** Width in points. */
  widthOf({ text }: Inline, fontSize: number): number {
    return (this.#main.layout(text).advanceWidth * fontSize) / this.#main.unitsPerEm;
  }

  /** Width in points from the widths of the letters: fast, and right enough to divide a page into columns. */
  measure({ text, font, bold }: Inline, fontSize: number): number {
    if (font === 'Mono') return text.length * MONO_WIDTH * fontSize;
    let units = 0;
    for (const character of text) units += this.#advanceOf(character);
    return (units * fontSize * (bold === true ? BOLD_WIDTH : 1)) / this.#main.unitsPerEm;
  }

  #advanceOf(character: string): number {
    const known = this.#advances.get(character);
    if (known !== undefined) return known;
    const { advanceWidth } = this.#main.glyphForCodePoint(character.codePointAt(0) ?? 0);
    this.#advances.set(character, advanceWidth);
    return advanceWidth;
  }

  #drawableCharacter(character: string): string {
    if (INVISIBLE.test(character) || this.#main.hasGlyphForCodePoint(character.codePointAt(0) ?? 0))
      return character;
    this.replacedCount += 1;
    return REPLACEMENT;
  }
}
