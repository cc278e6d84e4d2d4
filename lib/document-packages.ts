import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FONT, MAGICK, PDFIUM } from '../functions/workers/documents/package-files.ts';
import { projectFile } from './own-code.ts';

const { resolve } = createRequire(import.meta.url);

/** Throws if a package with fonts or WebAssembly is missing that `documents` needs. */
export function checkDocumentPackages(isInstalled: (file: string) => boolean = canResolve): void {
  const files = [FONT, MAGICK, PDFIUM].map(({ modulePath: inPackage }) => inPackage);
  const missingPackages = files.filter((file) => !isInstalled(file)).map(packageOf);
  if (missingPackages.length === 0) return;
  const { peerDependencies } = JSON.parse(readFileSync(projectFile('package.json'), 'utf8'));
  const packages = files.map(packageOf).map((name) => `${name}@${peerDependencies[name]}`);
  throw new Error(
    `documents: true needs ${missingPackages.join(' and ')}, which jobtree does not install; run npm install ${packages.join(' ')}`,
  );
}

/** Returns `@scope/name` or `name` of a file in a package. */
function packageOf(file: string): string {
  return file.split('/', file.startsWith('@') ? 2 : 1).join('/');
}

function canResolve(file: string): boolean {
  try {
    resolve(file);
    return true;
  } catch {
    return false;
  }
}
