/** The fonts of laid-out documents, and which of them can draw a character. */
import { create, type Font } from 'fontkit';
import { omitUndefined } from '#core/omit-undefined.ts';
import { FallbackFont, fallbackFonts } from '../fallback-fonts.ts';
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

/** Average width of bold letters compared with regular ones. */
export const BOLD_WIDTH = 1.13;
/** Width of a letter of the code font, in its size. */
export const MONO_WIDTH = 0.602;

/** Bytes of each font file, by the name that pdfmake uses. */
export type FontFiles = ReadonlyMap<string, Buffer>;

function sameForAllStyles(name: string) {
  return { normal: name, bold: name, italics: name, bolditalics: name };
}

export class LayoutFonts {
  readonly #files: Map<string, Buffer>;
  readonly #main: Font;
  #bold: Font | undefined;
  readonly #advances = new Map<string, number>();
  readonly #boldAdvances = new Map<string, number>();
  readonly #fonts = new Map<string, FallbackFont | 'shipped' | 'missing'>();
  readonly #fallbacks = fallbackFonts();
  /** Number of characters that no font can draw. */
  replacedCount = 0;

  private constructor(files: Map<string, Buffer>) {
    this.#files = files;
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

  /** The shipped fonts, and those that a text of the document needed. */
  get files(): FontFiles {
    return this.#files;
  }

  /** Descriptors for pdfmake. */
  get descriptors() {
    return {
      ...Object.fromEntries(this.#fallbacks.map(({ name }) => [name, sameForAllStyles(name)])),
      Sans: {
        normal: FONT.name,
        bold: FONT_BOLD.name,
        italics: FONT_ITALIC.name,
        bolditalics: FONT_BOLD_ITALIC.name,
      },
      Mono: sameForAllStyles(FONT_MONO.name),
    };
  }

  /** Splits a text into runs of one font. Replaces and counts the characters that no font can draw. */
  drawable(inline: Inline): Inline[] {
    const runs: { text: string; font: string | undefined }[] = [];
    for (const character of inline.text.normalize('NFC')) {
      const { text, font } = this.#drawnCharacter(character);
      const last = runs.at(-1);
      if (last !== undefined && (last.font === font || INVISIBLE.test(text))) last.text += text;
      else runs.push({ text, font });
    }
    return runs.map(({ text, font }) => ({ ...inline, text, ...omitUndefined({ font }) }));
  }

  countMissing(text: string): number {
    let count = 0;
    for (const character of text) if (this.#fontOf(character) === 'missing') count += 1;
    return count;
  }

  /** Returns the width at the font size 1, without joined letters and kerning. */
  roughWidthOf(text: string, { bold }: { readonly bold: boolean }): number {
    let width = 0;
    for (const character of text) width += this.#advanceOf(character, bold);
    return width;
  }

  /** Width in points without joined letters and kerning: fast, and right enough to divide a page into columns. */
  measure({ text, font, bold = false }: Inline, fontSize: number): number {
    return (font === 'Mono' ? text.length * MONO_WIDTH : this.roughWidthOf(text, { bold })) * fontSize;
  }

  /** Width in points. */
  widthOf({ text, font, bold }: Inline, fontSize: number): number {
    if (this.#fallbacks.some(({ name }) => name === font))
      return this.roughWidthOf(text, { bold: false }) * fontSize;
    const size = bold === true ? fontSize * BOLD_WIDTH : fontSize;
    return (this.#main.layout(text).advanceWidth * size) / this.#main.unitsPerEm;
  }

  #advanceOf(character: string, bold: boolean): number {
    const advances = bold ? this.#boldAdvances : this.#advances;
    const known = advances.get(character);
    if (known !== undefined) return known;
    const font = this.#fontOf(character);
    const codePoint = (font === 'missing' ? REPLACEMENT : character).codePointAt(0) ?? 0;
    const own = bold ? this.#boldFont : this.#main;
    const advance =
      font instanceof FallbackFont
        ? font.advanceOf(codePoint)
        : own.glyphForCodePoint(codePoint).advanceWidth / own.unitsPerEm;
    advances.set(character, advance);
    return advance;
  }

  /** Parsed only for documents with tables. */
  get #boldFont(): Font {
    this.#bold ??= create(this.#files.get(FONT_BOLD.name) as Buffer) as Font;
    return this.#bold;
  }

  #drawnCharacter(character: string): { readonly text: string; readonly font?: string } {
    const font = this.#fontOf(character);
    if (font === 'missing') {
      this.replacedCount += 1;
      return { text: REPLACEMENT };
    }
    return font === 'shipped' ? { text: character } : { text: character, font: font.name };
  }

  #fontOf(character: string): FallbackFont | 'shipped' | 'missing' {
    const known = this.#fonts.get(character);
    if (known !== undefined) return known;
    const codePoint = character.codePointAt(0) ?? 0;
    const isShipped = INVISIBLE.test(character) || this.#main.hasGlyphForCodePoint(codePoint);
    const font = isShipped
      ? 'shipped'
      : (this.#fallbacks.find((fallback) => fallback.has(codePoint)) ?? 'missing');
    if (font instanceof FallbackFont) this.#files.set(font.name, font.bytes);
    this.#fonts.set(character, font);
    return font;
  }
}
