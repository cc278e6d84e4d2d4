import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IS_PACKAGE, projectFile } from '../own-code.ts';
import { bundleConsole, type ConsoleBundle } from './console-bundle.ts';
import { docsFiles } from './docs-pages.ts';
import { filesIn } from './files-in.ts';

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
  const names = filesIn(BUILT_PAGES);
  return new Map(names.map((name) => [name, readFileSync(join(BUILT_PAGES, name))]));
}

function below(folder: string, files: ReadonlyMap<string, Uint8Array>): [string, Uint8Array][] {
  return [...files].map(([path, content]) => [`${folder}/${path}`, content]);
}
