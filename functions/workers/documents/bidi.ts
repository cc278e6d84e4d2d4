/**
 * The order in which a line with right-to-left script is shown: the implicit part of the Unicode Bidirectional
 * Algorithm (UAX 9), without its formatting characters.
 */
type Kind = 'left' | 'right' | 'number' | 'separator' | 'neutral';

const RIGHT = /[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}\p{sc=Samr}\p{sc=Mand}\u0640]/v;
const LETTER = /\p{L}/v;
const NUMBER = /\p{Nd}/v;
const SEPARATOR = /^[.,:/]$/;
const BLANK = /^\s*$/;

const MIRRORED = new Map([...'()[]{}<>«»‹›'].map((one, i, all) => [one, all[i ^ 1] ?? one]));

export function isRightToLeft(text: string): boolean {
  return RIGHT.test(text);
}

/** Levels of the pieces of a paragraph, even ones from left to right; `base` is that of the paragraph itself. */
export interface Levels {
  readonly base: number;
  readonly levels: readonly number[];
}

export function levelsOf(pieces: readonly string[]): Levels {
  const kinds = pieces.map(kindOf);
  const base = kinds.find((kind) => kind === 'left' || kind === 'right') === 'right' ? 1 : 0;
  joinNumbers(kinds);
  const directions = directionsOf(kinds, base);
  return {
    base,
    levels: kinds.map((kind, i) => levelOf(kind, directions[i] ?? base, base)),
  };
}

/** Positions in the order from left to right; blanks at the end of a line go to the end of the paragraph's direction. */
export function visualOrder(pieces: readonly string[], { base, levels }: Levels): readonly number[] {
  const shown = [...levels];
  for (let i = pieces.length - 1; i >= 0 && BLANK.test(pieces[i] ?? ''); i -= 1) shown[i] = base;
  const order = shown.map((_, i) => i);
  for (let level = Math.max(0, ...shown); level > 0; level -= 1) {
    for (let start = 0; start < order.length; start += 1) {
      let end = start;
      while (end < order.length && (shown[order[end] ?? 0] ?? 0) >= level) end += 1;
      order.splice(start, end - start, ...order.slice(start, end).reverse());
      start = end;
    }
  }
  return order;
}

/** A bracket opens to the other side where the text runs to the left. */
export function mirrored(piece: string, level: number): string {
  return level % 2 === 1 ? (MIRRORED.get(piece) ?? piece) : piece;
}

function kindOf(piece: string): Kind {
  if (RIGHT.test(piece)) return 'right';
  if (NUMBER.test(piece)) return 'number';
  if (LETTER.test(piece)) return 'left';
  return SEPARATOR.test(piece) ? 'separator' : 'neutral';
}

/** One separator between digits belongs to their number. */
function joinNumbers(kinds: Kind[]): void {
  for (const [i, kind] of kinds.entries()) {
    if (kind !== 'separator') continue;
    kinds[i] = kinds[i - 1] === 'number' && kinds[i + 1] === 'number' ? 'number' : 'neutral';
  }
}

/** Left is 0, right is 1. Numbers follow the letters before them, neutrals those on both sides if they agree. */
function directionsOf(kinds: readonly Kind[], base: number): readonly number[] {
  const directions: number[] = [];
  let strong = base;
  for (const kind of kinds) {
    if (kind === 'left') strong = 0;
    if (kind === 'right') strong = 1;
    directions.push(strong);
  }
  let following = base;
  for (let i = kinds.length - 1; i >= 0; i -= 1) {
    const direction = directions[i] ?? base;
    const isNeutral = kinds[i] === 'neutral' || kinds[i] === 'separator';
    if (!isNeutral) following = direction;
    else if (direction !== following) directions[i] = base;
  }
  return directions;
}

function levelOf(kind: Kind, direction: number, base: number): number {
  if (kind === 'number') return base === 0 && direction === 0 ? 0 : 2;
  if (direction === base) return base;
  return base + 1;
}
