import { filetypeinfo } from 'magic-bytes.js';
import { decodeText } from './decode-text.ts';
import { looksLikeHtmlDocument, looksLikeHtmlFragment, looksLikeMarkdown } from './markup.ts';

type TextType = 'text/plain' | 'text/markdown' | 'text/html';
/** What ImageMagick decodes before pages are made of it. */
export type DecodedImageType = (typeof DECODED_IMAGES)[number]['type'];
type BinaryType = 'application/pdf' | 'application/zip' | 'image/png' | 'image/jpeg' | DecodedImageType;

/** What a document is: `source` is its decoded text, `format` the name of what can't be read. */
export type DetectedDocument =
  | { readonly type: BinaryType }
  | { readonly type: TextType; readonly source: string }
  | { readonly type: 'unsupported'; readonly format: string };

/** Enough for every magic number. */
const MAGIC_BYTES = 64 * 1024;

/** Readers accept a PDF header that other bytes precede, up to here. */
const PDF_HEADER_WITHIN = 1024;

/** A zip begins with its first member; an empty one with its directory. */
const MAGIC: readonly { readonly start: Buffer; readonly type: BinaryType }[] = [
  { start: Buffer.from('PK\x03\x04'), type: 'application/zip' },
  { start: Buffer.from('PK\x05\x06'), type: 'application/zip' },
  { start: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), type: 'image/png' },
  { start: Buffer.from('\xff\xd8\xff', 'latin1'), type: 'image/jpeg' },
];

/** How long the start is that tells one of these from the others. */
const DECODED_IMAGE_BYTES = 32;

/** Their starts in hexadecimal. Most of them are letters: what is text is none of these. */
const DECODED_IMAGES = [
  { start: /^(49492[ab]00|4d4d002[ab])/, type: 'image/tiff' },
  { start: /^474946383[79]61/, type: 'image/gif' },
  { start: /^52494646.{8}57454250/, type: 'image/webp' },
  // Two letters alone are too few: behind them, the length of one of its headers.
  { start: /^424d.{24}(0c|28|34|38|40|6c|7c)000000/, type: 'image/bmp' },
  { start: /^0000000c6a5020200d0a870a/, type: 'image/jp2' },
  { start: /^000000..66747970617669(66|73)/, type: 'image/avif' },
] as const;

/** Formats that are written in plain characters, yet are no text to read. */
const CODED_IN_TEXT = [
  { start: '{\\rtf', format: 'rtf (application/rtf)' },
  { start: '%!PS', format: 'ps (application/postscript)' },
];

const MARKDOWN_ENDINGS = new Set(['md', 'markdown', 'mdown', 'mkd', 'mdx']);
const HTML_ENDINGS = new Set(['html', 'htm', 'xhtml']);
/** Endings that leave open what the text is; any other one (py, csv, json) means plain text. */
const OPEN_ENDINGS = new Set(['', 'txt', 'text']);

/** Detects by content; the name decides only between kinds of text, and which of the formats that share a magic number. */
export function detectType(bytes: Uint8Array, name: string): DetectedDocument {
  const pdfHeader = findPdfHeader(bytes);
  if (pdfHeader === 0) return { type: 'application/pdf' };
  const magic = MAGIC.find(({ start }) => start.equals(bytes.subarray(0, start.length)));
  if (magic) return { type: magic.type };
  const decoded = decodeText(bytes);
  // Text may quote the header of a PDF, or begin with letters that are some format's magic number.
  if (decoded !== undefined) return detectTextType(decoded, name);
  if (pdfHeader > 0) return { type: 'application/pdf' };
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const image = startOfImage(start.toString('hex', 0, DECODED_IMAGE_BYTES));
  if (image) return { type: image };
  return { type: 'unsupported', format: formatOf(bytes, name) };
}

/** The name of the format, as far as the bytes or the name tell it. */
export function formatOf(bytes: Uint8Array, name: string): string {
  const formats = filetypeinfo(bytes.subarray(0, MAGIC_BYTES));
  const ending = endingOf(name);
  const format =
    formats.find(({ extension }) => extension === ending) ?? formats.find(({ mime }) => mime) ?? formats[0];
  if (!format) return 'unknown binary data';
  return format.mime ? `${format.typename} (${format.mime})` : format.typename;
}

function startOfImage(head: string): DecodedImageType | undefined {
  return DECODED_IMAGES.find(({ start }) => start.test(head))?.type;
}

/** Whether the type is one of those that ImageMagick decodes. */
export function isDecodedImage(type: DetectedDocument['type']): type is DecodedImageType {
  return DECODED_IMAGES.some((image) => image.type === type);
}

function findPdfHeader(bytes: Uint8Array): number {
  const searched = Math.min(bytes.length, PDF_HEADER_WITHIN);
  return Buffer.from(bytes.buffer, bytes.byteOffset, searched).indexOf('%PDF-');
}

function detectTextType(source: string, name: string): DetectedDocument {
  const coded = CODED_IN_TEXT.find(({ start }) => source.startsWith(start));
  return coded ? { type: 'unsupported', format: coded.format } : { type: kindOfText(source, name), source };
}

function kindOfText(source: string, name: string): TextType {
  const ending = endingOf(name);
  if (looksLikeHtmlDocument(source)) return 'text/html';
  if (MARKDOWN_ENDINGS.has(ending)) return 'text/markdown';
  if (HTML_ENDINGS.has(ending)) return 'text/html';
  if (!OPEN_ENDINGS.has(ending)) return 'text/plain';
  if (looksLikeMarkdown(source)) return 'text/markdown';
  return looksLikeHtmlFragment(source) ? 'text/html' : 'text/plain';
}

function endingOf(name: string): string {
  const file = name.slice(name.lastIndexOf('/') + 1).split(/[?#]/, 1)[0] ?? '';
  const dot = file.lastIndexOf('.');
  return dot <= 0 ? '' : file.slice(dot + 1).toLowerCase();
}
