/** The blocks of a document, between reading its markup and laying it out. */
import type { Inline } from './paragraph.ts';
import type { Heading } from './text-styles.ts';

export type Alignment = 'left' | 'right' | 'center';

export interface ParagraphBlock {
  readonly kind: 'paragraph';
  readonly inlines: readonly Inline[];
  readonly heading?: Heading;
  /** True without space below, as in cells and list items. */
  readonly isCompact: boolean;
  readonly isQuote: boolean;
  readonly alignment?: Alignment;
}

export interface ListBlock {
  readonly kind: 'list';
  readonly items: readonly (readonly Block[])[];
  /** Number of the first item and form of the numbers; absent for points. */
  readonly numbering?: { readonly start: number; readonly type: string };
  readonly isRightToLeft: boolean;
}

export interface Cell {
  readonly blocks: readonly Block[];
  readonly colSpan: number;
  readonly rowSpan: number;
  readonly isHeader: boolean;
  readonly alignment?: Alignment;
}

export interface TableBlock {
  readonly kind: 'table';
  readonly rows: readonly (readonly Cell[])[];
  /** Number of leading rows with header cells only. */
  readonly headerRows: number;
  readonly isRightToLeft: boolean;
}

export type Block =
  | ParagraphBlock
  | { readonly kind: 'code'; readonly inlines: readonly Inline[] }
  | { readonly kind: 'image'; readonly url: string; readonly alt: string; readonly pixels?: number }
  | { readonly kind: 'rule' }
  | { readonly kind: 'indented'; readonly blocks: readonly Block[] }
  | { readonly kind: 'group'; readonly blocks: readonly Block[] }
  | ListBlock
  | TableBlock;
