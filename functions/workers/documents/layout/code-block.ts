import type { Content } from 'pdfmake/interfaces.js';
import { MONO_WIDTH } from './layout-fonts.ts';
import type { Inline } from './paragraph.ts';
import { CODE_FILL } from './text-styles.ts';

const CODE_PADDING = 10;
const CODE_SCALE = 0.9;
/** Longer lines wrap, because smaller letters are hard to read. */
const MIN_CODE_SCALE = 0.7;

/** Lays out code. Lines that are a little too long get smaller letters, because a break would destroy drawings. */
export function codeBlock(
  blocks: Content[],
  inlines: readonly Inline[],
  { width, fontSize }: { readonly width: number; readonly fontSize: number },
): Content {
  const lines = inlines
    .map(({ text }) => text)
    .join('')
    .split('\n');
  const longest = Math.max(1, ...lines.map((line) => line.length));
  const fitting = (width - CODE_PADDING) / (longest * MONO_WIDTH);
  const size = Math.max(MIN_CODE_SCALE * fontSize, Math.min(CODE_SCALE * fontSize, fitting));
  return {
    table: {
      widths: ['*'],
      body: [[{ stack: blocks, style: 'code', fontSize: size, preserveLeadingSpaces: true }]],
    },
    layout: { hLineWidth: () => 0, vLineWidth: () => 0, fillColor: () => CODE_FILL },
    margin: [0, 2, 0, 8],
  };
}
