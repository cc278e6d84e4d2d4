const BY_ENDING: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  bmp: 'image/bmp',
  csv: 'text/csv',
  doc: 'application/msword',
  docm: 'application/vnd.ms-word.document.macroenabled.12',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  eml: 'message/rfc822',
  gif: 'image/gif',
  gz: 'application/gzip',
  heic: 'image/heic',
  htm: 'text/html',
  html: 'text/html',
  jp2: 'image/jp2',
  jpe: 'image/jpeg',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  log: 'text/plain',
  markdown: 'text/markdown',
  md: 'text/markdown',
  ndjson: 'application/x-ndjson',
  odg: 'application/vnd.oasis.opendocument.graphics',
  odp: 'application/vnd.oasis.opendocument.presentation',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odt: 'application/vnd.oasis.opendocument.text',
  pdf: 'application/pdf',
  png: 'image/png',
  ppt: 'application/vnd.ms-powerpoint',
  pptm: 'application/vnd.ms-powerpoint.presentation.macroenabled.12',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  rtf: 'application/rtf',
  svg: 'image/svg+xml',
  text: 'text/plain',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  tsv: 'text/tab-separated-values',
  txt: 'text/plain',
  webp: 'image/webp',
  xhtml: 'application/xhtml+xml',
  xls: 'application/vnd.ms-excel',
  xlsb: 'application/vnd.ms-excel.sheet.binary.macroenabled.12',
  xlsm: 'application/vnd.ms-excel.sheet.macroenabled.12',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml',
  zip: 'application/zip',
};

/** Media type of files whose type is not known. */
export const UNKNOWN_TYPE = 'application/octet-stream';

/** Other names of media types, which clients and operating systems use. */
const ALIASES: Readonly<Record<string, string>> = {
  'application/x-zip-compressed': 'application/zip',
  'application/x-zip': 'application/zip',
  'application/zip-compressed': 'application/zip',
  'multipart/x-zip': 'application/zip',
  'application/x-gzip': 'application/gzip',
  'application/x-pdf': 'application/pdf',
  'application/acrobat': 'application/pdf',
  'text/pdf': 'application/pdf',
  'text/x-pdf': 'application/pdf',
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/tif': 'image/tiff',
  'image/x-tiff': 'image/tiff',
  'image/x-tif': 'image/tiff',
  'image/x-bmp': 'image/bmp',
  'image/x-ms-bmp': 'image/bmp',
  'text/xml': 'application/xml',
  'text/json': 'application/json',
  'application/x-json': 'application/json',
  'application/csv': 'text/csv',
  'application/x-csv': 'text/csv',
  'text/x-csv': 'text/csv',
  'text/comma-separated-values': 'text/csv',
  'text/rtf': 'application/rtf',
  'application/x-rtf': 'application/rtf',
  'text/x-markdown': 'text/markdown',
  'application/xhtml': 'application/xhtml+xml',
  'application/jsonl': 'application/x-ndjson',
  'application/x-jsonlines': 'application/x-ndjson',
  'application/ndjson': 'application/x-ndjson',
  'application/vnd.pdf': 'application/pdf',
  'application/x-bzpdf': 'application/pdf',
  'image/jpe': 'image/jpeg',
  'image/x-jpeg': 'image/jpeg',
  'image/x-jpg': 'image/jpeg',
  'image/x-citrix-jpeg': 'image/jpeg',
  'image/x-citrix-png': 'image/png',
  'image/heif': 'image/heic',
  'binary/octet-stream': UNKNOWN_TYPE,
  'application/octet': UNKNOWN_TYPE,
  'application/octetstream': UNKNOWN_TYPE,
  'application/x-octet-stream': UNKNOWN_TYPE,
  'application/x-octetstream': UNKNOWN_TYPE,
  'application/unknown': UNKNOWN_TYPE,
  'application/x-unknown': UNKNOWN_TYPE,
  'unknown/unknown': UNKNOWN_TYPE,
  'content/unknown': UNKNOWN_TYPE,
  'application/save': UNKNOWN_TYPE,
  'application/x-save': UNKNOWN_TYPE,
  // Browsers send it for zip, gzip and tar.
  'application/x-compressed': UNKNOWN_TYPE,
  'application/x-download': UNKNOWN_TYPE,
  'application/force-download': UNKNOWN_TYPE,
};

/** Returns the media type in lower case, without parameters, under its usual name. Compare only such types. */
export function plainMimeType(mimeType: string): string {
  // A repeated header is joined by a comma, and some clients quote the type.
  const [first = ''] = mimeType.replaceAll('"', '').split(/[;,]/, 1);
  const plain = first.trim().toLowerCase();
  if (!plain.includes('/')) return UNKNOWN_TYPE;
  return Object.hasOwn(ALIASES, plain) ? (ALIASES[plain] ?? plain) : plain;
}

/** Returns the MIME type for the extension of a file name. The content may differ. */
export function mimeTypeOf(filename: string): string {
  const ending = /\.([^./]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(BY_ENDING, ending) ? (BY_ENDING[ending] ?? '') : UNKNOWN_TYPE;
}
