/** Uploads carry the name of their file behind an id of their own. */
const UPLOAD_ID = /^(?:upload:)?[0-9a-hjkmnp-tv-z]{26}-(?=.)/;

/**
 * What a file is called of which nobody says the name: the end of where it lies, be that a key, `upload:<id>`,
 * `s3://bucket/key`, an https URL, or one of these with `#entry=<name>`.
 */
export function fileNameOf(source: string): string {
  const [, archive = source, entry] = /^(.*)#entry=(.*)$/s.exec(source) ?? [];
  if (entry !== undefined) return leaf(decoded(entry)) || fileNameOf(archive);
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
