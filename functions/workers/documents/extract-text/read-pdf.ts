import { getResolvedPDFJS } from 'unpdf';
import type { PDFDocumentProxy } from 'unpdf/pdfjs';
import { brokenPdf, END_MARK, encryptedPdf, endsAsPdf } from '../pdf/pdf-refusals.ts';
import type { AnnotatedText } from '../text/annotated-text.ts';
import { UnreadableDocument } from '../unreadable-document.ts';

export interface PdfLimits {
  readonly maxPages: number;
  readonly maxCharacters: number;
}

/**
 * Reads the text layer of a PDF page by page. Uses pdf.js in unpdf's build for servers: no native code, no canvas, no
 * code generated from the document. Its requests for files are rejected.
 */
export async function readPdf(
  bytes: Uint8Array,
  limits: PdfLimits,
  step: () => void = () => undefined,
): Promise<AnnotatedText> {
  const isWhole = endsAsPdf(bytes);
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
    enableXfa: false,
    BinaryDataFactory: refusingFiles(missingMaps),
  });
  try {
    const pdf = await loadingTask.promise.catch((error: unknown) => {
      throw toUnreadable(error);
    });
    const { text, damagedPages } = await readPages(pdf, limits, step);
    const note = noteOf({ text, pages: pdf.numPages, damagedPages, isWhole, missingMaps });
    return { title: await readTitle(pdf), pages: pdf.numPages, text, note };
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
): Promise<{ text: string; damagedPages: number }> {
  const pages = pdf.numPages;
  if (pages > limits.maxPages) {
    throw new UnreadableDocument(
      'document-too-large',
      `the PDF has ${pages} pages; the limit is ${limits.maxPages}; split it`,
    );
  }
  const texts: string[] = [];
  let characters = 0;
  let damagedPages = 0;
  for (let number = 1; number <= pages; number += 1) {
    const text = await readPage(pdf, number);
    step();
    if (text === undefined) damagedPages += 1;
    else texts.push(text);
    characters += text?.length ?? 0;
    // Stop to save memory. The caller rejects a text of this length.
    if (characters > limits.maxCharacters) break;
  }
  if (damagedPages === pages) throw brokenPdf(`none of its ${pages} pages can be read`);
  return { text: texts.join('\n\n').trim(), damagedPages };
}

/** Returns undefined if the page is damaged. The other pages are still read, and the note counts the damaged ones. */
async function readPage(pdf: PDFDocumentProxy, number: number): Promise<string | undefined> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    page.cleanup();
    return items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
  } catch {
    return undefined;
  }
}

async function readTitle(pdf: PDFDocumentProxy): Promise<string | undefined> {
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  return 'Title' in info && typeof info.Title === 'string' ? info.Title : undefined;
}

interface Findings {
  readonly text: string;
  readonly pages: number;
  readonly damagedPages: number;
  readonly isWhole: boolean;
  readonly missingMaps: ReadonlySet<string>;
}

function noteOf({ text, pages, damagedPages, isWhole, missingMaps }: Findings): string | undefined {
  const notes: string[] = [];
  if (!isWhole) notes.push(`the end of the file is missing (no ${END_MARK}); the text may be incomplete`);
  if (damagedPages > 0) notes.push(`${damagedPages} of ${pages} pages are damaged and were left out`);
  if (missingMaps.size > 0) {
    const maps = [...missingMaps].slice(0, 5).join(', ');
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
