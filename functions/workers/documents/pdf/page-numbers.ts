import type { PDFPage } from '@cantoo/pdf-lib';
import type { PageFormat } from './page-format.ts';
import type { TextFont } from './text-font.ts';

/** Writes the number of each page and their total into the bottom margin, if there are several and it has room. */
export function addPageNumbers(
  pages: readonly PDFPage[],
  { font }: TextFont,
  { fontSize, margin }: PageFormat,
): void {
  if (pages.length < 2 || margin < fontSize * 2) return;
  const size = fontSize * 0.8;
  for (const [position, page] of pages.entries()) {
    const text = `${position + 1} / ${pages.length}`;
    const x = (page.getWidth() - font.widthOfTextAtSize(text, size)) / 2;
    page.drawText(text, { font, size, x, y: margin / 2 - size / 2 });
  }
}
