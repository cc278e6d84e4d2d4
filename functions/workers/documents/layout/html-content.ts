/** Converts HTML to the content of pdfmake. */
import type { Content } from 'pdfmake/interfaces.js';
import { BlockLayout, type LayoutTools } from './block-content.ts';
import { htmlBlocks } from './html-blocks.ts';
import { keepHeadings } from './keep-headings.ts';

export interface HtmlContent {
  readonly content: Content[];
  readonly imagesLeftOut: number;
}

export interface ContentOptions extends LayoutTools {
  /** Width of the page without its margins, in points. */
  readonly width: number;
}

export function htmlContent(source: string, { width, ...tools }: ContentOptions): HtmlContent {
  const layout = new BlockLayout(tools);
  const { blocks, imagesLeftOut } = htmlBlocks(source);
  const content = keepHeadings(layout.lay(blocks, width));
  return { content, imagesLeftOut: imagesLeftOut + layout.imagesLeftOut };
}
