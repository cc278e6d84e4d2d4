/** Prepares text for a layout that knows one font and one direction: fonts of characters, and right-to-left lines. */
import type { Content } from 'pdfmake/interfaces.js';
import { isRightToLeft, levelsOf, mirror, RIGHT_TO_LEFT_LETTER, visualOrder } from '../text/bidi.ts';
import type { LayoutFonts } from './layout-fonts.ts';
import type { Inline } from './paragraph.ts';

export interface ShapeOptions {
  readonly fonts: LayoutFonts;
  readonly fontSize: number;
}

/** Returns the blocks of a paragraph: one, or one for each line if it has right-to-left text. */
export function shapeText(
  inlines: readonly Inline[],
  { width }: { readonly width: number },
  { fonts, fontSize }: ShapeOptions,
): Content[] {
  const drawable = inlines.flatMap((inline) => fonts.drawable(inline));
  if (!drawable.some(({ text }) => isRightToLeft(text))) return [{ text: drawable as never }];
  return paragraphsOf(drawable).flatMap((paragraph) =>
    rightToLeftLines(paragraph, width, { fonts, fontSize }),
  );
}

/** Cuts at line breaks. */
function paragraphsOf(inlines: readonly Inline[]): Inline[][] {
  const paragraphs: Inline[][] = [[]];
  for (const inline of inlines) {
    const [first = '', ...more] = inline.text.split('\n');
    paragraphs.at(-1)?.push({ ...inline, text: first });
    for (const text of more) paragraphs.push([{ ...inline, text }]);
  }
  return paragraphs;
}

/** Text of one direction, which its font shapes as a whole: blanks, letters of one direction, or one other sign. */
const RUNS = new RegExp(`\\s+|(?:${RIGHT_TO_LEFT_LETTER}\\p{M}*)+|[\\p{L}\\p{M}\\p{N}]+|.`, 'gsv');

/** Breaks the paragraph into lines, and orders the runs of each line from left to right. */
function rightToLeftLines(
  inlines: readonly Inline[],
  width: number,
  { fonts, fontSize }: ShapeOptions,
): Content[] {
  const runs = inlines.flatMap((inline) =>
    (inline.text.match(RUNS) ?? []).map((text): Inline => ({ ...inline, text })),
  );
  const { base, levels } = levelsOf(runs.map(({ text }) => text));
  const alignment = base === 1 ? 'right' : 'left';
  return linesOf(runs, width, (run) => fonts.widthOf(run, fontSize)).map(
    ({ start, end }, at, all): Content => {
      const line = runs.slice(start, end);
      const order = visualOrder(
        line.map(({ text }) => text),
        { base, levels: levels.slice(start, end) },
      );
      const ordered = order.map((position): Inline => {
        const run = line[position] as Inline;
        return { ...run, text: mirror(run.text, levels[start + position] ?? base) };
      });
      return { text: ordered as never, alignment, noWrap: true, ...(at < all.length - 1 && NO_SPACE_BELOW) };
    },
  );
}

/** All lines but the last belong to the same paragraph. */
const NO_SPACE_BELOW = { margin: [0, 0, 0, 0] as [number, number, number, number] };

/** Breaks runs into lines at blanks, which belong to no line. A longer word has its own line. */
function linesOf(
  runs: readonly Inline[],
  width: number,
  widthOf: (run: Inline) => number,
): { readonly start: number; readonly end: number }[] {
  const lines: { start: number; end: number }[] = [];
  let start = 0;
  let used = 0;
  let lastBlank: { readonly at: number; readonly used: number } | undefined;
  for (const [at, run] of runs.entries()) {
    used += widthOf(run);
    if (run.text.trim() === '') {
      lastBlank = { at, used };
    } else if (used > width && lastBlank !== undefined) {
      lines.push({ start, end: lastBlank.at });
      start = lastBlank.at + 1;
      used -= lastBlank.used;
      lastBlank = undefined;
    }
  }
  lines.push({ start, end: runs.length });
  return lines;
}
