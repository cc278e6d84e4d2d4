/** All documents of the gallery. */
import type { GalleryDocument } from './gallery-document.ts';
import { HTML_PAGES } from './html-pages.ts';
import { MARKDOWN_PAGES, OFFICE_PAGES, TEXT_PAGES } from './office-pages.ts';
import { PICTURE_PAGES } from './picture-pages.ts';
import { SCRIPT_PAGES } from './scripts.ts';

/** Pages on which a browser shows text that is not in the document, or other signs. */
const NOT_COMPARED = new Set(['form.html', 'missing-signs.html']);

/** Documents that a browser can print. */
export const PRINTABLE = [...HTML_PAGES, ...SCRIPT_PAGES, ...MARKDOWN_PAGES];

export const GALLERY: readonly GalleryDocument[] = [
  ...PRINTABLE,
  ...OFFICE_PAGES,
  ...TEXT_PAGES,
  ...PICTURE_PAGES,
];

export const COMPARED = PRINTABLE.filter(({ name }) => !NOT_COMPARED.has(name));
