import { worker as mergePdf } from '../../functions/workers/documents/merge-pdf/definition.ts';
import { RenderedPdf } from '../../functions/workers/documents/pdf/rendered-pdf.ts';
import { worker as toPdf } from '../../functions/workers/documents/to-pdf/definition.ts';
import { worker as toTiff } from '../../functions/workers/documents/to-tiff/definition.ts';
import { pngOf } from '../support/documents/images.ts';
import { runWorker } from '../support/documents/run-worker.ts';
import type { GalleryDocument } from './gallery-document.ts';

const WORKERS = { 'to-pdf': toPdf, 'merge-pdf': mergePdf, 'to-tiff': toTiff };
const POINTS_PER_INCH = 72;

export interface MadeDocument {
  readonly filename: string;
  readonly bytes: Uint8Array;
  readonly note: string;
}

/** A page in shades of gray, a byte per pixel. */
export interface DrawnPage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly text: string;
}

/** Runs the worker of the document. Fails if it makes no file. */
export async function made({ name, worker, make }: GalleryDocument): Promise<MadeDocument> {
  const { record, files } = await runWorker(WORKERS[worker], { [name]: await make() });
  const [file] = files;
  if (file === undefined) throw new Error(`${name}: ${JSON.stringify(record)}`);
  const [filename, bytes] = file;
  const { note = '' } = record.output as { readonly note?: string };
  return { filename, bytes, note };
}

/** Draws the pages of a PDF, at most `limit` of them. */
export async function drawPages(
  pdf: Uint8Array,
  dpi: number,
  limit = Number.POSITIVE_INFINITY,
): Promise<DrawnPage[]> {
  const opened = await RenderedPdf.open(new Uint8Array(pdf));
  try {
    return Array.from({ length: Math.min(opened.pageCount, limit) }, (_, index) => {
      const page = opened.page(index);
      const [width, height] = [page.size.width, page.size.height].map((points) =>
        Math.round((points * dpi) / POINTS_PER_INCH),
      ) as [number, number];
      const pixels = Uint8Array.from(page.render({ width, height, firstRow: 0, rows: height, samples: 1 }));
      const drawn = { width, height, pixels, text: page.text };
      page.close();
      return drawn;
    });
  } finally {
    opened.close();
  }
}

export function pngOfPage({ width, height, pixels }: DrawnPage): Buffer {
  return pngOf({ width, height, colorType: 0, pixel: (x, y) => [pixels[y * width + x] ?? 0] });
}
