import { PDFiumModule } from '@hyzyla/pdfium';
import { PDFIUM, readPackageFile } from '../documents/package-files.ts';
import { brokenPdf, encryptedPdf } from '../documents/pdf-refusals.ts';

type Module = Awaited<ReturnType<typeof PDFiumModule>>;

/** From public/fpdfview.h */
const ERROR_PASSWORD = 4;
const FORMAT_GRAY = 1;
const FORMAT_BGR = 2;
const RENDER_ANNOTATIONS = 0x01;
const RENDER_GRAYSCALE = 0x08;
const RENDER_RGB_ORDER = 0x10;
const WHITE = 0xffffffff;

let loading: Promise<Module> | undefined;

async function load(): Promise<Module> {
  const wasm = await readPackageFile(PDFIUM);
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength);
  // Only looked for where there is no binary.
  const module = await PDFiumModule({ wasmBinary, locateFile: () => PDFIUM.name });
  module._FPDF_InitLibraryWithConfig({ version: 2 });
  return module;
}

/** A PDF opened by PDFium; close it, its memory is not collected. */
export class RenderedPdf {
  readonly #module: Module;
  readonly #file: number;
  readonly #document: number;

  private constructor(module: Module, file: number, document: number) {
    this.#module = module;
    this.#file = file;
    this.#document = document;
  }

  static async open(bytes: Uint8Array): Promise<RenderedPdf> {
    loading ??= load();
    const module = await loading;
    const file = allocate(module, bytes.length);
    module.HEAPU8.set(bytes, file);
    const document = module._FPDF_LoadMemDocument(file, bytes.length, 0);
    if (document !== 0) return new RenderedPdf(module, file, document);
    const error = module._FPDF_GetLastError();
    module.wasmExports.free(file);
    throw error === ERROR_PASSWORD ? encryptedPdf() : brokenPdf(`PDFium opens it with error ${error}`);
  }

  get pageCount(): number {
    return this.#module._FPDF_GetPageCount(this.#document);
  }

  page(index: number): RenderedPage {
    const page = this.#module._FPDF_LoadPage(this.#document, index);
    if (page === 0) throw brokenPdf(`page ${index + 1} of ${this.pageCount} can't be read`);
    return new RenderedPage(this.#module, page);
  }

  close(): void {
    this.#module._FPDF_CloseDocument(this.#document);
    this.#module.wasmExports.free(this.#file);
  }
}

export interface Strip {
  /** Pixels of the whole page. */
  readonly width: number;
  readonly height: number;
  readonly firstRow: number;
  readonly rows: number;
  /** Samples of a pixel: gray, or red, green and blue. */
  readonly samples: 1 | 3;
}

class RenderedPage {
  readonly #module: Module;
  readonly #page: number;

  constructor(module: Module, page: number) {
    this.#module = module;
    this.#page = page;
  }

  /** In points. */
  get size(): { readonly width: number; readonly height: number } {
    return {
      width: this.#module._FPDF_GetPageWidth(this.#page),
      height: this.#module._FPDF_GetPageHeight(this.#page),
    };
  }

  /** Some rows of the page on white, a byte a sample: a whole page at 600 dpi would take more memory than it may. */
  render({ width, height, firstRow, rows, samples }: Strip): Buffer {
    const module = this.#module;
    // PDFium's own rows begin at multiples of four bytes.
    const stride = Math.ceil((width * samples) / 4) * 4;
    const pixels = allocate(module, stride * rows);
    const format = samples === 1 ? FORMAT_GRAY : FORMAT_BGR;
    const bitmap = module._FPDFBitmap_CreateEx(width, rows, format, pixels, stride);
    try {
      const color = samples === 1 ? RENDER_GRAYSCALE : RENDER_RGB_ORDER;
      module._FPDFBitmap_FillRect(bitmap, 0, 0, width, rows, WHITE);
      module._FPDF_RenderPageBitmap(
        bitmap,
        this.#page,
        0,
        -firstRow,
        width,
        height,
        0,
        RENDER_ANNOTATIONS | color,
      );
      return withoutPadding(module.HEAPU8.subarray(pixels, pixels + stride * rows), stride, width * samples);
    } finally {
      module._FPDFBitmap_Destroy(bitmap);
      module.wasmExports.free(pixels);
    }
  }

  close(): void {
    this.#module._FPDF_ClosePage(this.#page);
  }
}

function withoutPadding(padded: Uint8Array, stride: number, rowBytes: number): Buffer {
  const rows = padded.length / stride;
  const packed = Buffer.alloc(rows * rowBytes);
  for (let row = 0; row < rows; row += 1)
    packed.set(padded.subarray(row * stride, row * stride + rowBytes), row * rowBytes);
  return packed;
}

function allocate({ wasmExports }: Module, sizeBytes: number): number {
  const pointer = wasmExports.malloc(sizeBytes);
  if (pointer === 0) throw brokenPdf(`${sizeBytes} bytes of memory are not to be had for it`);
  return pointer;
}
