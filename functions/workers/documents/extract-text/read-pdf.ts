import { getResolvedPDFJS } from 'unpdf';
import type { PDFDocumentProxy } from 'unpdf/pdfjs';
import { pdfBytes } from '../pdf/pdf-bytes.ts';
import { brokenPdf, END_MARK, encryptedPdf } from '../pdf/pdf-refusals.ts';
import type { AnnotatedText } from '../text/annotated-text.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { annotationLines } from './pdf-annotations.ts';
import { xfaText } from './xfa-text.ts';

export interface PdfLimits {
  readonly maxPages: number;
  readonly maxCharacters: number;
}

/**
 * Reads the text layer of a PDF page by page, with the values of form fields and comments. Uses pdf.js in unpdf's build
 * for servers: no native code, no canvas, no code generated from the document. Its requests for files are rejected.
 */
export async function readPdf(
  file: Uint8Array,
  limits: PdfLimits,
  step: () => void = () => undefined,
): Promise<AnnotatedText> {
  const { bytes, isWhole } = pdfBytes(file);
  const missingMaps = new Set<string>();
  const { getDocument } = await getResolvedPDFJS();
  const loadingTask = getDocument({
    // The library rejects a Buffer, although it is a Uint8Array.
    data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    verbosity: 0,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: true,
    BinaryDataFactory: refusingFiles(missingMaps),
  });
  try {
    const pdf = await loadingTask.promise.catch((error: unknown) => {
      throw toUnreadable(error);
    });
    const pages = await readPages(pdf, limits, step);
    const { damagedPages } = pages;
    const [text, unreadMaps] = await withCharacterMaps(pdf, pages.texts, missingMaps, step);
    const findings = { text, pages: pdf.numPages, damagedPages, isWhole, unreadMaps, isXfa: pdf.isPureXfa };
    return { title: await readTitle(pdf), pages: pdf.numPages, text, note: noteOf(findings) };
  } finally {
    await loadingTask.destroy();
  }
}

/** Returns the class through which pdf.js loads its own files: fonts, which text does not need, and character maps. */
function refusingFiles(missingMaps: Set<string>): object {
  return class {
    async fetch({ kind, filename }: { kind: string; filename: string }): Promise<never> {
      if (kind === 'cMapUrl') missingMaps.add(filename.replace(/\.bcmap$/, ''));
      throw new Error(`${filename} is not included`);
    }
  };
}

async function readPages(
  pdf: PDFDocumentProxy,
  limits: PdfLimits,
  step: () => void,
): Promise<{ texts: readonly PageParts[]; damagedPages: number }> {
  const pages = pdf.numPages;
  if (pages > limits.maxPages) {
    throw new UnreadableDocument(
      'document-too-large',
      `the PDF has ${pages} pages; the limit is ${limits.maxPages}; split it`,
    );
  }
  const texts: PageParts[] = [];
  let characters = 0;
  let damagedPages = 0;
  for (let number = 1; number <= pages; number += 1) {
    const page = await readPage(pdf, number);
    step();
    if (page === undefined) damagedPages += 1;
    else texts.push(page);
    characters += (page?.text.length ?? 0) + (page?.annotations.length ?? 0);
    // Stop to save memory. The caller rejects a text of this length.
    if (characters > limits.maxCharacters) break;
  }
  if (damagedPages === pages) throw brokenPdf(`none of its ${pages} pages can be read`);
  return { texts, damagedPages };
}

/** Text of a page, and of its form fields and comments. */
interface PageParts {
  readonly number: number;
  readonly text: string;
  readonly annotations: string;
}

/** Returns undefined if the page is damaged. The other pages are still read, and the note counts the damaged ones. */
async function readPage(pdf: PDFDocumentProxy, number: number): Promise<PageParts | undefined> {
  try {
    const page = await pdf.getPage(number);
    if (pdf.isPureXfa) return { number, text: xfaText((await page.getXfa()) ?? {}), annotations: '' };
    const { items } = await page.getTextContent();
    const text = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
    const annotations = annotationLines(await page.getAnnotations()).join('\n');
    page.cleanup();
    return { number, text, annotations };
  } catch {
    return undefined;
  }
}

async function readTitle(pdf: PDFDocumentProxy): Promise<string | undefined> {
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  return 'Title' in info && typeof info.Title === 'string' ? info.Title : undefined;
}

/** Character maps that PDFium does not include. It reads their text as another one. */
const UNKNOWN_MAP = /UTF(?:8|32)/;

/**
 * Reads the pages again with PDFium if pdf.js needed character maps. They are a part of PDFium. Returns the text of the
 * document and the maps that stay unread.
 */
async function withCharacterMaps(
  pdf: PDFDocumentProxy,
  pages: readonly PageParts[],
  missingMaps: ReadonlySet<string>,
  step: () => void,
): Promise<[text: string, unreadMaps: readonly string[]]> {
  const unreadMaps = [...missingMaps].filter((map) => UNKNOWN_MAP.test(map));
  if (missingMaps.size === unreadMaps.length) return [joinPages(pages), unreadMaps];
  // Load PDFium only for the documents that need it. Most do not.
  const { readWithMaps } = await import('./read-with-maps.ts');
  const texts = await readWithMaps(
    await pdf.getData(),
    pages.map(({ number }) => number),
    step,
  );
  const mappedPages = pages.map((page, i) => ({ ...page, text: texts[i] ?? page.text }));
  return [joinPages(mappedPages), unreadMaps];
}

function joinPages(pages: readonly PageParts[]): string {
  return pages
    .map(({ text, annotations }) => (annotations === '' ? text : `${text.trimEnd()}\n${annotations}`.trim()))
    .join('\n\n')
    .trim();
}

interface Findings {
  readonly text: string;
  readonly pages: number;
  readonly damagedPages: number;
  readonly isWhole: boolean;
  readonly unreadMaps: readonly string[];
  readonly isXfa: boolean;
}

function noteOf({ text, pages, damagedPages, isWhole, unreadMaps, isXfa }: Findings): string | undefined {
  const notes: string[] = [];
  if (!isWhole) notes.push(`the end of the file is missing (no ${END_MARK}); the text may be incomplete`);
  if (damagedPages > 0) notes.push(`${damagedPages} of ${pages} pages are damaged and were left out`);
  if (isXfa) notes.push('the PDF is a dynamic XFA form; the text is the one of its fields and labels');
  if (unreadMaps.length > 0) {
    const maps = unreadMaps.slice(0, 5).join(', ');
    notes.push(`text with the character map ${maps} was left out; embed the fonts in the PDF`);
  } else if (text === '') {
    notes.push('the pages contain only images or drawings; run text recognition (OCR) first');
  }
  return notes.join('; ') || undefined;
}

function toUnreadable(error: unknown): UnreadableDocument {
  const { name = '', message = '' } = error instanceof Error ? error : {};
  return name === 'PasswordException' ? encryptedPdf(error) : brokenPdf(message, error);
}
