import { omitUndefined } from '#core/omit-undefined.ts';
import { type DetectedDocument, detectType } from '../reading/detect-type.ts';
import { typeRefusal } from '../reading/type-refusal.ts';
import type { AnnotatedText } from '../text/annotated-text.ts';
import { tooMuchText } from '../text/bounded-text.ts';
import { readHtml } from '../text/read-html.ts';
import { readMarkdown } from '../text/read-markdown.ts';
import { countWords } from './count-words.ts';
import { guessLanguage } from './guess-language.ts';
import { readPdf } from './read-pdf.ts';
import { readZip } from './read-zip.ts';
import type { ReadingOptions } from './reading-options.ts';

/** Text of a document and its metadata. */
export interface DocumentText {
  /** Media type. */
  readonly type: string;
  readonly title?: string;
  /** Number of pages, for documents that have pages. */
  readonly pages?: number;
  readonly text: string;
  /** Number of Unicode characters of the text. */
  readonly characters: number;
  readonly words: number;
  /** BCP 47 tag. `und` if the text is too short to determine the language. */
  readonly language: string;
  /** Limitation of the text for the user, such as damaged pages or pages with only images. */
  readonly note?: string;
}

const MAX_TITLE_CHARACTERS = 300;

const SUPPORTED =
  'plain text, Markdown, HTML, PDF, docx, xlsx, pptx, odt, ods, odp and zips of them; convert it to one of these';

/** Reads a document in the current thread without a time limit. Callers should use `extractText`. */
export async function readDocument(
  bytes: Uint8Array,
  options: ReadingOptions,
  step: () => void = () => undefined,
): Promise<DocumentText> {
  const { type, ...reading } = await readText(bytes, options, step);
  step();
  const { text } = reading;
  const characters = countCharacters(text);
  if (characters > options.maxCharacters) throw tooMuchText(options.maxCharacters);
  const title = reading.title?.replace(/\s+/g, ' ').trim().slice(0, MAX_TITLE_CHARACTERS).toWellFormed();
  return {
    type,
    ...(title && { title }),
    ...omitUndefined({ pages: reading.pages }),
    text,
    characters,
    words: countWords(text),
    language: options.language ?? guessLanguage(text),
    ...(reading.note && { note: reading.note }),
  };
}

type TypedText = AnnotatedText & { readonly type: string };

async function readText(bytes: Uint8Array, options: ReadingOptions, step: () => void): Promise<TypedText> {
  const document = detectType(bytes, options.name);
  const reading = await read(document, { bytes, options, step });
  const text = reading.text.replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed();
  return { type: document.type, ...reading, text };
}

interface Reading {
  readonly bytes: Uint8Array;
  readonly options: ReadingOptions;
  readonly step: () => void;
}

function read(
  document: DetectedDocument,
  { bytes, options, step }: Reading,
): AnnotatedText | Promise<AnnotatedText> {
  switch (document.type) {
    case 'application/pdf':
      return readPdf(bytes, options, step);
    case 'application/zip':
      return readZip(bytes, options, {
        readEntry: (entry, entryOptions) => readText(entry, entryOptions, step),
        step,
      });
    case 'text/html':
      return readHtml(document.source);
    case 'text/markdown':
      return readMarkdown(document.source);
    case 'text/plain':
      return { text: document.source };
    default:
      throw typeRefusal(document, { bytes, name: options.name }, SUPPORTED);
  }
}

function countCharacters(text: string): number {
  let characters = text.length;
  for (let i = 0; i < text.length; i += 1) {
    // The second half of a surrogate pair does not count as a character.
    if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) characters -= 1;
  }
  return characters;
}
