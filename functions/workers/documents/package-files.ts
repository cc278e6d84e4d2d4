import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A file of a dependency that is no code, which functions carry beside their bundle. */
export interface PackageFile {
  readonly name: string;
  /** As `require.resolve` takes it. */
  readonly inPackage: string;
}

/** Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian, Lao and many symbols; no Chinese, Japanese, Korean. */
export const FONT: PackageFile = {
  name: 'DejaVuSans.ttf',
  inPackage: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
};
export const PDFIUM: PackageFile = { name: 'pdfium.wasm', inPackage: '@hyzyla/pdfium/pdfium.wasm' };
export const MAGICK: PackageFile = {
  name: 'magick.wasm',
  inPackage: '@imagemagick/magick-wasm/magick.wasm',
};

/** From beside the bundle in a function, from the package itself otherwise. */
export function readPackageFile({ name, inPackage }: PackageFile): Promise<Buffer<ArrayBuffer>> {
  const beside = fileURLToPath(new URL(name, import.meta.url));
  return readFile(existsSync(beside) ? beside : createRequire(import.meta.url).resolve(inPackage));
}
