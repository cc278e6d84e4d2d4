/** Appearance of headings, code, quotes and links. Sizes are relative to the size of the text. */
import type { Style } from 'pdfmake/interfaces.js';

export const LINK_COLOR = '#0b57d0';
const QUOTE_COLOR = '#555555';
export const MARK_COLOR = '#fff3bf';
export const CODE_FILL = '#f3f4f6';
export const RULE_COLOR = '#9aa0a6';
export const HEADER_FILL = '#eceff1';

const HEADING_SIZES = { h1: 2, h2: 1.5, h3: 1.25, h4: 1.1, h5: 1, h6: 1 } as const;
export type Heading = keyof typeof HEADING_SIZES;

export function isHeading(name: string): name is Heading {
  return Object.hasOwn(HEADING_SIZES, name);
}

/** Returns how many times larger than other text a heading is. */
export function headingScale(heading: Heading): number {
  return HEADING_SIZES[heading];
}

/** Returns the named styles of a document with this font size. */
export function textStyles(fontSize: number): Record<string, Style> {
  const headings = Object.entries(HEADING_SIZES).map(([name, size]): [string, Style] => [
    name,
    {
      bold: true,
      fontSize: size * fontSize,
      // At least as much space above a heading as below it, so that it belongs to its text.
      margin: [0, fontSize * (size > 1.2 ? 1 : 0.6), 0, fontSize * 0.4],
    },
  ]);
  return {
    ...Object.fromEntries(headings),
    paragraph: { margin: [0, 0, 0, fontSize * 0.6] },
    quote: { color: QUOTE_COLOR },
    code: { font: 'Mono', fontSize: fontSize * 0.9 },
    caption: { italics: true, margin: [0, 0, 0, fontSize * 0.3] },
  };
}
