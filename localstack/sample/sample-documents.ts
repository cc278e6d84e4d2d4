import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { PROJECT_ROOT } from '../local-aws.ts';

/** A real document from an npm package, or the intentionally broken one. */
export interface SampleDocument {
  /** Path relative to the searched folder, with `/` as separator. */
  readonly path: string;
  readonly contentType: string;
  read(): Buffer;
}

export interface CollectOptions {
  /** @default node_modules of the project */
  readonly folder?: string;
  /** @default 1500 */
  readonly limit?: number;
}

/** The document that has to fail: a PDF of which only the beginning was transferred. */
export const BROKEN_DOCUMENT: SampleDocument = {
  path: 'broken/cut-off-in-transfer.pdf',
  contentType: 'application/pdf',
  read: () => Buffer.concat([Buffer.from('%PDF-1.7\n%âãÏÓ\n'), Buffer.alloc(2048, '\u0007cut off ')]),
};

const DEFAULT_LIMIT = 1500;
const MAX_SIZE_BYTES = 10 * 1024 * 1024;
// Rare kinds come first, so that the limit only cuts off Markdown files.
const KINDS = [
  { pattern: /\.pdf$/i, contentType: 'application/pdf' },
  { pattern: /\.html?$/i, contentType: 'text/html' },
  { pattern: /\.txt$/i, contentType: 'text/plain' },
  {
    pattern: /^(licen[sc]e|notice|readme|changelog|copying|authors)([-_][\w-]*)?$/i,
    contentType: 'text/plain',
  },
  { pattern: /\.(md|markdown)$/i, contentType: 'text/markdown' },
] as const;

/** Returns every document in a folder and its subfolders, in a fixed order. Links are not followed. */
export function collectDocuments(options: CollectOptions = {}): SampleDocument[] {
  const { folder = join(PROJECT_ROOT, 'node_modules'), limit = DEFAULT_LIMIT } = options;
  return filesBelow(folder)
    .map((file) => ({ file, kind: KINDS.findIndex(({ pattern }) => pattern.test(file.name)) }))
    .filter(({ kind }) => kind >= 0)
    .map(({ file, kind }) => ({
      kind,
      ...describe(file, folder),
      contentType: KINDS[kind]?.contentType ?? '',
    }))
    .filter(({ sizeBytes }) => sizeBytes > 0 && sizeBytes <= MAX_SIZE_BYTES)
    .sort((a, b) => a.kind - b.kind || (a.path < b.path ? -1 : 1))
    .slice(0, limit)
    .map(({ path, contentType, file }) => ({ path, contentType, read: () => readFileSync(file) }));
}

function filesBelow(folder: string): Dirent[] {
  // Names that start with a dot are folders of tools, not packages (.bin, .cache).
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) return filesBelow(join(folder, entry.name));
    return entry.isFile() ? [entry] : [];
  });
}

function describe(entry: Dirent, folder: string) {
  const file = join(entry.parentPath, entry.name);
  return { file, path: relative(folder, file).split(sep).join('/'), sizeBytes: statSync(file).size };
}
