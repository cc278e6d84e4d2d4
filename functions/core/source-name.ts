/** Uploads carry the name of their file behind an id of their own. */
const UPLOAD_ID = /^(?:upload:)?[0-9a-hjkmnp-tv-z]{26}-(?=.)/;

/** Between an archive and the percent-encoded name of one of its entries. */
const ENTRY_MARK = '#entry=';

/** The source of an entry; its name is encoded already. */
export function entrySource(archive: string, name: string): string {
  return `${archive}${ENTRY_MARK}${name}`;
}

/** The two halves of such a source; `undefined` of every other one. */
export function entryIn(source: string): { readonly archive: string; readonly name: string } | undefined {
  const at = source.lastIndexOf(ENTRY_MARK);
  if (at === -1) return undefined;
  return { archive: source.slice(0, at), name: source.slice(at + ENTRY_MARK.length) };
}

/**
 * What a file is called of which nobody says the name: the end of where it lies, be that a key, `upload:<id>`,
 * `s3://bucket/key`, an https URL, or one of these with `#entry=<name>`.
 */
export function fileNameOf(source: string): string {
  const entry = entryIn(source);
  if (entry !== undefined) return leaf(decoded(entry.name)) || fileNameOf(entry.archive);
  const path = /^https?:/.test(source) ? decoded(source.replace(/[?#].*$/s, '')) : source;
  return (leaf(path) || path).replace(UPLOAD_ID, '').replace(/^upload:/, '');
}

function leaf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
