/** Visual order of lines with right-to-left script, by the Unicode Bidirectional Algorithm (UAX 9). */
import bidiFactory from 'bidi-js';

// The types describe the ES module of the package, but Node imports the function itself.
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)();

/** Source of a pattern (flag v) for a letter that runs from right to left. */
export const RIGHT_TO_LEFT_LETTER =
  '[\\p{sc=Hebr}\\p{sc=Arab}\\p{sc=Syrc}\\p{sc=Thaa}\\p{sc=Nkoo}\\p{sc=Samr}\\p{sc=Mand}\\u0640]';
const RIGHT_TO_LEFT = new RegExp(RIGHT_TO_LEFT_LETTER, 'v');

const LETTER = /\p{L}/v;
const BLANK = /^\s/;

export function isRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** Embedding levels of the pieces of a paragraph. Even levels run left to right. `base` is the paragraph's level. */
export interface Levels {
  readonly base: number;
  readonly levels: readonly number[];
}

/** The library takes quadratic time: an unsliced paragraph of 200,000 digits and commas took 92 seconds. */
const MAX_SLICE_UNITS = 2_000;

export function levelsOf(pieces: readonly string[]): Levels {
  const first = pieces.find((piece) => LETTER.test(piece)) ?? '';
  const base = RIGHT_TO_LEFT.test(first) ? 1 : 0;
  const levels = [...slicesOf(pieces)].flatMap((slice) => {
    const text = slice.join('');
    const embeddingLevels = bidi.getEmbeddingLevels(text, base === 1 ? 'rtl' : 'ltr');
    return startsOf(slice).map((start) => embeddingLevels.levels[start] ?? base);
  });
  return { base, levels };
}

/** Slices end after a space if possible, so that words and numbers stay whole. */
function* slicesOf(pieces: readonly string[]): Generator<readonly string[]> {
  let slice: string[] = [];
  let units = 0;
  for (const piece of pieces) {
    slice.push(piece);
    units += piece.length;
    const isEnd = units >= MAX_SLICE_UNITS || (units >= MAX_SLICE_UNITS / 2 && BLANK.test(piece));
    if (!isEnd) continue;
    yield slice;
    slice = [];
    units = 0;
  }
  if (slice.length > 0) yield slice;
}

/**
 * Returns the positions of the pieces from left to right. Trailing spaces of a line move to the end of the paragraph's
 * direction.
 */
export function visualOrder(pieces: readonly string[], { base, levels }: Levels): readonly number[] {
  const text = pieces.join('');
  if (text === '') return pieces.map((_, position) => position);
  // A piece is drawn as one glyph run: all its UTF-16 units share its level, and the first unit gives its position.
  const positions = pieces.flatMap((piece, position) => Array.from(piece.split(''), () => position));
  const embedding = {
    levels: Uint8Array.from(positions, (position) => levels[position] ?? base),
    paragraphs: [{ start: 0, end: text.length - 1, level: base }],
  };
  return [...new Set(bidi.getReorderedIndices(text, embedding).map((index) => positions[index] ?? 0))];
}

/** Returns the mirrored character, such as the opposite bracket, in right-to-left text. */
export function mirror(piece: string, level: number): string {
  return level % 2 === 1 ? (bidi.getMirroredCharacter(piece) ?? piece) : piece;
}

/** Returns the offset of each piece in the joined text. */
function startsOf(pieces: readonly string[]): number[] {
  let next = 0;
  return pieces.map((piece) => {
    const start = next;
    next += piece.length;
    return start;
  });
}
