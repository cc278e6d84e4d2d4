import { allocate, type Pdfium } from './pdfium.ts';

const SPACE = /^[\s\p{Cc}]$/u;
/** PDFium returns these for a hyphen at the end of a line. */
const HYPHENS = ['\u0002', '\ufffe'];
const BYTES_PER_UNIT = 2;

/** Text layer of an open page. The caller must close it. */
export class PageText {
  readonly #module: Pdfium;
  readonly #text: number;
  readonly #length: number;

  constructor(module: Pdfium, page: number) {
    this.#module = module;
    this.#text = module._FPDFText_LoadPage(page);
    this.#length = this.#text === 0 ? 0 : Math.max(0, module._FPDFText_CountChars(this.#text));
  }

  read(): string {
    const module = this.#module;
    // PDFium ends the text with a zero.
    const sizeBytes = (this.#length + 1) * BYTES_PER_UNIT;
    const pointer = allocate(module, sizeBytes);
    const units = module._FPDFText_GetText(this.#text, 0, this.#length, pointer);
    const bytes = module.HEAPU8.slice(pointer, pointer + Math.max(0, units - 1) * BYTES_PER_UNIT);
    module.wasmExports.free(pointer);
    const text = Buffer.from(bytes.buffer).toString('utf16le').replaceAll('\r\n', '\n');
    return HYPHENS.reduce((line, hyphen) => line.replaceAll(hyphen, '-'), text);
  }

  /** Counts the characters that are not drawn, because their font is neither embedded nor replaced by another. */
  countMissing(): number {
    const module = this.#module;
    const drawn = new Map<string, boolean>();
    let missing = 0;
    for (let i = 0; i < this.#length; i += 1) {
      const character = module._FPDFText_GetUnicode(this.#text, i);
      const object = module._FPDFText_GetTextObject(this.#text, i);
      if (object === 0 || SPACE.test(String.fromCharCode(character))) continue;
      const font = module._FPDFTextObj_GetFont(object);
      const key = `${font} ${character}`;
      const isDrawn = drawn.get(key) ?? this.#isDrawn(font, character);
      drawn.set(key, isDrawn);
      if (!isDrawn) missing += 1;
    }
    return missing;
  }

  #isDrawn(font: number, character: number): boolean {
    const module = this.#module;
    return (
      font === 0 ||
      module._FPDFFont_GetIsEmbedded(font) === 1 ||
      module._FPDFFont_GetGlyphPath(font, character, 12) !== 0
    );
  }

  close(): void {
    if (this.#text !== 0) this.#module._FPDFText_ClosePage(this.#text);
  }
}
