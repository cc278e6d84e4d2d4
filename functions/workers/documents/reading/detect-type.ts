import { filetypeinfo } from 'magic-bytes.js';
import { compoundFile } from './compound-file.ts';
import { decodeText } from './decode-text.ts';
import { looksLikeHtmlDocument, looksLikeHtmlFragment, looksLikeMarkdown } from './markup.ts';
import { officeFormatOfText } from './office-text.ts';
import { isZipAfterOtherBytes } from './zip-end.ts';

type TextType = 'text/plain' | 'text/markdown' | 'text/html';
/** Image types that ImageMagick decodes. */
export type DecodedImageType = (typeof DECODED_IMAGES)[number]['type'];
type BinaryType = 'application/pdf' | 'application/zip' | 'image/png' | 'image/jpeg' | DecodedImageType;

/** Detected type of a document. `source` is its decoded text, `format` the name of an unsupported format. */
export type DetectedDocument =
  | { readonly type: BinaryType }
  | { readonly type: TextType; readonly source: string }
  /** Office document that opens only with a password. */
  | { readonly type: 'encrypted' }
  | { readonly type: 'unsupported'; readonly format: string };

/** Number of leading bytes that contain every known magic number. */
const MAGIC_BYTES = 64 * 1024;

/** PDF readers accept other bytes before the header, up to this position. Blank ones may be more. */
const PDF_HEADER_WITHIN = 1024;
const MAX_BLANK_BYTES = 64 * 1024;

/** A zip begins with its first entry, an empty one with its directory. */
const MAGIC: readonly { readonly start: Buffer; readonly type: BinaryType }[] = [
  { start: Buffer.from('PK\x03\x04'), type: 'application/zip' },
  { start: Buffer.from('PK\x05\x06'), type: 'application/zip' },
  { start: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), type: 'image/png' },
  { start: Buffer.from('\xff\xd8\xff', 'latin1'), type: 'image/jpeg' },
];

/** Number of leading bytes that distinguish these types. */
const DECODED_IMAGE_BYTES = 48;

/** First bytes in hexadecimal. Most are printable letters, so check for text first. */
const DECODED_IMAGES = [
  { start: /^(49492[ab]00|4d4d002[ab])/, type: 'image/tiff' },
  { start: /^474946383[79]61/, type: 'image/gif' },
  { start: /^52494646.{8}57454250/, type: 'image/webp' },
  // Two letters are not specific enough, so the length of the BMP header is matched too.
  { start: /^424d.{24}(0c|28|34|38|40|6c|7c)000000/, type: 'image/bmp' },
  { start: /^0000000c6a5020200d0a870a/, type: 'image/jp2' },
  { start: /^000000..66747970617669(66|73)/, type: 'image/avif' },
  // A file of the general brand names the codec among its compatible brands.
  { start: /^000000..66747970(6d696631|6d736631).{8}(.{8}){0,6}617669(66|73)/, type: 'image/avif' },
  { start: /^000000..66747970686569(63|78|6d|73)/, type: 'image/heic' },
  { start: /^000000..66747970(6d696631|6d736631).{8}(.{8}){0,6}686569(63|78|6d|73)/, type: 'image/heic' },
] as const;

/** Formats encoded in printable characters that are not readable text. */
const CODED_IN_TEXT = [
  { start: '{\\rtf', format: 'rtf (application/rtf)' },
  { start: '%!PS', format: 'ps (application/postscript)' },
];

const MARKDOWN_ENDINGS = new Set(['md', 'markdown', 'mdown', 'mkd', 'mdx']);
const HTML_ENDINGS = new Set(['html', 'htm', 'xhtml']);
/** Extensions that do not determine the kind of text. Any other one (py, csv, json) means plain text. */
const OPEN_ENDINGS = new Set(['', 'txt', 'text']);

/** Returns the type of which the first bytes are enough to be certain. */
export function magicTypeOf(head: Uint8Array): BinaryType | undefined {
  return MAGIC.find(({ start }) => start.equals(head.subarray(0, start.length)))?.type;
}

/**
 * Detects the type by content. The name only distinguishes kinds of text, and formats that share a magic number.
 */
export function detectType(bytes: Uint8Array, name: string): DetectedDocument {
  const pdfHeader = findPdfHeader(bytes);
  if (pdfHeader === 0 || (pdfHeader > 0 && hasPdfObjects(bytes, pdfHeader)))
    return { type: 'application/pdf' };
  const magic = magicTypeOf(bytes);
  if (magic !== undefined) return { type: magic };
  const compound = compoundFile(bytes);
  if (compound)
    return compound.isEncrypted ? { type: 'encrypted' } : { type: 'unsupported', format: compound.format };
  if (isZipAfterOtherBytes(bytes)) return { type: 'application/zip' };
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, DECODED_IMAGE_BYTES));
  const image = startOfImage(start.toString('hex'));
  const decoded = start.includes(0) && (image || isKnownBinary(bytes)) ? undefined : decodeText(bytes);
  // Check text before binary formats: text may quote a PDF header or begin with the letters of a magic number.
  if (decoded !== undefined) return detectTextType(decoded, name);
  if (pdfHeader > 0) return { type: 'application/pdf' };
  if (image) return { type: image };
  return { type: 'unsupported', format: formatOf(bytes, name) };
}

/** True if the first bytes belong to a binary format. Only for bytes with a NUL, because text may begin with letters. */
function isKnownBinary(bytes: Uint8Array): boolean {
  return filetypeinfo(bytes.subarray(0, MAGIC_BYTES)).some(({ mime }) => mime && !mime.startsWith('text/'));
}

/** Returns the name of the format, from the bytes and the file extension. */
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

/** True if ImageMagick decodes this type. */
export function isDecodedImage(type: DetectedDocument['type']): type is DecodedImageType {
  return DECODED_IMAGES.some((image) => image.type === type);
}

function findPdfHeader(bytes: Uint8Array): number {
  const blank = bytes.subarray(0, MAX_BLANK_BYTES).findIndex((byte) => byte > 0x20);
  const searched = Math.min(bytes.length, Math.max(blank, 0) + PDF_HEADER_WITHIN);
  return Buffer.from(bytes.buffer, bytes.byteOffset, searched).indexOf('%PDF-');
}

/** True for a PDF after other bytes, such as the header of an e-mail. Text may quote the header of a PDF. */
function hasPdfObjects(bytes: Uint8Array, header: number): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const before = file[header - 1] ?? 0;
  const isAtLineStart = before === 0x0a || before === 0x0d || before > 0x7f;
  return isAtLineStart && file.includes('endobj', header);
}

function detectTextType(source: string, name: string): DetectedDocument {
  const format =
    CODED_IN_TEXT.find(({ start }) => source.startsWith(start))?.format ?? officeFormatOfText(source);
  return format === undefined ? { type: kindOfText(source, name), source } : { type: 'unsupported', format };
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
