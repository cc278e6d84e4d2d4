import type { PDFPage } from '@cantoo/pdf-lib';
import { type PageFormat, pageNumber } from './page-format.ts';
import type { TextFont } from './text-font.ts';

/** Writes the number of each page and their total into the bottom margin. */
export function addPageNumbers(pages: readonly PDFPage[], { font }: TextFont, format: PageFormat): void {
  for (const [position, page] of pages.entries()) {
    const number = pageNumber(position + 1, pages.length, format);
    if (number === undefined) return;
    const { text, fontSize: size } = number;
    const x = (page.getWidth() - font.widthOfTextAtSize(text, size)) / 2;
    page.drawText(text, { font, size, x, y: format.margin / 2 - size / 2 });
  }
}
