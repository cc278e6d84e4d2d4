/** Detects the media types of parts that have none, by their content. */
import type { Part } from '#core/item.ts';
import { mimeTypeOf, plainMimeType, UNKNOWN_TYPE } from '#core/mime-types.ts';
import { entryIn } from '#core/source-name.ts';
import type { ReadableObjects } from '#core/splitter.ts';

export interface ContentPorts {
  readonly objects: ReadableObjects;
  openPart(part: Part): Promise<AsyncIterable<Uint8Array>>;
}

/** Number of leading bytes that are read. */
const HEAD_BYTES = 4_096;

/** Returns the part with the type of its content if its type is missing or general. */
export async function withDetectedType(part: Part, ports: ContentPorts): Promise<Part> {
  if (!isGeneral(plainMimeType(part.mimeType))) return part;
  const mimeType = typeOfContent(await headOf(part, ports), part.filename);
  return mimeType === UNKNOWN_TYPE ? part : { ...part, mimeType };
}

/** True for a type that does not describe the content. A wildcard is the value of the header Accept. */
function isGeneral(mimeType: string): boolean {
  return mimeType === UNKNOWN_TYPE || mimeType.includes('*');
}

async function headOf(part: Part, { objects, openPart }: ContentPorts): Promise<Buffer> {
  const { key, url = '' } = part;
  if (key !== undefined || (/^(upload|s3):/.test(url) && entryIn(url) === undefined)) {
    const address = key === undefined ? objects.resolve(url) : objects.locate({ key });
    const bytes = await objects.get(address, { from: 0, to: HEAD_BYTES });
    return Buffer.from(bytes ?? []);
  }
  for await (const piece of await openPart(part)) return Buffer.from(piece.subarray(0, HEAD_BYTES));
  return Buffer.alloc(0);
}

const ZIP = 'application/zip';

/** First bytes in hexadecimal. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^504b(0304|0506)/, ZIP],
  [/^89504e470d0a1a0a/, 'image/png'],
  [/^ffd8ff/, 'image/jpeg'],
  [/^474946383[79]61/, 'image/gif'],
  [/^(49492[ab]00|4d4d002[ab])/, 'image/tiff'],
  [/^52494646.{8}57454250/, 'image/webp'],
  [/^424d.{24}(0c|28|34|38|40|6c|7c)000000/, 'image/bmp'],
  [/^0000000c6a5020200d0a870a/, 'image/jp2'],
  [/^000000..66747970617669[67]/, 'image/avif'],
  [/^000000..66747970(6d696631|6d736631).{8}(.{8}){0,1}617669[67]/, 'image/avif'],
  [/^000000..66747970(686569[63786d73]|6d696631|6d736631)/, 'image/heic'],
  [/^1f8b/, 'application/gzip'],
  [/^7b5c727466/, 'application/rtf'],
];
const SIGNATURE_BYTES = 32;

/** Other bytes may precede the header of a PDF, up to this position. */
const PDF_HEADER_WITHIN = 1_024;

const OFFICE_FOLDERS: readonly (readonly [string, string])[] = [
  ['word/', mimeTypeOf('.docx')],
  ['xl/', mimeTypeOf('.xlsx')],
  ['ppt/', mimeTypeOf('.pptx')],
];

/** The name distinguishes formats that share their first bytes, and formats of text. */
export function typeOfContent(head: Buffer, filename: string): string {
  const start = head.toString('latin1');
  const named = mimeTypeOf(filename);
  const signed = head.toString('hex', 0, SIGNATURE_BYTES);
  const type = SIGNATURES.find(([signature]) => signature.test(signed))?.[1];
  if (type === ZIP) return zippedType(start, named);
  if (type !== undefined) return type;
  if (/%PDF-\d/.test(start.slice(0, PDF_HEADER_WITHIN))) return 'application/pdf';
  return named === UNKNOWN_TYPE ? typeOfText(head) : named;
}

/** Office files are zips. Their first entry is usually the list of content types or the media type itself. */
function zippedType(start: string, named: string): string {
  if (named.includes('officedocument')) return named;
  const declared = /^[\s\S]{30}mimetype(application\/vnd\.[\w.+-]+?)PK/.exec(start)?.[1];
  if (declared !== undefined) return declared;
  if (!start.includes('[Content_Types].xml')) return ZIP;
  return OFFICE_FOLDERS.find(([folder]) => start.includes(folder))?.[1] ?? ZIP;
}

function typeOfText(head: Buffer): string {
  const text = textOf(head);
  if (text === '' || hasControls(text)) return UNKNOWN_TYPE;
  if (/^\s*<\?xml\s/.test(text)) return 'application/xml';
  return /^\s*<(!doctype html|html)\b/i.test(text) ? 'text/html' : 'text/plain';
}

const UTF_16_MARKS: readonly (readonly [RegExp, string])[] = [
  [/^fffe/, 'utf-16le'],
  [/^feff/, 'utf-16be'],
];
/** In fewer bytes, control characters may be missing by chance. */
const MIN_LEGACY_BYTES = 32;

/** Decodes text in any encoding well enough to recognize it. */
function textOf(head: Buffer): string {
  const start = head.toString('hex', 0, 2);
  const encoding = UTF_16_MARKS.find(([mark]) => mark.test(start))?.[1] ?? 'utf-8';
  try {
    // The head may end within a character.
    return new TextDecoder(encoding, { fatal: true }).decode(head, { stream: head.length === HEAD_BYTES });
  } catch {
    return head.length < MIN_LEGACY_BYTES ? '' : head.toString('latin1');
  }
}

/** Bell, backspace, tab, line ends, form feed and escape, which text may contain. */
const TEXT_CONTROLS = '\x07\b\t\n\v\f\r\x1b';

function hasControls(text: string): boolean {
  return Array.from(text).some((character) => character < ' ' && !TEXT_CONTROLS.includes(character));
}
