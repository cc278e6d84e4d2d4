/** Names of downloaded files: inside the folder, and distinct. */
import { extname } from 'node:path';

const MAX_NAME_LENGTH = 200;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it replaces
const UNSAFE = /[\u0000-\u001f\u007f<>:"\\|?*]/g;

export class FileNames {
  readonly #taken = new Set<string>();

  /** Returns a relative path for a file. Folders in its name are kept, but never lead outside. */
  of({ filename }: { readonly filename: string }): string {
    const segments = filename.split('/').map(safeSegment).filter(Boolean);
    const wanted = segments.join('/') || 'file';
    let name = wanted;
    const extension = extname(wanted);
    const stem = wanted.slice(0, wanted.length - extension.length);
    for (let number = 2; this.#taken.has(name.toLowerCase()); number += 1)
      name = `${stem}-${number}${extension}`;
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

function safeSegment(segment: string): string {
  return /^\.*$/.test(segment) ? '' : segment.replaceAll(UNSAFE, '_').slice(-MAX_NAME_LENGTH);
}
