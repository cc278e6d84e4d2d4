/**
 * The URL of an entry of a zip archive is `<url of the archive>#entry=<name, percent-encoded>`, with `#names=<encoding>`
 * before `#entry=` if the user specified the encoding of the names.
 */
import { PermanentFailure } from '#core/errors.ts';
import { entryIn, entrySource } from '#core/source-name.ts';
import { NAME_ENCODINGS, type NameEncoding } from './archive-encodings.ts';

/** Name of an entry, and the encoding of the archive's names if the user knows it. */
export interface EntryName {
  readonly name: string;
  readonly nameEncoding?: NameEncoding | undefined;
}

export function entryUrl(archive: string, { name, nameEncoding }: EntryName): string {
  const source = nameEncoding === undefined ? archive : `${archive}${ENCODING_MARK}${nameEncoding}`;
  return entrySource(source, encodeURIComponent(name.toWellFormed()));
}

const ENCODING_MARK = '#names=';

export function parseEntryUrl(url: string): (EntryName & { readonly archive: string }) | undefined {
  const entry = entryIn(url);
  if (entry === undefined) return undefined;
  const nameEncoding = NAME_ENCODINGS.find((name) => entry.archive.endsWith(`${ENCODING_MARK}${name}`));
  const archive =
    nameEncoding === undefined
      ? entry.archive
      : entry.archive.slice(0, -(ENCODING_MARK.length + nameEncoding.length));
  try {
    return { archive, nameEncoding, name: decodeURIComponent(entry.name) };
  } catch {
    throw new PermanentFailure('part-unknown', `the name of the entry in '${url}' is not percent-encoded`);
  }
}
