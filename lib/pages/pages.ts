import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { IS_PACKAGE, projectFile } from '../own-code.ts';
import { bundleConsole, type ConsoleBundle } from './console-bundle.ts';
import { docsFiles } from './docs-pages.ts';

/** Folder of the built pages in the package. */
export const BUILT_PAGES = projectFile('dist/pages');

let built: ReadonlyMap<string, Uint8Array> | undefined;

/**
 * Returns the files of the console and the docs by their paths. In the repository they are built once per
 * process; the package contains them.
 */
export function pageFiles(): ReadonlyMap<string, Uint8Array> {
  built ??= IS_PACKAGE ? readPages() : buildPages().files;
  return built;
}

export function buildPages(): ConsoleBundle {
  const { files, sources } = bundleConsole();
  return { files: new Map([...below('console', files), ...below('docs', docsFiles())]), sources };
}

function readPages(): Map<string, Uint8Array> {
  // Users synthesize with Node 20, which has no globSync.
  const entries = readdirSync(BUILT_PAGES, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(files.map((file) => [relative(BUILT_PAGES, file), readFileSync(file)]));
}

function below(folder: string, files: ReadonlyMap<string, Uint8Array>): [string, Uint8Array][] {
  return [...files].map(([path, content]) => [`${folder}/${path}`, content]);
}
