/** Unique entry names that cannot leave the target folder. All other characters are kept. */

const MAX_SEGMENT_BYTES = 120;
const MAX_FOLDERS = 8;

/** Windows reserves these names for devices, with any extension. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

export class EntryNames {
  /** Windows and macOS ignore case, and macOS the form of combined characters. */
  readonly #taken: Set<string>;

  constructor(reserved: readonly string[]) {
    this.#taken = new Set(reserved.map(foldedName));
  }

  /** Returns the entry name of an item's file: `<item id>/<filename>`, with a number if that name is taken. */
  take(itemId: string, filename: string): string {
    const folders = itemId.split(/[/\\]/).filter((segment) => segment !== '');
    const folder = folders.slice(-MAX_FOLDERS).map(safeSegment).join('/');
    const file = safeSegment(filename.split(/[/\\]/).at(-1) ?? '');
    for (let count = 1; ; count += 1) {
      const name = `${folder === '' ? '_' : folder}/${withNumber(file, count)}`;
      if (this.#taken.has(foldedName(name))) continue;
      this.#taken.add(foldedName(name));
      return name;
    }
  }
}

function foldedName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function safeSegment(segment: string): string {
  const cleanName = segment
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removes control characters
    .replaceAll(/[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]/g, '_')
    .replace(/^\.{1,2}$/, '_')
    // Otherwise it is a drive of Windows.
    .replace(/^([a-zA-Z]):/, '$1_');
  const allowedName = cleanName === '' || DEVICES.test(cleanName) ? `_${cleanName}` : cleanName;
  return shorten(allowedName);
}

/** Shortens in the middle, so that the extension stays. */
function shorten(segment: string): string {
  if (Buffer.byteLength(segment) <= MAX_SEGMENT_BYTES) return segment;
  const characters = [...segment];
  const ending = characters.slice(-20).join('');
  let begin = '';
  for (const character of characters) {
    if (Buffer.byteLength(`${begin}${character}~${ending}`) > MAX_SEGMENT_BYTES) break;
    begin += character;
  }
  return `${begin}~${ending}`;
}

function withNumber(file: string, count: number): string {
  if (count === 1) return file;
  const dot = file.lastIndexOf('.');
  return dot <= 0 ? `${file} (${count})` : `${file.slice(0, dot)} (${count})${file.slice(dot)}`;
}
