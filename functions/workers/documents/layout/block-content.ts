/** Lays out blocks as content of pdfmake. */
import type { Content } from 'pdfmake/interfaces.js';
import type { Block, ListBlock, ParagraphBlock } from './blocks.ts';
import { codeBlock } from './code-block.ts';
import { imageBlock } from './image-block.ts';
import { BOLD_WIDTH } from './layout-fonts.ts';
import type { Inline } from './paragraph.ts';
import { tableContent } from './table-content.ts';
import { headingScale, RULE_COLOR } from './text-styles.ts';

/** Space left of quotes and of the meanings of terms, in points. */
const INDENT = 14;
/** Space for the point or number of an item, in units of the font size. */
const MARKER_WIDTH = 1.8;
const MIN_WIDTH = 20;

const NUMBERINGS: Readonly<Record<string, 'lower-alpha' | 'upper-alpha' | 'lower-roman' | 'upper-roman'>> = {
  a: 'lower-alpha',
  A: 'upper-alpha',
  i: 'lower-roman',
  I: 'upper-roman',
};

export interface LayoutTools {
  readonly fontSize: number;
  /** Called after each unit of work. */
  readonly step: () => void;
  /** Prepares the text of a paragraph: fonts of its characters, and right-to-left lines. */
  readonly shape: (inlines: readonly Inline[], options: { readonly width: number }) => Content[];
  /** Returns the width of a text in points, at the font size. */
  readonly widthOf: (inline: Inline) => number;
}

export class BlockLayout {
  readonly #tools: LayoutTools;
  imagesLeftOut = 0;

  constructor(tools: LayoutTools) {
    this.#tools = tools;
  }

  /** `width` is the space that the blocks have, in points. */
  lay(blocks: readonly Block[], width: number): Content[] {
    const usable = Math.max(MIN_WIDTH, width);
    return blocks.flatMap((block) => this.#block(block, usable));
  }

  #block(block: Block, width: number): Content[] {
    const { fontSize } = this.#tools;
    switch (block.kind) {
      case 'paragraph':
        return this.#paragraph(block, width);
      case 'code':
        return [codeBlock(this.#tools.shape(block.inlines, { width }), block.inlines, { width, fontSize })];
      case 'image':
        return this.#image(block, width);
      case 'rule':
        return [rule(width)];
      case 'indented':
        return [{ stack: this.lay(block.blocks, width - INDENT), margin: [INDENT, 2, 0, 4] }];
      case 'group':
        return this.lay(block.blocks, width);
      case 'list':
        return [this.#list(block, width)];
      case 'table':
        return [
          tableContent(block, {
            width,
            ...this.#tools,
            layCell: (blocks, cellWidth) => this.lay(blocks, cellWidth),
          }),
        ];
    }
  }

  #paragraph({ inlines, heading, isCompact, isQuote, alignment }: ParagraphBlock, width: number): Content[] {
    const style = [heading ?? (isCompact ? [] : 'paragraph'), isQuote ? 'quote' : []].flat();
    // Headings have larger and bold letters, so fewer of them fit.
    const scale = heading === undefined ? 1 : headingScale(heading) * BOLD_WIDTH;
    return this.#tools.shape(inlines, { width: width / scale }).map((content): Content => {
      // Right-to-left text has its own alignment.
      return { ...(alignment !== undefined && { alignment }), ...(content as object), style } as Content;
    });
  }

  #image({ url, alt, pixels }: Extract<Block, { kind: 'image' }>, width: number): Content[] {
    const image = imageBlock(url, { maxWidth: width, pixels });
    if (image !== undefined) return [image];
    this.imagesLeftOut += 1;
    if (alt === '') return [];
    return this.#tools.shape([{ text: `[${alt}]`, italics: true }], { width });
  }

  #list({ items, numbering, isRightToLeft }: ListBlock, width: number): Content {
    const { fontSize } = this.#tools;
    const markerWidth = MARKER_WIDTH * fontSize;
    const stacks = items.map((blocks) => ({ stack: this.lay(blocks, width - markerWidth) }));
    const margin: [number, number, number, number] = [0, 0, 0, fontSize * 0.5];
    if (isRightToLeft) return { stack: stacks.map((item, at) => itemFromRight(item, at)), margin };
    if (numbering === undefined) return { ul: stacks, margin };
    const type = NUMBERINGS[numbering.type];
    return { ol: stacks, start: numbering.start, margin, ...(type !== undefined && { type }) };

    function itemFromRight({ stack }: { stack: Content[] }, at: number): Content {
      const marker = numbering === undefined ? '\u2022' : `.${numbering.start + at}`;
      return {
        columns: [
          { stack, width: '*' },
          { text: marker, width: markerWidth },
        ],
        columnGap: fontSize * 0.4,
      };
    }
  }
}

function rule(width: number): Content {
  return {
    canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 0.7, lineColor: RULE_COLOR }],
    margin: [0, 4, 0, 8],
  };
}
