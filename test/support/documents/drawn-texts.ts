import { getDocumentProxy } from 'unpdf';

/** A text at its position in a PDF, in points from the lower left corner. */
export interface DrawnText {
  readonly text: string;
  readonly size: number;
  readonly font: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Number of the page, from 1. */
  readonly page: number;
}

export type OpenedPdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** Opens a PDF with another library than those that write it. */
export function openPdf(pdf: Uint8Array): Promise<OpenedPdf> {
  return getDocumentProxy(new Uint8Array(pdf));
}

/** Returns the texts in drawing order, without blank ones. */
export async function drawnTexts(opened: OpenedPdf): Promise<DrawnText[]> {
  const texts: DrawnText[] = [];
  for (let page = 1; page <= opened.numPages; page += 1) {
    const { items } = await (await opened.getPage(page)).getTextContent();
    for (const item of items) {
      if (!('str' in item) || item.str.trim() === '') continue;
      const [size = 0, , , , x = 0, y = 0] = item.transform as number[];
      texts.push({ text: item.str, size, font: item.fontName, x, y, width: item.width, page });
    }
  }
  return texts;
}
