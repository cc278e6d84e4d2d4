import { PageText } from './page-text.ts';
import { brokenPdf, encryptedPdf } from './pdf-refusals.ts';
import { allocate, loadPdfium, PdfForm, type Pdfium } from './pdfium.ts';

/** Constants from public/fpdfview.h */
const ERROR_PASSWORD = 4;
const FORM_TYPE_XFA_FULL = 2;
const FORMAT_GRAY = 1;
const FORMAT_BGR = 2;
const RENDER_ANNOTATIONS = 0x01;
const RENDER_GRAYSCALE = 0x08;
const RENDER_RGB_ORDER = 0x10;
const WHITE = 0xffffffff;

/** PDFium caches the file content that it has read. Above this size, the file is reopened. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/** PDF opened by PDFium. The caller must close it: its memory is not garbage collected. */
export class RenderedPdf {
  readonly #module: Pdfium;
  readonly #file: number;
  readonly #sizeBytes: number;
  readonly pageCount: number;
  #document: number;
  #form: PdfForm | undefined;
  #pagesRead = 0;

  private constructor(
    module: Pdfium,
    { file, sizeBytes, document }: { file: number; sizeBytes: number; document: number },
  ) {
    this.#module = module;
    this.#file = file;
    this.#sizeBytes = sizeBytes;
    this.#document = document;
    this.#form = PdfForm.of(module, document);
    this.pageCount = module._FPDF_GetPageCount(document);
  }

  /** Copies the bytes to PDFium's memory and releases the original buffer. */
  static async open(bytes: Uint8Array<ArrayBuffer>): Promise<RenderedPdf> {
    const module = await loadPdfium();
    const sizeBytes = bytes.length;
    const file = allocate(module, sizeBytes);
    module.HEAPU8.set(bytes, file);
    bytes.buffer.transfer(0);
    const document = module._FPDF_LoadMemDocument(file, sizeBytes, 0);
    if (document !== 0) return new RenderedPdf(module, { file, sizeBytes, document });
    const error = module._FPDF_GetLastError();
    module.wasmExports.free(file);
    throw error === ERROR_PASSWORD ? encryptedPdf() : brokenPdf(`PDFium cannot open it (error ${error})`);
  }

  /** True for a form of Adobe LiveCycle, whose only page asks for another viewer. */
  get isDynamicXfa(): boolean {
    return this.#module._FPDF_GetFormType(this.#document) === FORM_TYPE_XFA_FULL;
  }

  page(index: number): RenderedPage {
    this.#forget();
    const page = this.#module._FPDF_LoadPage(this.#document, index);
    if (page === 0) throw brokenPdf(`page ${index + 1} of ${this.pageCount} can't be read`);
    return new RenderedPage(this.#module, page, this.#form);
  }

  close(): void {
    this.#form?.close();
    this.#module._FPDF_CloseDocument(this.#document);
    this.#module.wasmExports.free(this.#file);
  }

  #forget(): void {
    this.#pagesRead += 1;
    if ((this.#pagesRead * this.#sizeBytes) / this.pageCount <= MAX_READ_BYTES || this.#pagesRead === 1)
      return;
    this.#form?.close();
    this.#module._FPDF_CloseDocument(this.#document);
    this.#document = this.#module._FPDF_LoadMemDocument(this.#file, this.#sizeBytes, 0);
    this.#form = PdfForm.of(this.#module, this.#document);
    this.#pagesRead = 1;
  }
}

export interface Strip {
  /** Width of the whole page, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly firstRow: number;
  readonly rows: number;
  /** Samples per pixel: 1 for gray, 3 for RGB. */
  readonly samples: 1 | 3;
}

class RenderedPage {
  readonly #module: Pdfium;
  readonly #page: number;
  readonly #form: PdfForm | undefined;
  /** Pointer to the pixels of the last rendered strip. */
  #pixels = 0;

  constructor(module: Pdfium, page: number, form: PdfForm | undefined) {
    this.#module = module;
    this.#page = page;
    this.#form = form;
    form?.afterLoad(page);
  }

  get text(): string {
    return this.#withText((text) => text.read());
  }

  countMissing(): number {
    return this.#withText((text) => text.countMissing());
  }

  #withText<T>(work: (text: PageText) => T): T {
    const text = new PageText(this.#module, this.#page);
    try {
      return work(text);
    } finally {
      text.close();
    }
  }

  /** Size of the page, in points. */
  get size(): { readonly width: number; readonly height: number } {
    return {
      width: this.#module._FPDF_GetPageWidth(this.#page),
      height: this.#module._FPDF_GetPageHeight(this.#page),
    };
  }

  /**
   * Renders some rows of the page on white, at one byte per sample. A whole page at 600 dpi would exceed the memory
   * limit. The returned rows are in PDFium's memory, and the next call overwrites them.
   */
  render({ width, height, firstRow, rows, samples }: Strip): Uint8Array {
    const module = this.#module;
    const rowBytes = width * samples;
    // PDFium aligns rows to multiples of four bytes.
    const stride = Math.ceil(rowBytes / 4) * 4;
    module.wasmExports.free(this.#pixels);
    this.#pixels = allocate(module, stride * rows);
    const pixels = this.#pixels;
    const format = samples === 1 ? FORMAT_GRAY : FORMAT_BGR;
    const bitmap = module._FPDFBitmap_CreateEx(width, rows, format, pixels, stride);
    const color = samples === 1 ? RENDER_GRAYSCALE : RENDER_RGB_ORDER;
    module._FPDFBitmap_FillRect(bitmap, 0, 0, width, rows, WHITE);
    const area = [0, -firstRow, width, height, 0] as const;
    module._FPDF_RenderPageBitmap(bitmap, this.#page, ...area, RENDER_ANNOTATIONS | color);
    this.#form?.draw(bitmap, this.#page, area, RENDER_ANNOTATIONS | color);
    module._FPDFBitmap_Destroy(bitmap);
    const memory = module.HEAPU8;
    for (let row = 1; row < rows && stride > rowBytes; row += 1) {
      const from = pixels + row * stride;
      memory.copyWithin(pixels + row * rowBytes, from, from + rowBytes);
    }
    return memory.subarray(pixels, pixels + rows * rowBytes);
  }

  close(): void {
    this.#module.wasmExports.free(this.#pixels);
    this.#form?.beforeClose(this.#page);
    this.#module._FPDF_ClosePage(this.#page);
  }
}
