import type { OpcDocument } from '../office/open-office.ts';
import type { PageFormat } from '../pdf/page-format.ts';
import type { OfficePages } from './laid-out-part.ts';
import { LayoutFonts } from './layout-fonts.ts';
import { slidePages } from './slides/slide-pages.ts';
import { sheetPages } from './spreadsheet/sheet-pages.ts';

/** Lays out a workbook or presentation. Returns undefined if it is too large. */
export async function officePages(
  document: OpcDocument,
  options: { readonly format: PageFormat; readonly step: () => void },
): Promise<OfficePages | undefined> {
  const fonts = await LayoutFonts.load();
  return document.kind === 'excel'
    ? sheetPages(document, { ...options, fonts })
    : slidePages(document, { ...options, fonts });
}
