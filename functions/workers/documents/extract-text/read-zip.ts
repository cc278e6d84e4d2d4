import { readOffice } from '../office/read-office.ts';
import { detectType, formatOf, isDecodedImage } from '../reading/detect-type.ts';
import { ZipArchive } from '../reading/zip-archive.ts';
import type { AnnotatedText } from '../text/annotated-text.ts';
import { BoundedText } from '../text/bounded-text.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import type { ReadingOptions } from './reading-options.ts';

/** Reads an entry as a separate document. */
export type ReadEntry = (bytes: Uint8Array, options: ReadingOptions) => Promise<{ readonly text: string }>;

/** Maximum nesting depth of zips. */
const MAX_DEPTH = 3;
/** Files that operating systems add to archives. */
const SYSTEM_FILES = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db)$/;
const MAX_LISTED_NAMES = 5;

/** Returns the text of an office document, or of each entry of any other zip under the entry's name. */
export async function readZip(
  bytes: Uint8Array,
  options: ReadingOptions,
  { readEntry, step }: { readonly readEntry: ReadEntry; readonly step: () => void },
): Promise<AnnotatedText> {
  const archive = await ZipArchive.open(bytes);
  return (await readOffice(archive, options, step)) ?? readEntries(archive, options, { readEntry, step });
}

async function readEntries(
  archive: ZipArchive,
  options: ReadingOptions,
  { readEntry, step }: { readonly readEntry: ReadEntry; readonly step: () => void },
): Promise<AnnotatedText> {
  const depth = (options.depth ?? 0) + 1;
  if (depth > MAX_DEPTH) throw unsupported(`a zip nested in ${MAX_DEPTH} others`);
  const names = [...archive.entries.keys()].filter((name) => !SYSTEM_FILES.test(name));
  const text = new BoundedText(options.maxCharacters);
  const unreadNames: string[] = [];
  for (const name of names) {
    const maxCharacters = Math.max(1, options.maxCharacters - text.length);
    try {
      await checkHead(archive, name);
      const entry = await readEntry(await archive.read(name), { ...options, name, depth, maxCharacters });
      text.write(`${text.isEmpty ? '' : '\n\n'}${name}\n\n${entry.text}`);
    } catch (error) {
      if (!(error instanceof UnreadableDocument) || error.code === 'document-too-large') throw error;
      unreadNames.push(`${name} (${error.code})`);
    }
    step();
  }
  if (unreadNames.length === names.length)
    throw unsupported(`a zip without a readable document: ${formatNames(unreadNames)}`);
  return {
    text: text.end(),
    ...(unreadNames.length > 0 && {
      note: `${unreadNames.length} of ${names.length} entries were left out: ${formatNames(unreadNames)}`,
    }),
  };
}

/** Throws for entries without text, such as images and videos, before inflating them. */
async function checkHead(archive: ZipArchive, name: string): Promise<void> {
  const head = await archive.head(name);
  const detected = detectType(head, name);
  if (detected.type === 'unsupported') throw unsupported(detected.format);
  if (isDecodedImage(detected.type)) throw unsupported(formatOf(head, name));
}

function formatNames(names: readonly string[]): string {
  const more = names.length - MAX_LISTED_NAMES;
  const listedNames = names.slice(0, MAX_LISTED_NAMES).join(', ') || 'it is empty';
  return more > 0 ? `${listedNames} and ${more} more` : listedNames;
}

function unsupported(what: string): UnreadableDocument {
  return new UnreadableDocument('document-unsupported', `the content is ${what}`);
}
