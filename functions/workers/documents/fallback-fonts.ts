/** Fonts that the app adds for scripts that the shipped fonts lack, such as Chinese, Japanese and Korean. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';
import * as v from 'valibot';
import { ENVIRONMENT_NAMES } from '#contract/environment.ts';
import { readJsonVariable } from '#contract/json-variable.ts';
import { environment } from '../../aws/runtime.ts';

export class FallbackFont {
  /** Name of the file, and of the font in a layout. */
  readonly name: string;
  readonly #file: string;
  #bytes: Buffer | undefined;
  #font: Font | undefined;

  constructor(name: string) {
    this.name = name;
    // In a deployed function, the file is next to the bundle. A path stays as it is.
    this.#file = fileURLToPath(new URL(name, import.meta.url));
  }

  has(codePoint: number): boolean {
    return this.#opened.hasGlyphForCodePoint(codePoint);
  }

  /** Returns the width of a character at the font size 1. */
  advanceOf(codePoint: number): number {
    return this.#opened.glyphForCodePoint(codePoint).advanceWidth / this.#opened.unitsPerEm;
  }

  get bytes(): Buffer {
    this.#bytes ??= readFileSync(this.#file);
    return this.#bytes;
  }

  /** Opened for the first character that needs it. Most documents need none. */
  get #opened(): Font {
    this.#font ??= create(this.bytes) as Font;
    return this.#font;
  }
}

let opened: { readonly variable: string | undefined; readonly fonts: readonly FallbackFont[] } | undefined;

/** Returns the fonts of the app, in the order in which they are tried. Each file is read once. */
export function fallbackFonts(): readonly FallbackFont[] {
  const variable = environment[ENVIRONMENT_NAMES.documentFonts];
  if (opened === undefined || opened.variable !== variable) {
    const names = readJsonVariable('documentFonts', v.array(v.string()), environment, []);
    opened = { variable, fonts: names.map((name) => new FallbackFont(name)) };
  }
  return opened.fonts;
}
