/** Unique entry names that every operating system can unpack below the target folder. */

const MAX_SEGMENT_BYTES = 120;
const MAX_FOLDERS = 8;

/** Windows reserves these names for devices, with any extension. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

export class EntryNames {
  /** Lowercase names, because Windows and macOS ignore case. */
  readonly #taken: Set<string>;

  constructor(reserved: readonly string[]) {
    this.#taken = new Set(reserved.map((name) => name.toLowerCase()));
  }

  /** Returns the entry name of an item's file: `<item id>/<filename>`, with a number if that name is taken. */
  take(itemId: string, filename: string): string {
    const folders = itemId.split(/[/\\]/).filter((segment) => segment !== '');
    const folder = folders.slice(-MAX_FOLDERS).map(safeSegment).join('/');
    const file = safeSegment(filename.split(/[/\\]/).at(-1) ?? '');
    for (let count = 1; ; count += 1) {
      const name = `${folder === '' ? '_' : folder}/${withNumber(file, count)}`;
      if (this.#taken.has(name.toLowerCase())) continue;
      this.#taken.add(name.toLowerCase());
      return name;
    }
  }
}

function safeSegment(segment: string): string {
  const cleanName = segment
    .toWellFormed()
    .normalize('NFC')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removes control characters
    .replaceAll(/[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]/g, '_')
    .replaceAll(/^ +|[ .]+$/g, '_');
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
