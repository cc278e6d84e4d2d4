/** Names of downloaded files: inside the folder, and distinct. They keep every character that the file system allows. */
import { extname } from 'node:path';

/** Common limit of file systems, less the ending of an unfinished download. */
const MAX_NAME_BYTES = 250;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it replaces
const UNSAFE = /[\u0000-\u001f\u007f\\]/g;
const UNSAFE_ON_WINDOWS = /[<>:"|?*]|[ .]+$/g;
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

export class FileNames {
  /** Files and folders without case and in one Unicode form, because some file systems ignore both. */
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #isWindows: boolean;

  constructor(platform: string = process.platform) {
    this.#isWindows = platform === 'win32';
  }

  /** Returns a relative path for a file. Folders in its name are kept, but never lead outside. */
  of({ filename }: { readonly filename: string }): string {
    const segments = filename.split('/').map((segment) => this.#safeSegment(segment));
    const [file = '', ...folders] = segments.filter(Boolean).reverse();
    const parents: string[] = [];
    for (const folder of folders.reverse()) parents.push(this.#folder(parents, folder));
    const extension = extname(file);
    const path = this.#distinct(parents, file === '' ? 'file' : file, extension, [
      this.#files,
      this.#folders,
    ]);
    this.#files.add(folded(path));
    return path;
  }

  /** Returns the name of the folder, numbered if a file has that name. */
  #folder(parents: readonly string[], name: string): string {
    const path = this.#distinct(parents, name, '', [this.#files]);
    this.#folders.add(folded(path));
    return path.slice(path.lastIndexOf('/') + 1);
  }

  #distinct(
    parents: readonly string[],
    name: string,
    extension: string,
    taken: readonly ReadonlySet<string>[],
  ): string {
    const stem = name.slice(0, name.length - extension.length);
    for (let number = 1; ; number += 1) {
      const numbered = number === 1 ? name : `${stem}-${number}${extension}`;
      const path = [...parents, numbered].join('/');
      if (!taken.some((paths) => paths.has(folded(path)))) return path;
    }
  }

  #safeSegment(segment: string): string {
    if (/^\.{0,2}$/.test(segment)) return '';
    const kept = segment.toWellFormed().replaceAll(UNSAFE, '_');
    if (!this.#isWindows) return shortened(kept);
    const allowed = kept.replaceAll(UNSAFE_ON_WINDOWS, '_');
    return shortened(DEVICES.test(allowed) ? `_${allowed}` : allowed);
  }
}

function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Keeps the end, which has the extension. */
function shortened(segment: string): string {
  const characters = [...segment];
  while (Buffer.byteLength(characters.join('')) > MAX_NAME_BYTES) characters.shift();
  return characters.join('');
}
