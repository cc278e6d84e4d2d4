import { RenderedPdf } from '../pdf/rendered-pdf.ts';

/** Vertical character maps. PDFium returns no text of vertical lines in fonts that are not embedded. */
const VERTICAL_MAP = /(\/[\w-]{1,40}-)V(?=[\s/>\]])/g;

/** Returns the texts of the pages, read by PDFium. It includes the predefined character maps. */
export async function readWithMaps(
  bytes: Uint8Array,
  pageNumbers: readonly number[],
  step: () => void,
): Promise<readonly string[]> {
  const pdf = await RenderedPdf.open(new Uint8Array(horizontal(bytes)));
  try {
    return pageNumbers.map((number) => {
      const page = pdf.page(number - 1);
      try {
        return page.text.trim();
      } finally {
        page.close();
        step();
      }
    });
  } finally {
    pdf.close();
  }
}

/** Replaces vertical character maps by the horizontal ones with the same characters and the same length of name. */
function horizontal(bytes: Uint8Array): Buffer {
  const pdf = Buffer.from(bytes).toString('latin1');
  return Buffer.from(pdf.replace(VERTICAL_MAP, '$1H'), 'latin1');
}
