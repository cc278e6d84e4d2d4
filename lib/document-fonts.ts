import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { PackageFile } from '../functions/workers/documents/package-files.ts';

const MEBIBYTE = 1024 * 1024;
/** A function has at most 250 MB with its code. */
const MAX_TOTAL_MEBIBYTES = 100;

/** First bytes of a file. */
const FORMATS: Readonly<Record<string, 'font' | 'collection' | 'web font'>> = {
  '00010000': 'font',
  '74727565': 'font',
  '4f54544f': 'font',
  '74746366': 'collection',
  '774f4646': 'web font',
  '774f4632': 'web font',
};

/** Returns the font files of the app as files next to the code. Throws if one is missing or no TTF or OTF font. */
export function fontsOf(paths: readonly string[]): PackageFile[] {
  const fonts = paths.map((path, position): PackageFile & { readonly sizeBytes: number } => {
    const { head, sizeBytes } = headOf(path);
    const format = FORMATS[head];
    if (format !== 'font')
      throw new Error(
        `documentFonts has '${path}', which is ${format === undefined ? 'not a font' : `a ${format}`}; ${RULE}`,
      );
    // Fonts of several folders may have the same name.
    return { name: `font-${position}-${basename(path)}`, modulePath: resolve(path), sizeBytes };
  });
  const mebibytes = fonts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / MEBIBYTE;
  if (mebibytes > MAX_TOTAL_MEBIBYTES) {
    throw new Error(
      `the files of documentFonts have ${Math.ceil(mebibytes)} MiB; ${MAX_TOTAL_MEBIBYTES} MiB are allowed; use fewer fonts`,
    );
  }
  return fonts.map(({ name, modulePath }) => ({ name, modulePath }));
}

const RULE = 'use the path of a TTF or OTF file, relative to the folder of the app';

function headOf(path: string): { readonly head: string; readonly sizeBytes: number } {
  const { size: sizeBytes } = statSync(path, { throwIfNoEntry: false }) ?? {};
  if (sizeBytes === undefined) throw new Error(`documentFonts has '${path}', which does not exist; ${RULE}`);
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(4);
    readSync(file, head, 0, head.length, 0);
    return { head: head.toString('hex'), sizeBytes };
  } finally {
    closeSync(file);
  }
}
