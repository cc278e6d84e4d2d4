/** Finds and replaces the relative URLs in a request body. Each names a file. */
import { refusal } from '#contract/problem.ts';
import type { JobServiceError } from '#core/errors.ts';
import { isRequestName, PROCESSED_FOLDERS } from './source.ts';

type Json = Readonly<Record<string, unknown>>;
type Change = (path: string) => string;

/** Splitters with definitions, or items for document workers, that name a document by `source`. */
const SPLITTERS_OF_SOURCES = ['items', 'lines', 'zip'];
const SOURCE_MEMBERS = ['source', 'sources'];

/**
 * Returns the body with each relative URL replaced by the result of `change`, which gets the path of the file. Relative
 * URLs can appear in `url` of the parts of `items`. They can also appear in `source` and `sources` of a batch with the
 * splitter `items`, `lines` or `zip`.
 */
export function withUrls(body: Json, change: Change): Record<string, unknown> {
  const { items, batch } = body;
  const { splitter, definition } = Object(batch) as Json;
  return {
    ...body,
    ...(Array.isArray(items) && { items: items.map((item) => itemWithUrls(item, change)) }),
    ...(SPLITTERS_OF_SOURCES.includes(String(splitter)) && {
      batch: { ...(batch as Json), definition: withSources(definition, change) },
    }),
  };
}

/** Returns the paths of all files that a body names, without duplicates. */
export function namedFiles(body: Json): string[] {
  const paths = new Set<string>();
  withUrls(body, (path) => {
    paths.add(path);
    return path;
  });
  return [...paths];
}

function itemWithUrls(item: unknown, change: Change): unknown {
  const { parts } = Object(item) as Json;
  if (!Array.isArray(parts)) return item;
  return { ...(item as Json), parts: parts.map((part) => partWithUrl(part, change)) };
}

/** Sets the file name too, because an upload URL does not contain it. */
function partWithUrl(part: unknown, change: Change): unknown {
  const { url } = Object(part) as Json;
  const path = pathOf(url);
  if (path === undefined) return part;
  return { filename: path.slice(path.lastIndexOf('/') + 1), ...(part as Json), url: change(path) };
}

function withSources(value: unknown, change: Change, isSource = false): unknown {
  if (Array.isArray(value)) return value.map((entry) => withSources(entry, change, isSource));
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => [
      name,
      withSources(member, change, SOURCE_MEMBERS.includes(name)),
    ]);
    return Object.fromEntries(members);
  }
  const path = isSource ? pathOf(value) : undefined;
  return path === undefined ? value : change(path);
}

/** Returns the path of a relative URL, or `undefined` for any other value. */
function pathOf(url: unknown): string | undefined {
  if (typeof url !== 'string' || url === '') return undefined;
  if (/^file:/i.test(url)) throw wrongUrl(url, 'name files by a relative URL');
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return undefined;
  if (/[?#]/.test(url))
    throw wrongUrl(url, 'a file cannot have a query or a fragment; write %3F for ? and %23 for #');
  if (url.startsWith('/')) throw wrongUrl(url, 'it is absolute; name the file relative to the request');
  const names = url.split('/').filter((name, position) => name !== '.' || position > 0);
  const path = names.map((name) => decodedName(name, url)).join('/');
  if (names.length === 1 && isRequestName(path)) {
    throw wrongUrl(
      url,
      '.xml and .json files next to the requests are requests; move the document to a subfolder',
    );
  }
  if (names.length > 1 && PROCESSED_FOLDERS.some((folder) => path.startsWith(`${folder}/`))) {
    throw wrongUrl(
      url,
      `${PROCESSED_FOLDERS.join('/ and ')}/ contain processed requests; move the document to another folder`,
    );
  }
  return path;
}

function decodedName(encoded: string, url: string): string {
  let name: string;
  try {
    name = decodeURIComponent(encoded);
  } catch {
    throw wrongUrl(url, 'its percent-encoding is not valid; write %25 for %');
  }
  if (name === '..') throw wrongUrl(url, 'it leads outside the folder of the requests; .. is not allowed');
  if (name === '' || name === '.') throw wrongUrl(url, 'one of its names is empty');
  if (/[/\\\p{Cc}]/u.test(name)) {
    throw wrongUrl(url, 'one of its names contains /, \\ or a control character; separate folders with /');
  }
  return name;
}

function wrongUrl(url: string, why: string): JobServiceError {
  const shortUrl = url.length > 200 ? `${url.slice(0, 200)}…`.toWellFormed() : url;
  return refusal('invalid-request', `the URL '${shortUrl}' is not accepted: ${why}`);
}
