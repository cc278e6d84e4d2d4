import type { Content } from 'pdfmake/interfaces.js';
import { isHeading } from './text-styles.ts';

/** A longer paragraph may begin on the page of its heading and end on the next. */
const MAX_KEPT_CHARACTERS = 400;

/** Keeps each heading on the page of the block that follows it. */
export function keepHeadings(blocks: readonly Content[]): Content[] {
  const kept: Content[] = [];
  for (const block of blocks) {
    const last = kept.at(-1);
    if (last === undefined || !isHeadingBlock(last) || textLength(block) > MAX_KEPT_CHARACTERS)
      kept.push(block);
    else kept[kept.length - 1] = { stack: [last, block], unbreakable: true };
  }
  return kept;
}

function isHeadingBlock(block: Content): boolean {
  const { style } = block as { style?: string | string[] };
  return [style ?? []].flat().some(isHeading);
}

/** Number of characters of a paragraph. Other blocks, such as tables, may be longer than a page. */
function textLength(block: Content): number {
  const { text } = block as { text?: readonly { text: string }[] };
  if (text === undefined) return Number.POSITIVE_INFINITY;
  return text.reduce((sum, inline) => sum + inline.text.length, 0);
}
