import * as z from 'zod';

/** Width and height in points (1/72 inch), upright. */
const PAGE_SIZES = {
  A4: [595.28, 841.89],
  A5: [419.53, 595.28],
  Letter: [612, 792],
  Legal: [612, 1008],
} as const;

type PageSize = keyof typeof PAGE_SIZES;

/** Parameters shared by all workers that make pages. */
export const pageParameters = {
  pageSize: z
    .enum(Object.keys(PAGE_SIZES) as [PageSize, ...PageSize[]])
    .default('A4')
    .describe('Size of the generated pages. Pages of PDFs keep their size.'),
  orientation: z.enum(['portrait', 'landscape']).default('portrait'),
  margin: z.number().min(0).max(144).default(56).describe('Margin on each side, in points (1/72 inch).'),
  fontSize: z.number().min(4).max(72).default(10).describe('Font size of text, in points.'),
};

export interface PageFormat {
  readonly pageSize: PageSize;
  readonly orientation: 'portrait' | 'landscape';
  /** Margin on each side, in points like all lengths in this interface. */
  readonly margin: number;
  readonly fontSize: number;
}

export interface PageArea {
  readonly width: number;
  readonly height: number;
}

export function pageArea({ pageSize, orientation }: PageFormat): PageArea {
  const [short, long] = PAGE_SIZES[pageSize];
  return orientation === 'portrait' ? { width: short, height: long } : { width: long, height: short };
}

/** Text and font size of the number of a page, from 1. Documents of one page, and narrow margins, have none. */
export function pageNumber(
  page: number,
  pages: number,
  { fontSize, margin }: PageFormat,
): { readonly text: string; readonly fontSize: number } | undefined {
  if (pages < 2 || margin < fontSize * 2) return undefined;
  return { text: `${page} / ${pages}`, fontSize: fontSize * 0.8 };
}

/** Returns the area inside the margins. */
export function printArea(format: PageFormat): PageArea {
  const { width, height } = pageArea(format);
  return { width: width - 2 * format.margin, height: height - 2 * format.margin };
}
