import { isRightToLeft, type Levels, levelsOf, mirror, visualOrder } from './bidi.ts';
import { piecesOf } from './text-pieces.ts';

/** Pieces drawn together on a line, `x` from its left end. Widths use the unit of `LineOptions.measure`. */
export interface TextRun {
  readonly x: number;
  readonly pieces: readonly string[];
}

export interface TextLine {
  readonly runs: readonly TextRun[];
}

export interface LineOptions {
  readonly width: number;
  readonly tabWidth: number;
  readonly measure: (piece: string) => number;
}

interface PlacedPiece {
  readonly piece: string;
  readonly width: number;
  readonly level: number;
}

/** A line may end after these characters. */
const BREAKS_AFTER = /^[\s\-–—]/;
/** Scripts without spaces between words. A line may end after any of their characters. */
const UNSPACED = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Bopo}\u3000-\u303f\uff00-\uff60]/v;
/** A line does not begin with these. */
const CLOSING =
  /^[、。，．：；？！）］｝〕〉》」』】’”ゝゞ々ー…‥・ぁぃぅぇぉっゃゅょァィゥェォッャュョ%\)\]\}!?.,:;]/v;
/** A line does not end with these. */
const OPENING = /^[（［｛〔〈《「『【‘“\(\[\{]/v;
const BLANK = /^\s/;

/** Breaks a paragraph (text without line ends) into lines, between words, or within a word that is longer than a line. */
export function* linesOf(paragraph: string, options: LineOptions): Generator<TextLine> {
  const pieces = piecesOf(paragraph);
  const levels: Levels = isRightToLeft(paragraph) ? levelsOf(pieces) : { base: 0, levels: [] };
  let start = 0;
  do {
    const { placedPieces, next } = fillLine(pieces, levels.levels, start, options);
    yield { runs: runsOf(placedPieces, levels.base, options.width) };
    start = next;
  } while (start < pieces.length);
}

/** Returns the pieces that fit on the line that begins at `start`, and the start of the next line. */
function fillLine(
  pieces: readonly string[],
  levels: readonly number[],
  start: number,
  { width, tabWidth, measure }: LineOptions,
): { placedPieces: readonly PlacedPiece[]; next: number } {
  const placedPieces: PlacedPiece[] = [];
  let x = 0;
  let breakAt = 0;
  for (let i = start; i < pieces.length; i += 1) {
    const level = levels[i] ?? 0;
    const piece = mirror(pieces[i] ?? '', level);
    const pieceWidth = piece === '\t' ? tabWidth - (x % tabWidth) : measure(piece);
    const isBlank = BLANK.test(piece);
    if (x + pieceWidth > width && placedPieces.length > 0 && !isBlank) {
      const end = breakAt > 0 ? breakAt : placedPieces.length;
      return { placedPieces: placedPieces.slice(0, end), next: start + end };
    }
    placedPieces.push({ piece, width: pieceWidth, level });
    x += pieceWidth;
    if (mayEndAfter(piece, pieces[i + 1] ?? '')) breakAt = placedPieces.length;
  }
  return { placedPieces, next: pieces.length };
}

function mayEndAfter(piece: string, next: string): boolean {
  if (BREAKS_AFTER.test(piece)) return true;
  const isBetween = UNSPACED.test(piece) || UNSPACED.test(next);
  return isBetween && !OPENING.test(piece) && !CLOSING.test(next);
}

/** Returns the runs of a line from left to right. A tab is a gap between runs. */
function runsOf(line: readonly PlacedPiece[], base: number, lineWidth: number): readonly TextRun[] {
  const pieces = withoutTrailingSpaces(line);
  const levels = pieces.map(({ level }) => level);
  const order =
    levels.some((level) => level > 0) || base > 0
      ? visualOrder(
          pieces.map(({ piece }) => piece),
          { base, levels },
        )
      : levels.keys();
  const total = pieces.reduce((sum, { width }) => sum + width, 0);
  const runs: TextRun[] = [];
  let x = base > 0 ? Math.max(0, lineWidth - total) : 0;
  let run: { x: number; pieces: string[] } = { x, pieces: [] };
  for (const i of order) {
    const { piece = '', width = 0 } = pieces[i] ?? {};
    if (piece !== '\t') run.pieces.push(piece);
    x += width;
    if (piece !== '\t') continue;
    if (run.pieces.length > 0) runs.push(run);
    run = { x, pieces: [] };
  }
  if (run.pieces.length > 0) runs.push(run);
  return runs;
}

function withoutTrailingSpaces(line: readonly PlacedPiece[]): readonly PlacedPiece[] {
  let end = line.length;
  while (end > 0 && BLANK.test(line[end - 1]?.piece ?? '')) end -= 1;
  return line.slice(0, end);
}
