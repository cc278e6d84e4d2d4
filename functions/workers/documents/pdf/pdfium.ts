import { PDFiumModule } from '@hyzyla/pdfium';
import { PDFIUM, readPackageFile } from '../package-files.ts';
import { brokenPdf } from './pdf-refusals.ts';

/** Functions of public/fpdf_text.h, fpdf_edit.h and fpdf_formfill.h that the package does not declare. */
interface OtherFunctions {
  _FPDF_GetFormType(document: number): number;
  _FPDFText_GetUnicode(text: number, index: number): number;
  _FPDFText_GetTextObject(text: number, index: number): number;
  _FPDFTextObj_GetFont(object: number): number;
  _FPDFFont_GetIsEmbedded(font: number): number;
  /** Takes a Unicode character. Returns 0 if the font has no glyph for it. */
  _FPDFFont_GetGlyphPath(font: number, character: number, size: number): number;
}

export type Pdfium = Awaited<ReturnType<typeof PDFiumModule>> & OtherFunctions;

let loading: Promise<Pdfium> | undefined;

/** Loads PDFium once in each thread. */
export function loadPdfium(): Promise<Pdfium> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Pdfium> {
  const wasm = await readPackageFile(PDFIUM);
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength);
  // Required by the type. PDFium calls it only without `wasmBinary`.
  const module = await PDFiumModule({ wasmBinary, locateFile: () => PDFIUM.name });
  module._FPDF_InitLibraryWithConfig({ version: 2 });
  return module as Pdfium;
}

/** Returns a pointer to memory of PDFium. The caller must free it. */
export function allocate({ wasmExports }: Pdfium, sizeBytes: number): number {
  const pointer = wasmExports.malloc(sizeBytes);
  if (pointer === 0) throw brokenPdf(`PDFium cannot allocate ${sizeBytes} bytes for it`);
  return pointer;
}

/** Size of the structure with the callbacks of a form. PDFium skips those that are null. */
const FORM_INFO_BYTES = 512;
const FORM_INFO_VERSION = 2;

/** Form of a document. Its fields are drawn after the page, because PDFium does not draw them with the page. */
export class PdfForm {
  readonly #module: Pdfium;
  readonly #info: number;
  readonly #form: number;

  private constructor(module: Pdfium, info: number, form: number) {
    this.#module = module;
    this.#info = info;
    this.#form = form;
  }

  /** Returns undefined if the document has no form. */
  static of(module: Pdfium, document: number): PdfForm | undefined {
    if (module._FPDF_GetFormType(document) === 0) return undefined;
    const info = allocate(module, FORM_INFO_BYTES);
    module.HEAPU8.fill(0, info, info + FORM_INFO_BYTES);
    module.HEAPU8[info] = FORM_INFO_VERSION;
    const form = module._FPDFDOC_InitFormFillEnvironment(document, info);
    if (form !== 0) return new PdfForm(module, info, form);
    module.wasmExports.free(info);
    return undefined;
  }

  afterLoad(page: number): void {
    this.#module._FORM_OnAfterLoadPage(page, this.#form);
  }

  beforeClose(page: number): void {
    this.#module._FORM_OnBeforeClosePage(page, this.#form);
  }

  draw(
    bitmap: number,
    page: number,
    area: readonly [number, number, number, number, number],
    flags: number,
  ): void {
    this.#module._FPDF_FFLDraw(this.#form, bitmap, page, ...area, flags);
  }

  close(): void {
    this.#module._FPDFDOC_ExitFormFillEnvironment(this.#form);
    this.#module.wasmExports.free(this.#info);
  }
}
