import type { AnnotatedText } from './annotated-text.ts';
import { countWords } from './count-words.ts';
import { type DetectedDocument, type DocumentType, detectType } from './detect-type.ts';
import { guessLanguage } from './guess-language.ts';
import { readHtml } from './read-html.ts';
import { readMarkdown } from './read-markdown.ts';
import { readPdf } from './read-pdf.ts';
import { UnreadableDocument } from './unreadable-document.ts';

export interface ReadingOptions {
  readonly name: string;
  readonly maxPages: number;
  readonly maxCharacters: number;
  /** The language, where the caller knows it. */
  readonly language?: string | undefined;
}

/** What a document says, and its measures. */
export interface DocumentText {
  readonly type: DocumentType;
  readonly title?: string;
  /** Only documents with pages have it. */
  readonly pages?: number;
  readonly text: string;
  /** Unicode characters of the text. */
  readonly characters: number;
  readonly words: number;
  /** A BCP 47 tag; `und` when the text is too short to tell. */
  readonly language: string;
  /** What a reader of the text should know: nothing but images, damaged pages. */
  readonly note?: string;
}

const MAX_TITLE_CHARACTERS = 300;

/** Reads a document in this thread, without any bound on time: `extractText` is what callers want. */
export async function readDocument(bytes: Uint8Array, options: ReadingOptions): Promise<DocumentText> {
  const document = detectType(bytes, options.name);
  if (document.type === 'unsupported') throw unsupported(document.format);
  const reading = await read(document, bytes, options);
  const text = reading.text.replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed();
  const characters = countCharacters(text);
  if (characters > options.maxCharacters) throw tooMuchText(options.maxCharacters);
  const title = reading.title?.replace(/\s+/g, ' ').trim().slice(0, MAX_TITLE_CHARACTERS).toWellFormed();
  return {
    type: document.type,
    ...(title && { title }),
    ...(reading.pages !== undefined && { pages: reading.pages }),
    text,
    characters,
    words: countWords(text),
    language: options.language ?? guessLanguage(text),
    ...(reading.note && { note: reading.note }),
  };
}

type Readable = Exclude<DetectedDocument, { type: 'unsupported' }>;

function read(
  document: Readable,
  bytes: Uint8Array,
  limits: ReadingOptions,
): AnnotatedText | Promise<AnnotatedText> {
  switch (document.type) {
    case 'application/pdf':
      return readPdf(bytes, limits);
    case 'text/html':
      return readHtml(document.source);
    case 'text/markdown':
      return readMarkdown(document.source);
    case 'text/plain':
      return { text: document.source };
  }
}

function countCharacters(text: string): number {
  let characters = text.length;
  for (let i = 0; i < text.length; i += 1) {
    // The second half of a surrogate pair is no character of its own.
    if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) characters -= 1;
  }
  return characters;
}

function unsupported(format: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-unsupported',
    `the content is ${format}; text is extracted from plain text, Markdown, HTML and PDF: convert it to one of these first`,
  );
}

function tooMuchText(maxCharacters: number): UnreadableDocument {
  return new UnreadableDocument(
    'document-too-large',
    `the document holds more than ${maxCharacters} characters of text, the most that is extracted: split it`,
  );
}
