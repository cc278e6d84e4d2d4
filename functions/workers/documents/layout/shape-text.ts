/** Prepares text for a layout that knows one font and one direction: fonts of characters, and right-to-left lines. */
import type { Content } from 'pdfmake/interfaces.js';
import { isRightToLeft, levelsOf, visualOrder } from '../text/bidi.ts';
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

/**
 * Breaks the paragraph into lines, and orders the words of each line from left to right. Letters within a word are shaped
 * by the font.
 */
function rightToLeftLines(
  inlines: readonly Inline[],
  width: number,
  { fonts, fontSize }: ShapeOptions,
): Content[] {
  const words = inlines.flatMap((inline) =>
    (inline.text.match(/\S+\s*|\s+/g) ?? []).map((text): Inline => ({ ...inline, text })),
  );
  const { base, levels } = levelsOf(words.map(({ text }) => text));
  const lines: Content[] = [];
  for (let start = 0; start < words.length; ) {
    let end = start;
    for (let used = 0; end < words.length; end += 1) {
      used += fonts.widthOf(words[end] as Inline, fontSize);
      if (used > width && end > start) break;
    }
    const line = words.slice(start, end);
    const order = visualOrder(
      line.map(({ text }) => text),
      { base, levels: levels.slice(start, end) },
    );
    // A blank that follows a word in reading order may be on its left.
    const ordered = order.map((position, at): Inline => {
      const word = line[position] as Inline;
      return { ...word, text: `${at === 0 ? '' : ' '}${word.text.trim()}` };
    });
    lines.push({ text: ordered as never, alignment: base === 1 ? 'right' : 'left', noWrap: true });
    start = end;
  }
  return lines;
}
