import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Asset of a dependency, such as a font, that ships next to the function's bundle. */
export interface PackageFile {
  readonly name: string;
  /** Module path for `require.resolve`. */
  readonly modulePath: string;
}

/**
 * Covers Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian, Lao and many symbols. Does not cover Chinese,
 * Japanese or Korean.
 */
export const FONT: PackageFile = {
  name: 'DejaVuSans.ttf',
  modulePath: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
};
export const FONT_BOLD = dejaVu('DejaVuSans-Bold.ttf');
export const FONT_ITALIC = dejaVu('DejaVuSans-Oblique.ttf');
export const FONT_BOLD_ITALIC = dejaVu('DejaVuSans-BoldOblique.ttf');
export const FONT_MONO = dejaVu('DejaVuSansMono.ttf');

/** Fonts of text with formatting. */
export const LAYOUT_FONTS: readonly PackageFile[] = [
  FONT,
  FONT_BOLD,
  FONT_ITALIC,
  FONT_BOLD_ITALIC,
  FONT_MONO,
];

export const PDFIUM: PackageFile = { name: 'pdfium.wasm', modulePath: '@hyzyla/pdfium/pdfium.wasm' };
export const MAGICK: PackageFile = {
  name: 'magick.wasm',
  modulePath: '@imagemagick/magick-wasm/magick.wasm',
};

function dejaVu(name: string): PackageFile {
  return { name, modulePath: `dejavu-fonts-ttf/ttf/${name}` };
}

/** Reads the file next to the bundle in a deployed function, and from the package elsewhere. */
export function readPackageFile({ name, modulePath: inPackage }: PackageFile): Promise<Buffer<ArrayBuffer>> {
  const bundledFile = fileURLToPath(new URL(name, import.meta.url));
  return readFile(existsSync(bundledFile) ? bundledFile : createRequire(import.meta.url).resolve(inPackage));
}
