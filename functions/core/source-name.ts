import { decodeUploadName } from './upload-name.ts';

/** The generated id of an upload, and its encoded file name. */
const UPLOAD_ID = /^(?:upload:)?[0-9a-hjkmnp-tv-z]{26}-(.+)$/s;

/** Separates an archive from the percent-encoded name of one of its entries. */
const ENTRY_MARK = '#entry=';

/** Returns the source of an entry, whose name must be percent-encoded. */
export function entrySource(archive: string, name: string): string {
  return `${archive}${ENTRY_MARK}${name}`;
}

/** Returns archive and entry name of such a source; `undefined` for any other source. */
export function entryIn(source: string): { readonly archive: string; readonly name: string } | undefined {
  const at = source.lastIndexOf(ENTRY_MARK);
  if (at === -1) return undefined;
  return { archive: source.slice(0, at), name: source.slice(at + ENTRY_MARK.length) };
}

/**
 * Returns a default file name: the last segment of its location. That is a key, `upload:<id>`,
 * `s3://bucket/key`, an https URL, or one of these with `#entry=<name>`.
 */
export function fileNameOf(source: string): string {
  const entry = entryIn(source);
  if (entry !== undefined) return lastSegment(decodeOrKeep(entry.name)) || fileNameOf(entry.archive);
  const path = /^https?:/.test(source) ? decodeOrKeep(source.replace(/[?#].*$/s, '')) : source;
  const segment = lastSegment(path) || path;
  return uploadedName(segment) ?? segment.replace(/^upload:/, '');
}

/** Returns the file name in an id of an upload, with or without `upload:` before it. */
export function uploadedName(id: string): string | undefined {
  const encoded = UPLOAD_ID.exec(id)?.[1];
  return encoded === undefined ? undefined : decodeUploadName(encoded);
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
