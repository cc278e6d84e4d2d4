import { getResolvedPDFJS } from 'unpdf';
import type { PDFDocumentProxy } from 'unpdf/pdfjs';
import type { AnnotatedText } from './annotated-text.ts';
import { UnreadableDocument } from './unreadable-document.ts';

export interface PdfLimits {
  readonly maxPages: number;
  readonly maxCharacters: number;
}

/** A complete file ends with this mark, within as many bytes as readers search for it. */
const END_MARK = '%%EOF';
const END_MARK_WITHIN = 1024;

/**
 * The text layer of a PDF, page by page. The library is pdf.js in unpdf's build for servers: no native code, no canvas,
 * no code generated from the document; without addresses of fonts and character maps it has nothing to fetch.
 */
export async function readPdf(bytes: Uint8Array, limits: PdfLimits): Promise<AnnotatedText> {
  const isWhole = endsAsPdf(bytes);
  const { getDocument } = await getResolvedPDFJS();
  const loading = getDocument({
    data: bytes,
    verbosity: 0,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
  });
  try {
    const pdf = await loading.promise.catch((error: unknown) => {
      throw asUnreadable(error);
    });
    return await readPages(pdf, limits, isWhole);
  } finally {
    await loading.destroy();
  }
}

async function readPages(pdf: PDFDocumentProxy, limits: PdfLimits, isWhole: boolean): Promise<AnnotatedText> {
  const pages = pdf.numPages;
  if (pages > limits.maxPages) {
    throw new UnreadableDocument(
      'document-too-large',
      `the PDF has ${pages} pages; at most ${limits.maxPages} are read: split it`,
    );
  }
  const texts: string[] = [];
  let characters = 0;
  let damaged = 0;
  for (let number = 1; number <= pages; number += 1) {
    const text = await readPage(pdf, number);
    if (text === undefined) damaged += 1;
    else texts.push(text);
    characters += text?.length ?? 0;
    // Reading on would only fill the memory: the text is refused by its length anyway.
    if (characters > limits.maxCharacters) break;
  }
  if (damaged === pages) throw brokenPdf(`none of its ${pages} pages can be read`);
  const text = texts.join('\n\n').trim();
  return { title: await readTitle(pdf), pages, text, note: noteOf({ text, pages, damaged, isWhole }) };
}

/** Undefined when the page is damaged: the other pages are still worth reading, and the note tells of it. */
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

function noteOf(found: {
  text: string;
  pages: number;
  damaged: number;
  isWhole: boolean;
}): string | undefined {
  const notes = [
    found.isWhole ? '' : `the end of the file is missing (no ${END_MARK}): this is what could be recovered`,
    found.damaged > 0 ? `${found.damaged} of ${found.pages} pages are damaged and were left out` : '',
    found.text === ''
      ? 'the pages hold no text, only images or drawings: recognise the text (OCR) first'
      : '',
  ];
  return notes.filter(Boolean).join('; ') || undefined;
}

function asUnreadable(error: unknown): UnreadableDocument {
  const { name = '', message = '' } = error instanceof Error ? error : {};
  if (name !== 'PasswordException') return brokenPdf(message, error);
  return new UnreadableDocument(
    'document-encrypted',
    'the PDF is encrypted and opens only with a password; remove the password and submit it again',
    { cause: error },
  );
}

function brokenPdf(reason: string, cause?: unknown): UnreadableDocument {
  return new UnreadableDocument(
    'document-broken',
    `the PDF is broken or cut off: ${reason.replace(/\.$/, '')}; check that it opens in a viewer and upload it again`,
    { cause },
  );
}

function endsAsPdf(bytes: Uint8Array): boolean {
  const tail = bytes.subarray(Math.max(0, bytes.length - END_MARK_WITHIN));
  return Buffer.from(tail.buffer, tail.byteOffset, tail.length).includes(END_MARK);
}
